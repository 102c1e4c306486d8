/** Watches: where they begin, what they tell, how they end, in each form. */
import type { Hand, Script } from './hand.ts';
import { configMap, deployment } from './samples.ts';

const future = '99999999999';
const maps = (hand: Hand) => `/api/v1/namespaces/${hand.namespace}/configmaps`;

/** A watch in the words of a script. */
const watching = (hand: Hand, path: string) => {
  let opened = 0;
  return {
    open: async (query: string, accept?: string): Promise<string> => {
      const watch = `w${++opened}`;
      await hand.ask({ method: 'WATCH', path: `${path}?watch=true${query}`, watch, ...(accept ? { accept } : {}) });
      return watch;
    },
    events: (watch: string, count: number) => hand.ask({ method: 'EVENTS', path: '', watch, count }),
    close: (watch: string) => hand.ask({ method: 'CLOSE', path: '', watch }),
  };
};

async function beginnings(hand: Hand): Promise<void> {
  const { open, events, close } = watching(hand, maps(hand));
  const first = await hand.create(configMap('a', { v: '1' }));
  await hand.create(configMap('b', { v: '1' }));
  const state = await open('');
  await events(state, 2);
  const zero = await open('&resourceVersion=0');
  await events(zero, 2);
  const later = await open(`&resourceVersion=${first.metadata.resourceVersion}`);
  await events(later, 1);
  await hand.patch(configMap('a', {}), 'merge', { data: { v: '2' } });
  await hand.patch(configMap('a', {}), 'merge', { data: { v: '2' } });
  await hand.delete(configMap('b', {}));
  await hand.create(configMap('c', {}));
  for (const watch of [state, zero, later]) await events(watch, 3);
  const named = await open('&fieldSelector=metadata.name%3Dc');
  await events(named, 1);
  await hand.patch(configMap('a', {}), 'merge', { data: { v: '3' } });
  await hand.delete(configMap('c', {}));
  await events(named, 1);
  for (const watch of [state, zero, later]) await events(watch, 2);
  for (const watch of [state, zero, later, named]) await close(watch);
  const timed = await open('&timeoutSeconds=1');
  await events(timed, 2);
}

async function refusals(hand: Hand): Promise<void> {
  const { open } = watching(hand, maps(hand));
  await hand.create(configMap('a', {}));
  await open('&resourceVersion=x');
  await open('&resourceVersion=-1');
  await open(`&resourceVersion=${future}`);
  await open('&resourceVersionMatch=NotOlderThan');
  await open('&resourceVersionMatch=Exact&resourceVersion=1');
  await open('&resourceVersionMatch=Sideways');
  await open('&sendInitialEvents=true');
  await open('&sendInitialEvents=true&resourceVersionMatch=Exact&resourceVersion=1');
  await open('&sendInitialEvents=true&resourceVersionMatch=Exact');
  await open('&sendInitialEvents=false');
  await open('&labelSelector=(');
  await open('&fieldSelector=spec.x%3Dy');
  await open('&timeoutSeconds=x');
  await open('&continue=x');
  await open('', 'text/plain');
  await hand.ask({ method: 'WATCH', path: '/api/v1/componentstatuses?watch=true', watch: 'x' });
  await hand.ask({ method: 'WATCH', path: `/api/v1/namespaces/${hand.namespace}/bindings?watch=true`, watch: 'x' });
  await hand.ask({ method: 'WATCH', path: '/apis/apps/v1/namespaces/x/nothings?watch=true', watch: 'x' });
}

async function streams(hand: Hand): Promise<void> {
  const { open, events, close } = watching(hand, maps(hand));
  await hand.create(configMap('a', {}));
  await hand.create(configMap('b', {}, { labels: { l: '1' } }));
  const streaming = '&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
  const whole = await open(streaming);
  await events(whole, 3);
  const fresh = await open(`${streaming}&resourceVersion=0`);
  await events(fresh, 3);
  const selected = await open(`${streaming}&labelSelector=l%3D1`);
  await events(selected, 2);
  const none = await open('&sendInitialEvents=false&resourceVersionMatch=NotOlderThan');
  const silent = await open('&sendInitialEvents=true&resourceVersionMatch=NotOlderThan');
  await events(silent, 2);
  const table = await open(streaming, 'application/json;as=Table;v=v1;g=meta.k8s.io');
  await events(table, 3);
  const partial = await open(streaming, 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io');
  await events(partial, 3);
  const binary = await open(streaming, 'application/vnd.kubernetes.protobuf');
  await events(binary, 3);
  const metadata = await open(
    streaming,
    'application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
  );
  await events(metadata, 3);
  await hand.patch(configMap('a', {}), 'merge', { metadata: { labels: { l: '1' } } });
  const all = [whole, fresh, selected, none, silent, table, partial, binary, metadata];
  for (const watch of all) await events(watch, 1);
  for (const watch of all) await close(watch);
}

async function selections(hand: Hand): Promise<void> {
  const { open, events, close } = watching(hand, maps(hand));
  const label = (name: string, value: string | null) =>
    hand.patch(configMap(name, {}), 'merge', { metadata: { labels: { l: value } } });
  await hand.create(configMap('a', { v: '1' }, { labels: { l: '1' } }));
  const watch = await open('&labelSelector=l%3D1');
  await events(watch, 1);
  await hand.create(configMap('b', {}));
  await label('b', '1');
  await label('a', '2');
  await hand.patch(configMap('a', {}), 'merge', { data: { v: '2' } });
  await label('a', '1');
  await hand.patch(configMap('a', {}), 'merge', { data: { v: '3' } });
  await label('b', null);
  await hand.delete(configMap('b', {}));
  await hand.delete(configMap('a', {}));
  await events(watch, 6);
  await close(watch);
  const services = watching(hand, `/api/v1/namespaces/${hand.namespace}/secrets`);
  const typed = await services.open('&fieldSelector=type%3DOpaque');
  const secret = (name: string, type: string) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, type });
  await hand.create(secret('a', 'example.com/x'));
  await hand.create(secret('b', 'Opaque'));
  await services.events(typed, 1);
  await services.close(typed);
  const deployments = watching(hand, `/apis/apps/v1/namespaces/${hand.namespace}/deployments`);
  const tables = await deployments.open('', 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json');
  await hand.create(deployment('d'));
  await hand.patch(deployment('d'), 'merge', { spec: { replicas: 2 } });
  await hand.delete(deployment('d'));
  await deployments.events(tables, 3);
  await deployments.close(tables);
  await hand.ask({ method: 'WATCH', path: `/api/v1/watch/namespaces/${hand.namespace}/secrets/b`, watch: 'old' });
  await hand.ask({ method: 'EVENTS', path: '', watch: 'old', count: 1 });
  await hand.ask({ method: 'CLOSE', path: '', watch: 'old' });
}

export const watchScripts: readonly Script[] = [
  { name: 'watch-beginnings', run: beginnings },
  { name: 'watch-refusals', run: refusals },
  { name: 'watch-streams', run: streams },
  { name: 'watch-selections', run: selections },
];
