/** What is refused, and in which words: what may not change, and what may not be. */
import type { Hand, Script } from './hand.ts';
import { configMap, deployment, object, service } from './samples.ts';

async function immutable(hand: Hand): Promise<void> {
  await hand.create(deployment('fixed'));
  await hand.patch(deployment('fixed'), 'merge', { spec: { selector: { matchLabels: { app: 'other' } } } });
  await hand.apply(deployment('fixed', { selector: { matchLabels: { app: 'other' } } }), 'one', 'force=true');
  await hand.patch(deployment('fixed'), 'merge', { spec: { template: { metadata: { labels: { app: 'other' } } } } });
  await hand.create(service('fixed', { clusterIP: 'None' }));
  await hand.patch(service('fixed'), 'merge', { spec: { clusterIP: '10.96.0.77', clusterIPs: ['10.96.0.77'] } });
  await hand.patch(service('fixed'), 'merge', { spec: { ports: [] } });
  await hand.create({ ...configMap('fixed', { a: '1' }), immutable: true });
  await hand.patch(configMap('fixed', {}), 'merge', { data: { a: '2' } });
  await hand.patch(configMap('fixed', {}), 'merge', { immutable: false });
  await hand.patch(configMap('fixed', {}), 'merge', { metadata: { labels: { a: '1' } } });
  await hand.create(object('v1', 'Secret', 'fixed', { type: 'Opaque', data: { a: 'MQ==' } }));
  await hand.patch(object('v1', 'Secret', 'fixed'), 'merge', { type: 'other' });
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox:1' }] } };
  await hand.create(object('batch/v1', 'Job', 'fixed', { spec: { template, completions: 2 } }));
  await hand.patch(object('batch/v1', 'Job', 'fixed'), 'merge', { spec: { completions: 3 } });
  const stateful = {
    serviceName: 'fixed',
    selector: { matchLabels: { app: 'fixed' } },
    template: { metadata: { labels: { app: 'fixed' } }, spec: { containers: [{ name: 'main', image: 'busybox:1' }] } },
  };
  await hand.create(object('apps/v1', 'StatefulSet', 'fixed', { spec: stateful }));
  await hand.patch(object('apps/v1', 'StatefulSet', 'fixed'), 'merge', { spec: { serviceName: 'other' } });
  await hand.patch(object('apps/v1', 'StatefulSet', 'fixed'), 'merge', { spec: { replicas: 2 } });
  const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
  await hand.create(object('v1', 'PersistentVolumeClaim', 'fixed', { spec: claim }));
  await hand.patch(object('v1', 'PersistentVolumeClaim', 'fixed'), 'merge', {
    spec: { accessModes: ['ReadWriteMany'] },
  });
  const role = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'role' };
  await hand.create(object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'fixed', { roleRef: role }));
  await hand.patch(object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'fixed'), 'merge', {
    roleRef: { name: 'other' },
  });
  await hand.patch(configMap('fixed', {}), 'merge', { metadata: { creationTimestamp: '2001-01-01T00:00:00Z' } });
  await hand.patch(configMap('fixed', {}), 'merge', { metadata: { namespace: 'elsewhere' } });
}

async function renamed(hand: Hand): Promise<void> {
  const map = configMap('named', { a: '1' });
  await hand.create(map);
  await hand.patch(map, 'merge', { metadata: { labels: { 'a b': '1' } } });
  await hand.patch(map, 'merge', { metadata: { annotations: { 'a b': '1' } } });
  await hand.patch(map, 'merge', { metadata: { name: 'other' } });
  await hand.patch(map, 'merge', { metadata: { generateName: 'x', generation: 9, selfLink: '/x' } });
  await hand.update({ ...map, metadata: { name: 'named', namespace: 'elsewhere' } });
  await hand.update({ ...map, metadata: {} });
  await hand.update({ ...map, kind: 'Secret' });
  await hand.apply({ ...map, metadata: { name: 'named', labels: { 'a b': '1' } } }, 'one');
  await hand.apply({ ...map, metadata: { name: 'named', ownerReferences: [{ name: 'x' }] } }, 'one');
  await hand.apply(map, '');
  await hand.patch(deployment('named'), 'strategic', { metadata: { labels: { a: 1 } } });
  await hand.create(deployment('named'));
  await hand.patch(deployment('named'), 'strategic', { metadata: { labels: { a: 1 } } });
  await hand.patch(deployment('named'), 'strategic', {
    spec: { paused: 'yes', template: { spec: { securityContext: 'x' } } },
  });
  await hand.patch(deployment('named'), 'strategic', { spec: { selector: { matchLabels: 'x' } } });
  await hand.patch(deployment('named'), 'merge', { spec: { replicas: 'many' } });
  await hand.apply(deployment('named', { replicas: 1.5 }), 'one');
  await hand.apply(deployment('named', {}, { resources: { limits: { cpu: 'many' } } }), 'one');
}

