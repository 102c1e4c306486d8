/** What a client does not decide: status, generated labels, allocated addresses. */
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '#kube/meta/object.ts';
import { behaviourOf, changed, stored, taken } from '../testdata/cases.ts';

const object = (apiVersion: string, kind: string, content: object, metadata: object = {}): KubeObject =>
  ({ apiVersion, kind, metadata: { name: 'a', ...metadata }, ...content }) as unknown as KubeObject;
const containers = [{ name: 'c', image: 'a' }];

describe('status', () => {
  it.each([
    ['apps/v1', 'Deployment', {}],
    ['v1', 'Service', { loadBalancer: {} }],
    ['v1', 'PersistentVolumeClaim', { phase: 'Pending' }],
    ['autoscaling/v2', 'HorizontalPodAutoscaler', { desiredReplicas: 0, currentMetrics: null }],
  ])('of a new %s %s is empty, whatever was said', (apiVersion, kind, expected) => {
    const created = taken(object(apiVersion, kind, { spec: {}, status: { observedGeneration: 7, phase: 'Bound' } }));
    expect(created).toMatchObject({ status: expected });
    expect(created).not.toHaveProperty('status.observedGeneration');
  });

  it('stays as it was when the object is updated', () => {
    const old = object('apps/v1', 'Deployment', { spec: {}, status: { replicas: 2 } });
    expect(taken(changed(old, { status: { replicas: 5 } }), old)).toMatchObject({ status: { replicas: 2 } });
  });

  it('of a new node is kept', () => {
    expect(taken(object('v1', 'Node', { status: { capacity: { cpu: '4' } } }))).toMatchObject({
      status: { capacity: { cpu: '4' }, allocatable: { cpu: '4' } },
    });
  });
});

describe('Pods', () => {
  it.each([
    ['BestEffort', {}],
    ['Burstable', { requests: { cpu: '1' } }],
    ['Burstable', { limits: { cpu: '1' } }],
    ['Burstable', { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '500m' } }],
    ['Guaranteed', { limits: { cpu: '1', memory: '1Gi' } }],
    ['Guaranteed', { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '1000m', memory: '1024Mi' } }],
  ])('are %s with %j', (qosClass, resources) => {
    const pod = object('v1', 'Pod', { spec: { containers: [{ name: 'c', image: 'a', resources }] } });
    expect(taken(pod)).toMatchObject({ status: { phase: 'Pending', qosClass } });
  });

  it('wait while they are gated', () => {
    const spec = { containers, schedulingGates: [{ name: 'example.com/wait' }] };
    const pod = object('v1', 'Pod', { spec }, { creationTimestamp: '2026-01-01T00:00:00Z' });
    expect(taken(pod)).toHaveProperty('status.conditions', [
      {
        type: 'PodScheduled',
        status: 'False',
        lastProbeTime: null,
        lastTransitionTime: '2026-01-01T00:00:00Z',
        reason: 'SchedulingGated',
        message: 'Scheduling is blocked due to non-empty scheduling gates',
      },
    ]);
  });
});

describe('Jobs', () => {
  const spec = { template: { spec: { restartPolicy: 'Never', containers } } };
  const own = {
    'batch.kubernetes.io/controller-uid': 'u1',
    'batch.kubernetes.io/job-name': 'a',
    'controller-uid': 'u1',
    'job-name': 'a',
  };

  it('are tied to their Pods by name and uid', () => {
    expect(taken(object('batch/v1', 'Job', { spec }, { uid: 'u1' }))).toMatchObject({
      metadata: { labels: own },
      spec: {
        selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': 'u1' } },
        template: { metadata: { labels: own } },
      },
    });
  });

  it('are left alone when the selector is written by hand', () => {
    const byHand = { ...spec, manualSelector: true, selector: { matchLabels: { a: 'b' } } };
    expect(taken(object('batch/v1', 'Job', { spec: byHand }, { uid: 'u1' }))).toHaveProperty(
      'spec.selector',
      byHand.selector,
    );
  });
});

