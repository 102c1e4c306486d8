/** Kinds come, go and come back while the detector looks at what is served. */
import { expect, test } from 'vitest';
import { inProcessClient } from '#client/in-process.ts';
import { informerFactory } from '#client/informer/factory.ts';
import type { DiscoveredResource, RestMapper } from '#client/mapper/mapper.ts';
import { templateReader } from '#client/template-reader.ts';
import { memoryHandler } from '#harness/memory-handler.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { watchedResources } from './watched.ts';

const widget: DiscoveredResource = {
  group: 'example.com',
  version: 'v1',
  kind: 'Widget',
  resource: 'widgets',
  namespaced: true,
  singular: 'widget',
  shortNames: [],
  categories: [],
  verbs: ['list', 'watch', 'create', 'delete', 'get', 'patch', 'update'],
  subresources: [],
};

function setUp() {
  const clock = simulatedClock();
  const server = memoryHandler({ clock });
  const client = inProcessClient({ name: 'test', handler: server, user: { name: 'tester', groups: [] }, clock });
  const informers = informerFactory(client, { clock, random: seededRandom(1) });
  const serves = { resources: [widget] as readonly DiscoveredResource[], unavailable: [] as readonly string[] };
  const mapper = {
    refresh: async () => {},
    preferred: async () => serves.resources,
    resources: async () => serves.resources,
    unavailable: () => serves.unavailable,
  } as unknown as RestMapper;
  const heard: string[] = [];
  const templates = templateReader(client, informers, mapper);
  const watched = watchedResources({
    mapper,
    templates,
    skippedApis: [],
    clock,
    onChange: (_source, { type, object }) => heard.push(`${type} ${object.metadata.name}`),
  });
  const put = (name: string) =>
    server.put('widgets', { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { namespace: 'default', name } });
  /** A look, after so many milliseconds; answers how many resources are asked for. */
  const look = async (afterMs = 0) => {
    await clock.advance(afterMs);
    await watched.look();
    await clock.settle();
    expect(informers.informers()).toHaveLength(watched.sources().length);
    return watched.sources().length;
  };
  return { serves, heard, put, look, stop: informers.stop };
}

test('a kind whose definition is gone is let go of after a while, and taken up when it comes back', async () => {
  const { serves, heard, put, look, stop } = setUp();
  put('one');
  expect(await look()).toBe(1);
  serves.resources = [];
  // The end of its objects may still be told.
  expect(await look(30_000)).toBe(1);
  expect(await look(1_000)).toBe(1);
  expect(await look(30_000)).toBe(0);
  put('two');
  expect(await look(30_000)).toBe(0);
  expect(heard).toEqual(['added one']);
  serves.resources = [widget];
  expect(await look(30_000)).toBe(1);
  expect(heard).toEqual(['added one', 'added one', 'added two']);
  stop();
});

test('a kind that is back soon, or whose server does not answer, stays watched', async () => {
  const { serves, heard, put, look, stop } = setUp();
  await look();
  for (const _ of [1, 2]) {
    serves.resources = [];
    expect(await look(30_000)).toBe(1);
    serves.resources = [widget];
    expect(await look(30_000)).toBe(1);
  }
  Object.assign(serves, { resources: [], unavailable: ['example.com/v1'] });
  for (const _ of [1, 2, 3]) expect(await look(30_000)).toBe(1);
  put('one');
  await look();
  expect(heard).toEqual(['added one']);
  stop();
});
