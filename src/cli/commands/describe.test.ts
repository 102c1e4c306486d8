import { beforeAll, describe, expect, it } from 'vitest';
import { Deployments, EndpointSlices, Events, Pods, ReplicaSets } from '#apis/kubernetes/types.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { parseYamlDocuments } from '#kube/yaml/yaml.ts';
import { deploymentAndService, migratePolicy } from '../seed.cases.ts';
import { clientOf, flotilla, kubectl, needsKubectl, printed } from '../served.cases.ts';

/** A Pod template with a bit of everything that is shown. */
const rich = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: rich
  annotations:
    deployment.kubernetes.io/revision: "2"
    long: ${'x'.repeat(200)}
    lines: "one\\ntwo"
spec:
  selector: {matchLabels: {app: rich}}
  strategy: {type: Recreate}
  template:
    metadata:
      labels: {app: rich, tier: back}
      annotations: {note: hello}
    spec:
      serviceAccountName: robot
      nodeSelector: {disk: ssd}
      tolerations:
      - {key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 300}
      - {key: b, value: c, effect: NoSchedule}
      initContainers:
      - {name: first, image: busybox, command: [sh, -c, "echo a\\necho b"]}
      containers:
      - name: main
        image: nginx
        args: [--a, --b]
        ports: [{containerPort: 80}, {containerPort: 443, hostPort: 443, protocol: TCP}]
        env:
        - {name: PLAIN, value: text}
        - {name: SECRET, valueFrom: {secretKeyRef: {name: s, key: k}}}
        - {name: CONFIG, valueFrom: {configMapKeyRef: {name: c, key: k, optional: true}}}
        - {name: FIELD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
        envFrom:
        - {prefix: P_, configMapRef: {name: c}}
        - {secretRef: {name: s, optional: true}}
        resources: {limits: {memory: 1Gi, cpu: "1"}, requests: {cpu: 100m}}
        livenessProbe: {httpGet: {path: /healthz, port: 80}, initialDelaySeconds: 3}
        readinessProbe: {exec: {command: [cat, /ready]}}
        startupProbe: {tcpSocket: {port: 80}}
        volumeMounts:
        - {name: data, mountPath: /data}
        - {name: conf, mountPath: /conf, readOnly: true, subPath: a}
      volumes:
      - {name: data, emptyDir: {}}
      - {name: conf, configMap: {name: c}}
      - {name: secret, secret: {secretName: s, optional: true}}
      - {name: host, hostPath: {path: /tmp, type: Directory}}
      - {name: claim, persistentVolumeClaim: {claimName: pvc}}
`;

const control = () => clientOf('karmada-apiserver');

const make = (ref: Parameters<ReturnType<typeof clientOf>['resource']>[0], object: object) =>
  control()
    .resource<KubeObject>(ref)
    .create(object as KubeObject);

beforeAll(async () => {
  await printed('apply -f -', { input: deploymentAndService });
  await printed('apply -f -', { input: migratePolicy });
  await make(Deployments, {
    ...(parseYamlDocuments(rich)[0] as object),
    metadata: { ...(parseYamlDocuments(rich)[0] as unknown as KubeObject).metadata, namespace: 'default' },
  });
  const deployment = await control().resource(Deployments).get({ namespace: 'default', name: 'rich' });
  const { uid = '' } = deployment.metadata;
  const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'rich', uid, controller: true };
  for (const [name, revision, replicas] of [
    ['rich-old', '1', 0],
    ['rich-new', '2', 1],
  ] as const) {
    await make(ReplicaSets, {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        namespace: 'default',
        name,
        annotations: { 'deployment.kubernetes.io/revision': revision },
        labels: deployment.spec!.template.metadata!.labels,
        ownerReferences: [owner],
      },
      spec: { replicas, selector: deployment.spec!.selector, template: deployment.spec!.template },
    });
  }
  const status = { conditions: [{ type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' }] };
  await control()
    .resource(Deployments)
    .patch({ namespace: 'default', name: 'rich' }, 'merge', { status }, { subresource: 'status' });
  const events = [
    { reason: 'First', count: 3, firstTimestamp: ago(600), lastTimestamp: ago(30) },
    { reason: 'Second', count: 1, firstTimestamp: ago(0), lastTimestamp: ago(0) },
  ];
  for (const event of events) {
    await make(Events, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { namespace: 'default', name: `rich.${event.reason.toLowerCase()}` },
      involvedObject: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'rich', uid },
      type: 'Normal',
      message: `${event.reason} thing happened `,
      source: { component: 'test' },
      ...event,
    });
  }
  await make(EndpointSlices, {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace: 'default', name: 'nginx-svc-1', labels: { 'kubernetes.io/service-name': 'nginx-svc' } },
    addressType: 'IPv4',
    ports: [{ name: '', port: 80, protocol: 'TCP' }],
    endpoints: ['1', '2', '3', '4'].map((last) => ({ addresses: [`10.0.0.${last}`], conditions: { ready: true } })),
  });
  await makePod();
});

/** Ten hours back and more: clients count from a clock of their own. */
const ago = (seconds: number) => `${new Date(Date.now() - (10 * 3600 + seconds) * 1000).toISOString().slice(0, 19)}Z`;

async function makePod(): Promise<void> {
  const namespace = 'default';
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name: 'web-1', labels: { app: 'web' } },
    spec: {
      nodeName: 'node1',
      containers: [
        { name: 'main', image: 'nginx' },
        { name: 'side', image: 'busybox' },
      ],
    },
  };
  await make(Pods, pod);
  const started = ago(60);
  const status = {
    phase: 'Running',
    podIP: '10.1.0.5',
    podIPs: [{ ip: '10.1.0.5' }],
    hostIP: '192.168.0.1',
    qosClass: 'BestEffort',
    startTime: started,
    conditions: [{ type: 'Ready', status: 'False' }],
    containerStatuses: [
      {
        name: 'main',
        ready: true,
        restartCount: 1,
        image: 'nginx',
        imageID: 'sha256:1',
        containerID: 'c://1',
        state: { running: { startedAt: started } },
        lastState: { terminated: { exitCode: 1, reason: 'Error', startedAt: started, finishedAt: started } },
      },
      {
        name: 'side',
        ready: false,
        restartCount: 0,
        image: 'busybox',
        imageID: '',
        state: { waiting: { reason: 'ImagePullBackOff' } },
      },
    ],
  };
  await control().resource(Pods).patch({ namespace, name: 'web-1' }, 'merge', { status }, { subresource: 'status' });
}

describe('describe, held against kubectl', () => {
  it.for([
    'describe deploy nginx-deploy',
    'describe deploy rich',
    'describe deploy',
    'describe svc nginx-svc',
    'describe pod web-1',
    'describe pod web',
    'describe pods -l app=none',
    'describe pp migrate-pp',
    'describe cm -n nowhere',
    'describe deploy nope',
    'describe foo',
    'describe deploy/rich svc/nginx-svc',
  ])('kubectl %s', async (words, context) => {
    await needsKubectl(context);
    const [theirs, ours] = await Promise.all([kubectl(words), flotilla(words)]);
    expect(ours).toEqual(theirs);
  });
});
