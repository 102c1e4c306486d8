import { beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, pod, refusalText, startCluster } from '../../serve.cases.ts';

const pods = 'v1/pods/default';
const specOf = (object: object) => (object as { spec: Record<string, never> }).spec as Record<string, unknown>;

describe('built-in admission', () => {
  let cluster: Cluster;
  beforeEach(async () => {
    cluster = await startCluster({ disabledAdmission: [] });
    await cluster.create('v1/serviceaccounts/default', { metadata: { name: 'default' } });
  });
  const specAfter = async (spec: object = {}) => specOf(await cluster.create(pods, pod('a', spec), { dryRun: true }));

  it('makes the Pod a real member shows', async () => {
    const spec = await specAfter();
    expect(spec).toMatchObject({
      preemptionPolicy: 'PreemptLowerPriority',
      priority: 0,
      serviceAccount: 'default',
      serviceAccountName: 'default',
      tolerations: [
        { effect: 'NoExecute', key: 'node.kubernetes.io/not-ready', operator: 'Exists', tolerationSeconds: 300 },
        { effect: 'NoExecute', key: 'node.kubernetes.io/unreachable', operator: 'Exists', tolerationSeconds: 300 },
      ],
    });
    const [volume] = spec.volumes as { name: string }[];
    expect(volume).toEqual({
      name: expect.stringMatching(/^kube-api-access-.{5}$/),
      projected: {
        defaultMode: 420,
        sources: [
          { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
          { configMap: { items: [{ key: 'ca.crt', path: 'ca.crt' }], name: 'kube-root-ca.crt' } },
          {
            downwardAPI: {
              items: [{ fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' }, path: 'namespace' }],
            },
          },
        ],
      },
    });
    expect(spec.containers).toMatchObject([
      {
        volumeMounts: [
          { mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', name: volume?.name, readOnly: true },
        ],
      },
    ]);
  });

  it('does not own what it adds in the name of the client', async () => {
    const { metadata } = await cluster.create(pods, pod('a'));
    const fields = JSON.stringify(metadata.managedFields);
    expect(fields).toContain('f:containers');
    for (const added of ['f:tolerations', 'f:serviceAccountName', 'f:priority', 'f:volumes'])
      expect(fields).not.toContain(added);
  });

  it('ServiceAccount: refuses accounts that are not there, and mounts no token that is not wanted', async () => {
    expect(await refusalText(cluster.create(pods, pod('a', { serviceAccountName: 'no' })))).toBe(
      '403 Forbidden: pods "a" is forbidden: error looking up service account default/no: serviceaccount "no" not found',
    );
    expect(await specAfter({ automountServiceAccountToken: false })).not.toHaveProperty('volumes');
    const account = {
      metadata: { name: 'bare' },
      automountServiceAccountToken: false,
      imagePullSecrets: [{ name: 's' }],
    };
    await cluster.create('v1/serviceaccounts/default', account);
    const bare = await specAfter({ serviceAccountName: 'bare' });
    expect(bare).not.toHaveProperty('volumes');
    expect(bare.imagePullSecrets).toEqual([{ name: 's' }]);
  });

  it('DefaultTolerationSeconds: leaves what is tolerated already', async () => {
    const own = { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 };
    expect((await specAfter({ tolerations: [own] })).tolerations).toMatchObject([
      own,
      { key: 'node.kubernetes.io/unreachable' },
    ]);
    const everything = { operator: 'Exists' };
    expect((await specAfter({ tolerations: [everything] })).tolerations).toEqual([everything]);
  });

  it('Priority: turns a class into a number', async () => {
    expect(await specAfter({ priorityClassName: 'system-cluster-critical' })).toMatchObject({
      priority: 2_000_000_000,
    });
    expect(await refusalText(cluster.create(pods, pod('a', { priorityClassName: 'no' })))).toBe(
      '403 Forbidden: pods "a" is forbidden: no PriorityClass with name no was found',
    );
    expect(await refusalText(cluster.create(pods, pod('a', { priority: 7 })))).toBe(
      '403 Forbidden: pods "a" is forbidden: the integer value of priority (7) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name',
    );
    const classes = 'scheduling.k8s.io/v1/priorityclasses';
    await cluster.create(classes, {
      metadata: { name: 'usual' },
      value: 10,
      globalDefault: true,
      preemptionPolicy: 'Never',
    });
    expect(await specAfter()).toMatchObject({ priorityClassName: 'usual', priority: 10, preemptionPolicy: 'Never' });
  });

  it('LimitRanger: fills in and bounds what containers ask for', async () => {
    const limit = {
      type: 'Container',
      default: { cpu: '500m' },
      defaultRequest: { cpu: '100m' },
      min: { cpu: '50m' },
      max: { cpu: '1' },
    };
    await cluster.create('v1/limitranges/default', { metadata: { name: 'l' }, spec: { limits: [limit] } });
    const created = await cluster.create(pods, pod('a'), { dryRun: true });
    expect(specOf(created).containers).toMatchObject([
      { resources: { limits: { cpu: '500m' }, requests: { cpu: '100m' } } },
    ]);
    expect(created.metadata.annotations).toEqual({
      'kubernetes.io/limit-ranger':
        'LimitRanger plugin set: cpu request for container web; cpu limit for container web',
    });
    const asking = (resources: object) => pod('a', { containers: [{ name: 'web', image: 'x', resources }] });
    expect(await refusalText(cluster.create(pods, asking({ requests: { cpu: '10m' } })))).toBe(
      '403 Forbidden: pods "a" is forbidden: minimum cpu usage per Container is 50m, but request is 10m',
    );
    expect(await refusalText(cluster.create(pods, asking({ limits: { cpu: '2' } })))).toBe(
      '403 Forbidden: pods "a" is forbidden: maximum cpu usage per Container is 1, but limit is 2',
    );
  });

  it('DefaultStorageClass: the newest default class, unless another or none is asked for', async () => {
    const classes = 'storage.k8s.io/v1/storageclasses';
    const storageClass = (name: string) => ({
      metadata: { name, annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      provisioner: 'example.com/x',
    });
    const claim = (spec: object = {}) => ({
      metadata: { name: 'c' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
    });
    const chosen = async (spec?: object) =>
      specOf(await cluster.create('v1/persistentvolumeclaims/default', claim(spec), { dryRun: true })).storageClassName;
    expect(await chosen()).toBeUndefined();
    await cluster.create(classes, storageClass('old'));
    await cluster.clock.advance(60_000);
    await cluster.create(classes, storageClass('new'));
    expect(await chosen()).toBe('new');
    expect(await chosen({ storageClassName: 'old' })).toBe('old');
    expect(await chosen({ storageClassName: '' })).toBe('');
  });
});
