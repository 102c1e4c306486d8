import { beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, configMap, refusalText, startCluster, widget, widgetDefinition } from '../serve.cases.ts';
import { waitingChanges } from './watch.ts';

const maps = 'v1/configmaps/default';
const labelled = (name: string, app: string) => ({ ...configMap(name), metadata: { name, labels: { app } } });

describe('watch', () => {
  let cluster: Cluster;
  beforeEach(async () => {
    cluster = await startCluster();
  });

  it('begins with the state, then tells every change in order', async () => {
    await cluster.create(maps, configMap('a'));
    const watching = await cluster.watch(maps);
    expect(watching.seen()).toEqual(['ADDED a']);
    await cluster.create(maps, configMap('b'));
    await cluster.patch(`${maps}/a`, 'merge', { data: { x: '1' } });
    await cluster.remove(`${maps}/a`);
    await cluster.create('v1/configmaps/kube-system', configMap('elsewhere'));
    expect(watching.seen()).toEqual(['ADDED a']);
    await cluster.clock.settle();
    expect(watching.seen()).toEqual(['ADDED a', 'ADDED b', 'MODIFIED a', 'DELETED a']);
    const versions = watching.events.map(({ object }) => Number(object.metadata.resourceVersion));
    expect(versions).toEqual([...versions].sort((x, y) => x - y));
    watching.handle.stop();
    await cluster.create(maps, configMap('c'));
    await cluster.clock.settle();
    expect(watching.events).toHaveLength(4);
    expect(cluster.server.watchCount()).toBe(0);
  });

  it('resumes after a version', async () => {
    const { metadata } = await cluster.create(maps, configMap('a'));
    await cluster.create(maps, configMap('b'));
    const watching = await cluster.watch(maps, { resourceVersion: metadata.resourceVersion });
    await cluster.clock.settle();
    expect(watching.seen()).toEqual(['ADDED b']);
  });

  it('ends with 410 when the version is too old', async () => {
    const { metadata } = await cluster.create(maps, configMap('a'));
    await cluster.create(maps, configMap('b'));
    await cluster.clock.advance(700_000);
    const watching = await cluster.watch(maps, { resourceVersion: metadata.resourceVersion });
    expect(watching.ended()).toMatchObject({ error: { status: { code: 410, reason: 'Expired' } } });
    expect(watching.ended()?.error?.message).toMatch(/^too old resource version: \d+ \(\d+\)$/);
    expect(watching.events).toEqual([]);
  });

  it('tells nothing before the version it begins with', async () => {
    const next = cluster.store.revision() + 1;
    const watching = await cluster.watch(maps, { resourceVersion: String(next) });
    await cluster.create(maps, configMap('a'));
    await cluster.create(maps, configMap('b'));
    await cluster.clock.settle();
    expect(watching.seen()).toEqual(['ADDED b']);
  });

  it('refuses options that make no sense', async () => {
    expect(await refusalText(cluster.watch(maps, { sendInitialEvents: true }))).toBe(
      '422 Invalid: ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    );
    expect(await refusalText(cluster.watch(maps, { resourceVersionMatch: 'NotOlderThan' }))).toContain(
      'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
    );
    expect(await refusalText(cluster.watch('authorization.k8s.io/v1/subjectaccessreviews'))).toContain(
      '405 MethodNotAllowed',
    );
  });

  it('streams a list: the state, then a bookmark that says so', async () => {
    await cluster.create(maps, configMap('a'));
    await cluster.create(maps, configMap('b'));
    const revision = String(cluster.store.revision());
    const watching = await cluster.watch(maps, {
      sendInitialEvents: true,
      resourceVersionMatch: 'NotOlderThan',
      allowWatchBookmarks: true,
    });
    expect(watching.seen()).toEqual(['ADDED a', 'ADDED b', 'BOOKMARK']);
    expect(watching.events[2]?.object).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        resourceVersion: revision,
        annotations: { 'k8s.io/initial-events-end': 'true' },
      },
    });
    const without = await cluster.watch(maps, { sendInitialEvents: false, resourceVersionMatch: 'NotOlderThan' });
    expect(without.events).toEqual([]);
  });

  it('sends bookmarks about once a minute to those who want them', async () => {
    const watching = await cluster.watch(maps, { allowWatchBookmarks: true });
    const silent = await cluster.watch(maps);
    await cluster.create('v1/secrets/default', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' } });
    const revision = cluster.store.revision();
    await cluster.clock.advance(120_000);
    expect(watching.seen()).toEqual(['BOOKMARK', 'BOOKMARK']);
    expect(Number(watching.events[1]?.object.metadata.resourceVersion)).toBe(revision);
    expect(silent.events).toEqual([]);
  });

  it('ends after timeoutSeconds', async () => {
    const watching = await cluster.watch(maps, { timeoutSeconds: 5 });
    await cluster.clock.advance(4_900);
    expect(watching.ended()).toBeUndefined();
    await cluster.clock.advance(200);
    expect(watching.ended()).toEqual({});
    expect(cluster.server.watchCount()).toBe(0);
  });

  it('turns what enters and leaves a selection into ADDED and DELETED', async () => {
    const watching = await cluster.watch(maps, { labelSelector: 'app=x' });
    const label = (name: string, app: string) =>
      cluster.patch(`${maps}/${name}`, 'merge', { metadata: { labels: { app } } });
    await cluster.create(maps, labelled('a', 'x'));
    await cluster.create(maps, labelled('b', 'y'));
    await label('b', 'x');
    const left = await label('a', 'y');
    await label('b', 'x');
    await cluster.patch(`${maps}/b`, 'merge', { data: { k: 'v' } });
    await cluster.remove(`${maps}/a`);
    await cluster.remove(`${maps}/b`);
    await cluster.clock.settle();
    expect(watching.seen()).toEqual(['ADDED a', 'ADDED b', 'DELETED a', 'MODIFIED b', 'DELETED b']);
    // The last state the watcher knew, as of now.
    expect(watching.events[2]?.object.metadata).toMatchObject({
      labels: { app: 'x' },
      resourceVersion: left.metadata.resourceVersion,
    });
  });

  it('follows one object by name', async () => {
    await cluster.create(maps, configMap('a'));
    const watching = await cluster.watch(maps, { fieldSelector: 'metadata.name=b' });
    await cluster.create(maps, configMap('b'));
    await cluster.patch(`${maps}/a`, 'merge', { data: { k: 'v' } });
    await cluster.clock.settle();
    expect(watching.seen()).toEqual(['ADDED b']);
  });

  it('shares one event between all watchers', async () => {
    const [one, two] = [await cluster.watch(maps), await cluster.watch('v1/configmaps')];
    await cluster.create(maps, configMap('a'));
    await cluster.clock.settle();
    expect(one.events[0]).toBe(two.events[0]);
  });

  it('ends with 410 when too much happens while a long state goes out', async () => {
    for (let i = 0; i < 2_100; i++) await cluster.create(maps, configMap(`m${i}`));
    const starting = cluster.watch(maps, { allowWatchBookmarks: true });
    const flood = async () => {
      for (let i = 0; i <= waitingChanges; i++) await cluster.patch(`${maps}/m0`, 'merge', { data: { i: String(i) } });
      await cluster.clock.settle();
    };
    await flood();
    const watching = await starting;
    expect(watching.ended()).toMatchObject({ error: { status: { reason: 'Expired' } } });
    expect(cluster.server.watchCount()).toBe(0);
  });

  it('ends when its kind goes or gets another schema', async () => {
    const definitions = 'apiextensions.k8s.io/v1/customresourcedefinitions';
    const target = 'example.com/v1/widgets/default';
    const { metadata } = await cluster.create(definitions, widgetDefinition());
    const watching = await cluster.watch(target);
    await cluster.patch(`${definitions}/-/widgets.example.com`, 'merge', { metadata: { labels: { a: 'b' } } });
    await cluster.create(target, widget('w'));
    await cluster.clock.settle();
    expect(watching.seen()).toEqual(['ADDED w']);
    await cluster.update(`${definitions}/-/widgets.example.com`, {
      ...widgetDefinition({ type: 'object' }),
      metadata: {
        ...metadata,
        resourceVersion: (await cluster.get(`${definitions}/-/widgets.example.com`)).metadata.resourceVersion,
      },
    });
    expect(watching.ended()).toEqual({});
  });

  it('ends with the server', async () => {
    const watching = await cluster.watch(maps);
    cluster.server.stop();
    expect(watching.ended()).toEqual({});
  });
});
