/** Lists: pages, versions, selectors, and what is refused; and objects deleted together. */
import type { Anything } from '#harness/kubectl.ts';
import type { Hand, Script } from './hand.ts';
import { configMap, object } from './samples.ts';

/** A version that no server reaches. */
const future = '99999999999';

const maps = (hand: Hand) => `/api/v1/namespaces/${hand.namespace}/configmaps`;
const ask = (hand: Hand, path: string, accept?: string) =>
  hand.ask({ method: 'GET', path, ...(accept ? { accept } : {}) });
const list = async (hand: Hand, query: string): Promise<Anything> =>
  (await ask(hand, `${maps(hand)}?${query}`)).body as Anything;

async function some(hand: Hand, count: number): Promise<readonly Anything[]> {
  const made: Anything[] = [];
  for (let index = 0; index < count; index++) {
    const labels = { index: String(index), half: index % 2 === 0 ? 'even' : 'odd' };
    made.push(await hand.create(configMap(`map-${String.fromCharCode(97 + ((index * 7) % 26))}`, {}, { labels })));
  }
  return made;
}

async function pages(hand: Hand): Promise<void> {
  await some(hand, 5);
  const first = await list(hand, 'limit=2');
  await hand.create(configMap('map-between', {}));
  await hand.delete(configMap('map-o', {}));
  const second = await list(hand, `limit=2&continue=${encodeURIComponent(first.metadata.continue)}`);
  await list(hand, `limit=2&continue=${encodeURIComponent(second.metadata.continue)}`);
  await list(hand, `continue=${encodeURIComponent(first.metadata.continue)}`);
  await list(hand, 'limit=2&labelSelector=half%3Deven');
  await list(hand, 'limit=100');
  await list(hand, 'limit=0');
  await list(hand, 'limit=-1');
  await list(hand, 'limit=x');
  await list(hand, 'limit=2&continue=x');
  await list(hand, 'continue=eyJ2IjoibWV0YS5rOHMuaW8vdjAiLCJydiI6MSwic3RhcnQiOiJhIn0');
  await list(hand, 'continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MCwic3RhcnQiOiJhIn0');
  await list(hand, 'continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiIifQ');
  await list(hand, `limit=2&resourceVersion=1&continue=${encodeURIComponent(first.metadata.continue)}`);
  await list(hand, `limit=2&resourceVersion=0&continue=${encodeURIComponent(first.metadata.continue)}`);
  const match = 'resourceVersionMatch=NotOlderThan';
  await list(hand, `limit=2&${match}&continue=${encodeURIComponent(first.metadata.continue)}`);
  await ask(hand, `${maps(hand)}?limit=2`, 'application/json;as=Table;v=v1;g=meta.k8s.io');
  await ask(hand, `${maps(hand)}?limit=2`, 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io');
  await ask(hand, `${maps(hand)}?limit=2`, 'application/vnd.kubernetes.protobuf');
}

async function versions(hand: Hand): Promise<void> {
  const [first, second] = await some(hand, 2);
  const older = first!.metadata.resourceVersion;
  const newer = second!.metadata.resourceVersion;
  await list(hand, 'resourceVersion=0');
  await list(hand, `resourceVersion=${older}`);
  await list(hand, `resourceVersion=${older}&resourceVersionMatch=Exact`);
  await list(hand, `resourceVersion=${older}&resourceVersionMatch=NotOlderThan`);
  await list(hand, `resourceVersion=${older}&limit=1`);
  await list(hand, `resourceVersion=${older}&limit=1&resourceVersionMatch=NotOlderThan`);
  await list(hand, `resourceVersion=${older}&limit=1&resourceVersionMatch=Exact`);
  await list(hand, `resourceVersion=${newer}&resourceVersionMatch=Exact`);
  await list(hand, 'resourceVersion=0&limit=1');
  await list(hand, 'resourceVersion=0&resourceVersionMatch=Exact');
  await list(hand, 'resourceVersion=0&resourceVersionMatch=NotOlderThan');
  await list(hand, 'resourceVersionMatch=Exact');
  await list(hand, 'resourceVersionMatch=NotOlderThan');
  await list(hand, 'resourceVersion=1&resourceVersionMatch=Sideways');
  await list(hand, 'resourceVersionMatch=Sideways');
  await list(hand, 'resourceVersion=x');
  await list(hand, 'resourceVersion=-1');
  await list(hand, 'sendInitialEvents=true');
  await list(hand, 'sendInitialEvents=false&resourceVersionMatch=NotOlderThan&resourceVersion=1');
  await list(hand, `resourceVersion=${future}`);
  await list(hand, `resourceVersion=${future}&resourceVersionMatch=Exact`);
  await list(hand, 'allowWatchBookmarks=true');
  await list(hand, 'allowWatchBookmarks=maybe');
  await list(hand, 'timeoutSeconds=x');
  const one = `${maps(hand)}/${first!.metadata.name}`;
  await ask(hand, `${one}?resourceVersion=0`);
  await ask(hand, `${one}?resourceVersion=${older}`);
  await ask(hand, `${one}?resourceVersion=${future}`);
  await ask(hand, `${one}?resourceVersion=x`);
  await ask(hand, `${maps(hand)}/missing?resourceVersion=0`);
}

const labelSelectors = [
  'half=even',
  'half==even',
  'half!=even',
  'half in (even,odd)',
  'half in(even)',
  'half notin (even)',
  'half',
  '!half',
  'index>2',
  'index<2',
  'index gt 2',
  'half=',
  'half in ()',
  'half in (even,)',
  'half=even,index!=0',
  ' half = even , index ',
  'a/b/c=d',
  'half=a b',
  'half=UPPER',
  'half=-x',
  '=x',
  'half=even,',
  ',',
  '!',
  'half in even',
  'half in (even',
  'index>x',
  'x'.repeat(64),
  `half=${'x'.repeat(64)}`,
  'half notin',
  'half===even',
  '(half)',
  'a.example.com/b',
  'A_.example.com/b',
];

const fieldSelectors = [
  'metadata.name=map-a',
  'metadata.name==map-a',
  'metadata.name!=map-a',
  'metadata.name=map-a,metadata.namespace=elsewhere',
  'metadata.namespace!=elsewhere',
  'metadata.name=',
  'metadata.name',
  'metadata.name>a',
  'spec.nodeName=x',
  'metadata.labels=x',
  '=x',
  'metadata.name in (a)',
  'metadata.name=a\\,b',
  'metadata.name=a\\b',
  'metadata.name=map-a,',
  ',',
];

async function selectors(hand: Hand): Promise<void> {
  await some(hand, 4);
  for (const selector of labelSelectors)
    await ask(hand, `${maps(hand)}?labelSelector=${encodeURIComponent(selector)}`, partial);
  for (const selector of fieldSelectors)
    await ask(hand, `${maps(hand)}?fieldSelector=${encodeURIComponent(selector)}`, partial);
  await ask(
    hand,
    `/api/v1/configmaps?labelSelector=${encodeURIComponent('index=1,half=odd')}&fieldSelector=metadata.namespace%3D${hand.namespace}`,
  );
  await ask(hand, `${maps(hand)}/map-a?labelSelector=x%3Dy`);
}

const partial = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';

/** Which fields each kind can be selected by. */
async function fields(hand: Hand): Promise<void> {
  const offered: Readonly<Record<string, readonly string[]>> = {
    '/api/v1/pods': [
      'spec.nodeName',
      'spec.restartPolicy',
      'spec.schedulerName',
      'spec.serviceAccountName',
      'spec.hostNetwork',
      'status.phase',
      'status.podIP',
      'status.podIPs',
      'status.nominatedNodeName',
      'spec.replicas',
    ],
    '/api/v1/nodes': ['spec.unschedulable', 'spec.providerID'],
    '/api/v1/replicationcontrollers': ['status.replicas', 'spec.replicas'],
    '/api/v1/events': [
      'involvedObject.kind',
      'involvedObject.namespace',
      'involvedObject.name',
      'involvedObject.uid',
      'involvedObject.apiVersion',
      'involvedObject.resourceVersion',
      'involvedObject.fieldPath',
      'reason',
      'reportingComponent',
      'source',
      'type',
      'message',
    ],
    '/apis/events.k8s.io/v1/events': [
      'regarding.kind',
      'involvedObject.kind',
      'reason',
      'reportingController',
      'reportingComponent',
      'type',
      'note',
    ],
    '/api/v1/namespaces': ['status.phase', 'name', 'metadata.name'],
    '/api/v1/secrets': ['type', 'data'],
    '/api/v1/services': ['spec.clusterIP', 'spec.type', 'spec.ports'],
    '/apis/apps/v1/replicasets': ['status.replicas'],
    '/apis/apps/v1/deployments': ['status.replicas'],
    '/apis/batch/v1/jobs': ['status.successful', 'status.active'],
    '/apis/batch/v1/cronjobs': ['status.successful'],
    '/apis/certificates.k8s.io/v1/certificatesigningrequests': ['spec.signerName', 'spec.username'],
    '/apis/resource.k8s.io/v1/resourceslices': ['spec.nodeName', 'spec.driver', 'spec.pool'],
  };
  for (const [path, names] of Object.entries(offered))
    for (const name of names) await ask(hand, `${path}?fieldSelector=${name}%3Dnothing-like-it`, partial);
}

async function together(hand: Hand): Promise<void> {
  const remove = (query: string, body?: Anything) =>
    hand.ask({ method: 'DELETE', path: `${maps(hand)}${query}`, ...(body ? { type: 'application/json', body } : {}) });
  await some(hand, 6);
  await hand.create(configMap('held', {}, { labels: { half: 'held' }, finalizers: ['example.com/wait'] }));
  await remove('?labelSelector=half%3Deven&dryRun=All');
  await remove('?labelSelector=half%3Deven');
  await remove('?fieldSelector=metadata.name%3Dmap-h');
  await remove('?labelSelector=half%3Dheld', { propagationPolicy: 'Foreground' });
  await remove('?limit=1');
  await list(hand, '');
  await remove('?labelSelector=(');
  await remove('?resourceVersion=x');
  await remove('', { preconditions: { uid: '11111111-1111-4111-8111-111111111111' } });
  await remove('?propagationPolicy=Sideways');
  await remove('', { kind: 'Other', apiVersion: 'v1' });
  await remove('?gracePeriodSeconds=x');
  await list(hand, '');
}

async function deletions(hand: Hand): Promise<void> {
  const path = `${maps(hand)}/gone`;
  const remove = (query: string, body?: Anything, type = 'application/json') =>
    hand.ask({ method: 'DELETE', path: path + query, ...(body === undefined ? {} : { type, body }) });
  const raw = (text: string, type = 'application/json') => hand.ask({ method: 'DELETE', path, type, raw: text });
  await hand.create(configMap('gone', {}));
  await remove('?propagationPolicy=Sideways');
  await remove('?propagationPolicy=Orphan&orphanDependents=true');
  await remove('?gracePeriodSeconds=x');
  await remove('?dryRun=Some');
  await remove('', { dryRun: ['All', 'Some'] });
  await remove('', { orphanDependents: true, propagationPolicy: 'Background' });
  await remove('', { gracePeriodSeconds: 'x' });
  await remove('', { gracePeriodSeconds: 1.5 });
  await remove('', { propagationPolicy: 1 });
  await remove('', { kind: 'Other', apiVersion: 'v1' });
  await remove('', { kind: 'DeleteOptions', apiVersion: 'example.com/v1' });
  await remove('', { kind: 'DeleteOptions', apiVersion: 'apps/v1', dryRun: ['All'] });
  await remove('', { preconditions: { resourceVersion: '1' } });
  await remove('', { preconditions: { uid: '' } });
  await remove('', { unknown: 1, dryRun: ['All'] });
  await raw('{');
  await raw('[]');
  await raw('kind: DeleteOptions\napiVersion: v1\ndryRun: [All]\n', 'application/yaml');
  await raw('{}', 'text/plain');
  await remove('?dryRun=All', { gracePeriodSeconds: 0 });
  await remove('?orphanDependents=false');
  await remove('');
  const owner = await hand.create(configMap('gone', {}, { finalizers: ['example.com/wait'] }));
  await remove('?propagationPolicy=Orphan');
  await remove('?propagationPolicy=Foreground');
  await remove('', { propagationPolicy: 'Background' });
  await hand.patch(configMap('gone', {}), 'merge', { metadata: { labels: { a: '1' } } });
  await hand.patch(configMap('gone', {}), 'merge', { metadata: { deletionTimestamp: null } });
  await hand.patch(configMap('gone', {}), 'merge', { metadata: { deletionGracePeriodSeconds: 7 } });
  await hand.create(configMap('gone', {}));
  await hand.update({ ...owner, metadata: { ...owner.metadata, resourceVersion: undefined, finalizers: [] } });
  await hand.get(configMap('gone', {}));
  await hand.create(object('v1', 'ServiceAccount', 'default'));
  const pod = object('v1', 'Pod', 'gone', { spec: { nodeName: 'n', containers: [{ name: 'm', image: 'i' }] } });
  const pods = `/api/v1/namespaces/${hand.namespace}/pods/gone`;
  const end = (body?: Anything) =>
    hand.ask({ method: 'DELETE', path: pods, ...(body ? { type: 'application/json', body } : {}) });
  await hand.create(pod);
  await end({ gracePeriodSeconds: 10 });
  await end({ gracePeriodSeconds: 20 });
  await end();
  await end({ gracePeriodSeconds: 5 });
  await end({ gracePeriodSeconds: -3 });
  await end({ gracePeriodSeconds: 0 });
  await hand.get(pod);
  await hand.create(pod);
  await end({ gracePeriodSeconds: 0 });
  await hand.create({ ...pod, spec: { containers: [{ name: 'm', image: 'i' }] } });
  await end({ gracePeriodSeconds: 30 });
}

export const listScripts: readonly Script[] = [
  { name: 'list-pages', run: pages },
  { name: 'list-versions', run: versions },
  { name: 'list-selectors', run: selectors },
  { name: 'list-fields', run: fields },
  { name: 'delete-together', run: together },
  { name: 'delete-options', run: deletions },
];
