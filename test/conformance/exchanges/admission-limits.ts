/** LimitRange and ResourceQuota: defaults, bounds and counts, with a quota's status written by the script. */
import type { Anything } from '#harness/kubectl.ts';
import { type AdmissionHand, asking, pod, withAccount } from './admission-hand.ts';
import type { Hand, Script } from './hand.ts';
import { configMap, service } from './samples.ts';

const range = (name: string, ...limits: readonly Anything[]): Anything => ({
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: { name },
  spec: { limits },
});

async function limitRanges(hand: Hand): Promise<void> {
  const to = await withAccount(hand);
  const pods = to.within('pods');
  await to.post(
    to.within('limitranges'),
    range('containers', {
      type: 'Container',
      default: { cpu: '500m', memory: '512Mi' },
      defaultRequest: { cpu: '100m' },
      min: { cpu: '50m' },
      max: { cpu: '1' },
      maxLimitRequestRatio: { cpu: '10' },
    }),
  );
  await to.until(403, pods, asking('waiting', { cpu: '2' }, { cpu: '2' }));
  await to.post(pods, pod('defaulted'));
  await to.post(pods, pod('partly', {}, { resources: { requests: { cpu: '200m' } } }));
  await to.post(pods, pod('init', { initContainers: [{ name: 'first', image: 'busybox:1' }] }));
  await to.post(pods, asking('small', { cpu: '10m' }, { cpu: '50m' }));
  await to.post(pods, asking('large', { cpu: '1' }, { cpu: '2' }));
  await to.post(pods, asking('huge', { cpu: '3' }, { cpu: '3' }));
  await to.post(pods, asking('ratio', { cpu: '60m' }, { cpu: '900m' }));
  await to.post(pods, asking('zero', { cpu: '0' }, { cpu: '100m' }));
  await to.remove(to.within('limitranges/containers'));
  await to.until(201, pods, asking('waiting', { cpu: '2' }, { cpu: '2' }));
  await to.post(
    to.within('limitranges'),
    range(
      'others',
      { type: 'Pod', min: { memory: '64Mi' }, max: { cpu: '2' }, maxLimitRequestRatio: { memory: '2' } },
      { type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: '10Gi' } },
    ),
  );
  await to.until(403, pods, asking('waiting', { cpu: '3' }, { cpu: '3' }));
  await to.post(pods, pod('nothing'));
  await to.post(pods, asking('fits', { cpu: '1', memory: '64Mi' }, { cpu: '1', memory: '100Mi' }));
  await to.post(pods, asking('uneven', { cpu: '1', memory: '64Mi' }, { cpu: '3', memory: '1Gi' }));
  const claim = (name: string, storage: string) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
  });
  const claims = to.within('persistentvolumeclaims');
  await to.post(claims, claim('small', '100Mi'));
  await to.post(claims, claim('large', '100Gi'));
  await to.post(claims, claim('fits', '2Gi'));
  await to.post(to.within('limitranges'), range('wrong', { type: 'Container', min: { cpu: '2' }, max: { cpu: '1' } }));
}

async function limit(to: AdmissionHand, name: string, hard: Anything, more: Anything = {}): Promise<void> {
  const quotas = to.within('resourcequotas');
  await to.post(quotas, { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name }, spec: { hard, ...more } });
  const used = Object.fromEntries(Object.keys(hard).map((each) => [each, '0']));
  await to.change(`${quotas}/${name}/status`, { status: { hard, used } });
}

