import { beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, configMap, pod, refusalText, startCluster } from '../../serve.cases.ts';

const quotas = 'v1/resourcequotas/default';
const pods = 'v1/pods/default';

const asking = (name: string, requests: object, limits: object = {}, spec: object = {}) =>
  pod(name, { containers: [{ name: 'web', image: 'nginx:1.27', resources: { requests, limits } }], ...spec });

describe('quota', () => {
  let cluster: Cluster;
  /** As its controller would have counted it. */
  const limit = async (hard: Record<string, string>, more: object = {}, name = 'q') => {
    await cluster.create(quotas, { metadata: { name }, spec: { hard, ...more } });
    const used = Object.fromEntries(Object.keys(hard).map((each) => [each, '0']));
    await cluster.patch(`${quotas}/${name}/status`, 'merge', { status: { hard, used } });
  };
  const used = async (name = 'q') =>
    ((await cluster.get(`${quotas}/${name}`)).status as { readonly used: Record<string, string> }).used;

  beforeEach(async () => {
    cluster = await startCluster();
  });

  it('limits what Pods ask for, and says by how much it is too much', async () => {
    await limit({ 'requests.cpu': '1', memory: '1Gi', pods: '2' });
    await cluster.create(pods, asking('a', { cpu: '600m', memory: '256Mi' }));
    expect(await used()).toEqual({ 'requests.cpu': '600m', memory: '256Mi', pods: '1' });
    expect(await refusalText(cluster.create(pods, asking('b', { cpu: '500m', memory: '1Gi' })))).toBe(
      '403 Forbidden: pods "b" is forbidden: exceeded quota: q, requested: memory=1Gi,requests.cpu=500m, used: memory=256Mi,requests.cpu=600m, limited: memory=1Gi,requests.cpu=1',
    );
    expect(await used()).toEqual({ 'requests.cpu': '600m', memory: '256Mi', pods: '1' });
  });

  it('wants every container to say what it limits', async () => {
    await limit({ 'limits.cpu': '1', memory: '1Gi' });
    expect(await refusalText(cluster.create(pods, asking('a', { memory: '1Mi' })))).toBe(
      '403 Forbidden: pods "a" is forbidden: failed quota: q: must specify limits.cpu for: web',
    );
  });

  it('counts objects of any resource, and gives back what was not created', async () => {
    await limit({ 'count/configmaps': '2', configmaps: '5' });
    const maps = 'v1/configmaps/default';
    await cluster.create(maps, configMap('a'));
    expect(await refusalText(cluster.create(maps, configMap('a')))).toContain('409 AlreadyExists');
    expect(await used()).toEqual({ 'count/configmaps': '1', configmaps: '1' });
    await cluster.create(maps, configMap('dry'), { dryRun: true });
    await cluster.create(maps, configMap('b'));
    expect(await refusalText(cluster.create(maps, configMap('c')))).toContain(
      'exceeded quota: q, requested: count/configmaps=1, used: count/configmaps=2, limited: count/configmaps=2',
    );
    expect(await used()).toEqual({ 'count/configmaps': '2', configmaps: '2' });
  });

  it('is charged once for each of many that come together', async () => {
    await limit({ 'count/configmaps': '20' });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, (_, n) => cluster.create('v1/configmaps/default', configMap(`m${n}`))),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
    expect(await used()).toEqual({ 'count/configmaps': '20' });
    expect((await cluster.list('v1/configmaps/default')).items).toHaveLength(20);
  });

  it('is charged by all quotas or by none', async () => {
    await limit({ pods: '5' }, {}, 'wide');
    await limit({ pods: '0' }, {}, 'zero');
    expect(await refusalText(cluster.create(pods, pod('a')))).toContain('exceeded quota: zero');
    expect(await used('wide')).toEqual({ pods: '0' });
  });

  it('speaks of Pods in its scopes only', async () => {
    await limit({ pods: '0' }, { scopes: ['BestEffort'] }, 'best-effort');
    await limit({ pods: '0' }, { scopes: ['Terminating'] }, 'terminating');
    const scopeSelector = {
      matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['system-node-critical'] }],
    };
    await limit({ pods: '0' }, { scopeSelector }, 'critical');
    await limit({ pods: '0' }, { scopes: ['CrossNamespacePodAffinity'] }, 'affine');
    await cluster.create(pods, asking('a', { cpu: '1' }));
    const tried = (object: object) => refusalText(cluster.create(pods, object));
    expect(await tried(pod('b'))).toContain('exceeded quota: best-effort');
    expect(await tried(asking('c', { cpu: '1' }, {}, { activeDeadlineSeconds: 1 }))).toContain('quota: terminating');
    const critical = { priorityClassName: 'system-node-critical' };
    expect(await tried(asking('d', { cpu: '1' }, {}, critical))).toContain('quota: critical');
    const term = { topologyKey: 'zone', namespaces: ['other'], labelSelector: {} };
    const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
    expect(await tried(asking('e', { cpu: '1' }, {}, { affinity }))).toContain('exceeded quota: affine');
  });

  it('follows a Service that becomes more', async () => {
    await limit({ services: '1', 'services.nodeports': '1', 'services.loadbalancers': '0' });
    const service = { metadata: { name: 's' }, spec: { ports: [{ port: 80 }], selector: { a: 'b' } } };
    await cluster.create('v1/services/default', service);
    await cluster.patch('v1/services/default/s', 'merge', { spec: { type: 'NodePort' } });
    expect(await used()).toMatchObject({ services: '1', 'services.nodeports': '1' });
    const two = { spec: { ports: [80, 81].map((port) => ({ port, name: `p${port}` })) } };
    expect(await refusalText(cluster.patch('v1/services/default/s', 'merge', two))).toContain(
      'exceeded quota: q, requested: services.nodeports=1, used: services.nodeports=1, limited: services.nodeports=1',
    );
  });

  it('limits storage, also by its class', async () => {
    const gold = 'gold.storageclass.storage.k8s.io';
    await limit({ 'requests.storage': '10Gi', [`${gold}/requests.storage`]: '1Gi', persistentvolumeclaims: '3' });
    const claim = (name: string, storage: string, storageClassName: string) => ({
      metadata: { name },
      spec: { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage } } },
    });
    const claims = 'v1/persistentvolumeclaims/default';
    await cluster.create(claims, claim('a', '5Gi', 'silver'));
    expect(await refusalText(cluster.create(claims, claim('b', '2Gi', 'gold')))).toContain(
      `exceeded quota: q, requested: ${gold}/requests.storage=2Gi, used: ${gold}/requests.storage=0, limited: ${gold}/requests.storage=1Gi`,
    );
    expect(await used()).toMatchObject({ 'requests.storage': '5Gi', persistentvolumeclaims: '1' });
  });

  it('that nobody has counted lets nothing pass', async () => {
    await cluster.create(quotas, { metadata: { name: 'q' }, spec: { hard: { pods: '1' } } });
    await cluster.patch(`${quotas}/q/status`, 'merge', { status: { hard: { pods: '1' } } });
    expect(await refusalText(cluster.create(pods, pod('a')))).toContain('status unknown for quota: q, resources: pods');
  });
});