async function wrong(hand: Hand): Promise<void> {
  const create = (spec: object, container: object = {}) => hand.create(deployment('wrong', spec, container));
  await create({ replicas: -1 });
  await create({ replicas: '1' });
  await create({ selector: undefined });
  await create({ selector: { matchLabels: { app: 'other' } } });
  await create({ template: undefined });
  await create({ strategy: { type: 'Sideways' } });
  await create({ strategy: { type: 'Recreate', rollingUpdate: {} } });
  await create({}, { image: undefined });
  await create({}, { image: ' ' });
  await create({}, { name: 'Main_1' });
  await create({}, { imagePullPolicy: 'Sometimes' });
  await create({}, { ports: [{ containerPort: 0 }, { containerPort: 70_000, protocol: 'ICMP' }] });
  await create(
    {},
    {
      ports: [
        { containerPort: 80, name: 'a_b' },
        { containerPort: 81, name: 'x' },
        { containerPort: 82, name: 'x' },
      ],
    },
  );
  await create(
    {},
    { env: [{ name: '' }, { name: 'A', value: '1', valueFrom: { fieldRef: { fieldPath: 'spec.nothing' } } }] },
  );
  await create({}, { resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } });
  await create({}, { resources: { requests: { cpu: 'many' } } });
  await create({}, { livenessProbe: { periodSeconds: -1 } });
  await create({}, { livenessProbe: { httpGet: { port: 80 }, tcpSocket: { port: 80 } } });
  await create({}, { volumeMounts: [{ name: 'nowhere', mountPath: '/x' }] });
  await create({}, { env: 'A=1' });
  const twin = deployment('wrong');
  twin.spec.template.spec.containers.push({ name: 'main', image: 'x' });
  await hand.create(twin);
  await hand.create({ ...deployment('wrong'), metadata: { name: 'Wrong_Name', labels: { 'a b': 'c d' } } });
  await hand.create({ ...deployment('wrong'), metadata: { name: 'wrong', annotations: { a: 1 } } });
  await hand.create({ ...deployment('wrong'), metadata: { name: 'wrong', namespace: 'elsewhere' } });
  await hand.create({ ...deployment('wrong'), metadata: {} });
  await hand.create({ ...deployment('wrong'), kind: 'DaemonSet' }, 'one', 'x=1');
  await hand.create({ ...deployment('wrong'), metadata: { name: 'wrong', resourceVersion: '1' } });
  await hand.create(
    { ...deployment('wrong', { unknown: 1 }), metadata: { name: 'wrong' } },
    'one',
    'fieldValidation=Strict',
  );
  await hand.create(deployment('wrong'), 'one', 'dryRun=Some');
  await hand.create(deployment('wrong'), 'x'.repeat(129));
  await hand.create(service('wrong', { ports: [{ port: 0 }] }));
  await hand.create(service('wrong', { ports: [{ port: 80 }, { port: 81 }] }));
  await hand.create(service('wrong', { type: 'Sideways' }));
  await hand.create(service('wrong', { clusterIP: 'nowhere' }));
  await hand.create(service('wrong', { type: 'ExternalName' }));
  await hand.create(service('wrong', { type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] }));
  await hand.create(configMap('wrong', { 'a b': '1' }));
  await hand.create({ ...configMap('wrong', { a: '1' }), binaryData: { a: 'AAE=' } });
  await hand.create({ ...configMap('wrong', {}), binaryData: { a: 'not base64' } });
  await hand.create(object('v1', 'Secret', 'wrong', { type: 'kubernetes.io/tls', data: { 'tls.crt': '' } }));
  await hand.create(
    object('batch/v1', 'CronJob', 'wrong', {
      spec: { schedule: 'often', jobTemplate: { spec: { template: { spec: { containers: [] } } } } },
    }),
  );
}

export const refusalScripts: readonly Script[] = [
  { name: 'immutable', run: immutable },
  { name: 'renamed', run: renamed },
  { name: 'wrong', run: wrong },
];