describe('Services', () => {
  const old = stored(
    object('v1', 'Service', {
      spec: {
        type: 'NodePort',
        clusterIP: '10.96.0.20',
        clusterIPs: ['10.96.0.20'],
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        ports: [{ name: 'http', port: 80, nodePort: 30080 }],
      },
    }),
  );
  const updated = (spec: object): KubeObject => taken(changed(old, { spec } as never), old);

  it('keep what was allocated when a manifest does not say it', () => {
    expect(updated({ clusterIP: null, clusterIPs: null, ports: [{ name: 'http', port: 81 }] })).toMatchObject({
      spec: { clusterIP: '10.96.0.20', clusterIPs: ['10.96.0.20'], ports: [{ port: 81, nodePort: 30080 }] },
    });
  });

  it('lose their node ports as ClusterIP', () => {
    expect(updated({ type: 'ClusterIP' })).not.toHaveProperty('spec.ports[0].nodePort');
  });

  it('lose their address as ExternalName', () => {
    const { spec } = updated({ type: 'ExternalName', externalName: 'example.com' }) as unknown as { spec: object };
    const names = ['externalName', 'internalTrafficPolicy', 'ports', 'sessionAffinity', 'type'];
    expect(Object.keys(spec).sort()).toEqual(names);
  });
});

describe('other kinds', () => {
  it('namespaces carry their finalizer and their name', () => {
    expect(taken(object('v1', 'Namespace', {}))).toMatchObject({
      metadata: { labels: { 'kubernetes.io/metadata.name': 'a' } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    });
  });

  it('DaemonSets count the changes of their template', () => {
    const annotation = 'deprecated.daemonset.template.generation';
    const old = stored(object('apps/v1', 'DaemonSet', { spec: { template: { spec: { containers } } } }));
    expect(old.metadata.annotations).toEqual({ [annotation]: '1' });
    const labelled = taken(changed(old, { metadata: { labels: { a: 'b' } } }), old);
    expect(labelled.metadata.annotations).toEqual({ [annotation]: '1' });
    const other = { spec: { template: { spec: { containers: [{ name: 'c', image: 'b' }] } } } };
    expect(taken(changed(old, other), old).metadata.annotations).toEqual({ [annotation]: '2' });
  });

  it('claims name their source twice', () => {
    const dataSource = { kind: 'PersistentVolumeClaim', name: 'other' };
    const created = taken(object('v1', 'PersistentVolumeClaim', { spec: { dataSource } }));
    expect(created).toMatchObject({ spec: { dataSource, dataSourceRef: dataSource } });
    const bucket = { apiGroup: 'example.com', kind: 'Bucket', name: 'b' };
    expect(taken(object('v1', 'PersistentVolumeClaim', { spec: { dataSource: bucket } }))).not.toHaveProperty(
      'spec.dataSource',
    );
  });

  it('definitions remember the versions they stored', () => {
    const versions = [{ name: 'v1', storage: true }];
    const created = stored(object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', { spec: { versions } }));
    expect(created).toHaveProperty('status.storedVersions', ['v1']);
    const next = { spec: { versions: [{ name: 'v1' }, { name: 'v2', storage: true }] } };
    expect(taken(changed(created, next), created)).toHaveProperty('status.storedVersions', ['v1', 'v2']);
  });

  it('certificate requests do not say who asks', () => {
    const created = taken(
      object('certificates.k8s.io/v1', 'CertificateSigningRequest', { spec: { signerName: 's', username: 'root' } }),
    );
    expect(created).not.toHaveProperty('spec.username');
  });

  it('have a generation where kube-apiserver counts one', () => {
    const counts = (apiVersion: string, kind: string): unknown =>
      behaviourOf(object(apiVersion, kind, {})).hasGeneration;
    expect(counts('apps/v1', 'Deployment')).toBe(true);
    expect(counts('v1', 'Pod')).toBe(true);
    expect(counts('v1', 'ConfigMap')).toBe(false);
    expect(counts('v1', 'Service')).toBe(false);
  });
});
