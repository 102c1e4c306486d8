import { expect, test } from 'vitest';
import { type CustomResourceDefinition, CustomResourceDefinitions } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { Change, Informer, InformerFactory } from '#client/informer/informer.ts';
import type { DiscoveredResource, RestMapper } from '#client/mapper/mapper.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { servedResources } from './served-resources.ts';

const resource = (group: string, kind: string): DiscoveredResource => ({
  group,
  version: 'v1',
  kind,
  resource: `${kind.toLowerCase()}s`,
  namespaced: true,
  singular: kind.toLowerCase(),
  shortNames: [],
  categories: [],
  verbs: ['list', 'watch', 'delete'],
  subresources: [],
});

const widget = resource('example.com', 'Widget');
const pod = resource('', 'Pod');

/** What discovery says, as the test goes on. */
function starting(known: { resources: readonly DiscoveredResource[]; unavailable: readonly string[] }) {
  const clock = simulatedClock();
  const stopped: string[] = [];
  let onDefinition: (change: Change<CustomResourceDefinition>) => void = () => {};
  const informers = {
    informer: (ref: { readonly resource: string; readonly version: string }) =>
      ({
        resource: ref,
        stop: () => stopped.push(`${ref.resource} ${ref.version}`),
        onChange: (handler: typeof onDefinition) => {
          if (ref.resource === CustomResourceDefinitions.resource) onDefinition = handler;
        },
      }) as unknown as Informer<KubeObject>,
    informers: () => [{}],
  } as unknown as InformerFactory;
  const client = { resource: () => ({}) } as unknown as ApiClient;
  let looked = known;
  const mapper = {
    refresh: async () => {
      looked = { ...known };
    },
    preferred: async () => looked.resources,
    resources: async () => looked.resources,
    unavailable: () => looked.unavailable,
  } as unknown as RestMapper;
  looked = { ...known };
  const served = servedResources({ client, informers, mapper, clock });
  served.follow(() => {});
  const ids = () => served.all().map(({ id }) => id);
  return { clock, ids, stopped, tell: (change: Change<CustomResourceDefinition>) => onDefinition(change) };
}

test('groups whose server was away are looked for again', async () => {
  const known = { resources: [pod], unavailable: ['example.com/v1'] };
  const { clock, ids } = starting(known);
  await clock.settle();
  expect(ids()).toEqual(['/pods']);
  Object.assign(known, { resources: [pod, widget], unavailable: [] });
  await clock.advance(60_000);
  expect(ids()).toEqual(['/pods', 'example.com/widgets']);
  expect(clock.nextDue()).toBeUndefined();
});

test('a definition that was established before anybody listened, and after discovery was read, is looked at', async () => {
  const known = { resources: [pod], unavailable: [] };
  const { clock, ids, tell } = starting(known);
  await clock.settle();
  Object.assign(known, { resources: [pod, widget] });
  const definition = { spec: { group: 'example.com', names: { plural: 'widgets' } } };
  tell({ type: 'added', object: definition as CustomResourceDefinition, initial: true });
  await clock.settle();
  expect(ids()).toEqual(['/pods', 'example.com/widgets']);
});

const definitionOf = ({ group, resource: plural }: DiscoveredResource) =>
  ({ spec: { group, names: { plural } } }) as CustomResourceDefinition;

test('what is served in another version only is followed in that', async () => {
  const known = { resources: [pod, widget], unavailable: [] };
  const { clock, ids, stopped, tell } = starting(known);
  await clock.settle();
  Object.assign(known, { resources: [pod, { ...widget, version: 'v2' }] });
  tell({ type: 'updated', object: definitionOf(widget), old: definitionOf(widget), initial: false });
  await clock.settle();
  expect(stopped).toEqual(['widgets v1']);
  expect(ids()).toEqual(['/pods', 'example.com/widgets']);
});

test('what is served no longer is let go of after a while, unless it comes back or its server is silent', async () => {
  const gadget = resource('example.com', 'Gadget');
  const silent = resource('away.example.com', 'Thing');
  const known = { resources: [pod, widget, gadget, silent], unavailable: [] as string[] };
  const { clock, ids, stopped, tell } = starting(known);
  await clock.settle();
  Object.assign(known, { resources: [pod], unavailable: ['away.example.com/v1'] });
  tell({ type: 'deleted', object: definitionOf(widget), initial: false });
  await clock.advance(5_000);
  expect(stopped).toEqual([]);
  Object.assign(known, { resources: [pod, gadget, silent], unavailable: [] });
  await clock.advance(5_000);
  expect(stopped).toEqual(['widgets v1']);
  expect(ids()).toEqual(['/pods', 'example.com/gadgets', 'away.example.com/things']);
  await clock.advance(60_000);
  expect(stopped).toEqual(['widgets v1']);
  expect(clock.nextDue()).toBeUndefined();
});