async function quotas(hand: Hand): Promise<void> {
  const to = await withAccount(hand);
  const [pods, one] = [to.within('pods'), to.within('resourcequotas/compute')];
  await limit(to, 'compute', {
    'requests.cpu': '1',
    'limits.cpu': '2',
    memory: '1Gi',
    pods: '3',
    'requests.nvidia.com/gpu': '1',
  });
  await to.until(403, pods, asking('waiting', { cpu: '9', memory: '1Mi' }, { cpu: '9' }));
  await to.post(pods, pod('silent'));
  await to.post(pods, asking('half', { cpu: '500m' }));
  await to.post(pods, asking('fits', { cpu: '500m', memory: '256Mi' }, { cpu: '1' }));
  await to.read(one);
  await to.post(pods, asking('toomuch', { cpu: '600m', memory: '1Gi' }, { cpu: '1' }));
  const gpu = { cpu: '1m', memory: '1Mi', 'nvidia.com/gpu': '2' };
  await to.post(pods, asking('gpu', gpu, { cpu: '1m', 'nvidia.com/gpu': '2' }));
  await to.post(pods, asking('dry', { cpu: '100m', memory: '1Mi' }, { cpu: '100m' }), '?dryRun=All');
  await to.post(pods, asking('fits', { cpu: '100m', memory: '1Mi' }, { cpu: '100m' }), '?dryRun=All');
  await to.read(one);
  await to.remove(one);
  await to.until(201, pods, asking('waiting', { cpu: '9', memory: '1Mi' }, { cpu: '9' }));
  await limit(to, 'objects', {
    'count/configmaps': '2',
    'count/deployments.apps': '0',
    services: '2',
    'services.nodeports': '1',
    'services.loadbalancers': '0',
  });
  await to.until(403, to.within('apps/v1/deployments'), {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'waiting' },
    spec: {
      selector: { matchLabels: { a: 'b' } },
      template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'main', image: 'nginx' }] } },
    },
  });
  await hand.create(configMap('one', {}));
  await hand.create(configMap('two', {}));
  await hand.create(configMap('three', {}));
  await hand.create(service('plain'));
  await to.change(to.within('services/plain'), { spec: { type: 'LoadBalancer' } });
  await hand.create(service('many', { type: 'NodePort', ports: [80, 81].map((port) => ({ port, name: `p${port}` })) }));
  await to.read(to.within('resourcequotas/objects'));
}

async function quotaScopes(hand: Hand): Promise<void> {
  const to = await withAccount(hand);
  const pods = to.within('pods');
  const critical = [{ scopeName: 'PriorityClass', operator: 'In', values: ['system-node-critical'] }];
  await limit(to, 'best-effort', { pods: '0' }, { scopes: ['BestEffort'] });
  await limit(to, 'terminating', { pods: '0' }, { scopes: ['Terminating'] });
  await limit(to, 'critical', { pods: '0' }, { scopeSelector: { matchExpressions: critical } });
  await limit(to, 'affine', { pods: '0' }, { scopes: ['CrossNamespacePodAffinity'] });
  const term = { topologyKey: 'zone', namespaces: ['other'], labelSelector: {} };
  const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
  const some = { cpu: '1m' };
  for (const each of [
    pod('best-effort'),
    asking('terminating', some, {}, { activeDeadlineSeconds: 5 }),
    asking('critical', some, {}, { priorityClassName: 'system-node-critical' }),
    asking('affine', some, {}, { affinity }),
  ]) {
    await to.until(403, pods, each);
    await to.post(pods, each);
  }
  await to.post(pods, asking('free', some));
  const wrong = { metadata: { name: 'wrong' }, apiVersion: 'v1', kind: 'ResourceQuota' };
  const offer = (spec: Anything) => to.post(to.within('resourcequotas'), { ...wrong, spec });
  await offer({ hard: { 'requests.storage': '1' }, scopes: ['BestEffort'] });
  await offer({ hard: { pods: '1' }, scopes: ['BestEffort', 'NotBestEffort'] });
  // One at a time: a real server tells them in any order.
  await offer({ hard: { pods: '-1' } });
  await offer({ hard: { nonsense: '1' } });
  await offer({ hard: { pods: '1' }, scopes: ['Sideways'] });
  await offer({
    hard: { pods: '1' },
    scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In' }] },
  });
}

export const limitScripts: readonly Script[] = [
  { name: 'admission-limit-ranges', run: limitRanges },
  { name: 'admission-quota', run: quotas },
  { name: 'admission-quota-scopes', run: quotaScopes },
];
