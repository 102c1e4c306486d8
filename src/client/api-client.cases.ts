/**
 * What every ApiClient does, whatever is behind it: the embedded server in process and over HTTP, and a real
 * kube-apiserver. Each case works in a namespace of its own and leaves nothing else behind.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConfigMap, ConfigMaps, type Deployment, Deployments, Namespaces } from '#apis/kubernetes/types.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { WatchEvent } from '#kube/request/request.ts';
import { StatusError } from '#kube/status/status.ts';
import { systemClock } from '#world/clock/system.ts';
import { suffix } from '#world/random/random.ts';
import { systemRandom } from '#world/random/system.ts';
import type { ApiClient, WatchOptions } from './api-client.ts';
import { informerFactory } from './informer/factory.ts';
import { restMapper } from './mapper/mapper.ts';

export interface OpenedClient {
  readonly client: ApiClient;
  readonly close: () => Promise<void>;
}

const configMap = (
  namespace: string,
  name: string,
  data: Record<string, string> = {},
  more: object = {},
): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace, name, ...more },
  data,
});

const deployment = (namespace: string, name: string, replicas = 1): Deployment =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace, name },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image: 'nginx:1' }] } },
    },
  }) as Deployment;

const reasonOf = (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => 'it worked',
    (error: unknown) => (error instanceof StatusError ? error.reason : String(error)),
  );

/** Collects a watch; `until` resolves when so many events that are no bookmarks have come. */
async function watching<T extends KubeObject>(
  start: (receiver: {
    event: (event: WatchEvent<T>) => void;
    end: (error?: Error) => void;
  }) => Promise<{ stop: () => void }>,
) {
  const events: WatchEvent<T>[] = [];
  const bookmarks: WatchEvent<T>[] = [];
  const ends: (Error | undefined)[] = [];
  const handle = await start({
    event: (event) => void (event.type === 'BOOKMARK' ? bookmarks : events).push(event),
    end: (error) => void ends.push(error),
  });
  const until = (count: number) =>
    expect.poll(() => events.length, { timeout: 10_000, interval: 2 }).toBeGreaterThanOrEqual(count);
  return { events, bookmarks, ends, until, stop: handle.stop };
}

/** Runs the cases; `open` is called once. */
export function apiClientCases(name: string, open: () => Promise<OpenedClient>): void {
  describe(`${name}: ApiClient`, () => {
    let opened: OpenedClient;
    let client: ApiClient;
    let namespace: string;

    beforeAll(async () => {
      opened = await open();
      client = opened.client;
      namespace = `cases-${suffix(systemRandom, 8)}`;
      await client
        .resource(Namespaces)
        .create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } } as never);
    });

    afterAll(async () => {
      await client?.resource(Namespaces).delete({ name: namespace });
      await opened?.close();
    });

    const maps = () => client.resource(ConfigMaps);
    const apps = () => client.resource(Deployments);
    const key = (each: string) => ({ namespace, name: each });

    it('creates, reads, updates and deletes', async () => {
      const created = await maps().create(configMap(namespace, 'crud', { a: '1' }));
      expect(created.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
      expect(Number(created.metadata.resourceVersion)).toBeGreaterThan(0);
      expect(await maps().get(key('crud'))).toEqual(created);
      const updated = await maps().update({ ...created, data: { a: '2' } });
      expect(updated.data).toEqual({ a: '2' });
      expect(updated.metadata.uid).toBe(created.metadata.uid);
      expect(updated.metadata.resourceVersion).not.toBe(created.metadata.resourceVersion);
      await maps().delete(key('crud'));
      expect(await reasonOf(maps().get(key('crud')))).toBe('NotFound');
    });

    it('fails with the Status of the server', async () => {
      const made = await maps().create(configMap(namespace, 'failing'));
      expect(await reasonOf(maps().create(configMap(namespace, 'failing')))).toBe('AlreadyExists');
      await expect(maps().get(key('nowhere'))).rejects.toThrow('configmaps "nowhere" not found');
      expect(await reasonOf(maps().delete(key('nowhere')))).toBe('NotFound');
      await maps().update({ ...made, data: { a: '1' } });
      expect(await reasonOf(maps().update({ ...made, data: { a: '2' } }))).toBe('Conflict');
      expect(await reasonOf(maps().create(configMap(namespace, 'Not_A_Name')))).toBe('Invalid');
      expect(await reasonOf(maps().delete(key('failing'), { preconditions: { uid: 'another' } }))).toBe('Conflict');
    });

    it('refuses what JSON cannot carry', async () => {
      const broken = { ...configMap(namespace, 'broken'), data: { n: Number.NaN } } as unknown as ConfigMap;
      await expect(maps().create(broken)).rejects.toThrow('data.n is NaN');
    });

    it('patches in three ways', async () => {
      await maps().create(configMap(namespace, 'patched', { a: '1', b: '2' }));
      const merged = await maps().patch(key('patched'), 'merge', { data: { a: null, c: '3' } });
      expect(merged.data).toEqual({ b: '2', c: '3' });
      const operations = [
        { op: 'test', path: '/data/b', value: '2' },
        { op: 'remove', path: '/data/b' },
      ];
      expect((await maps().patch(key('patched'), 'json', operations)).data).toEqual({ c: '3' });
      await apps().create(deployment(namespace, 'patched'));
      const container = { name: 'main', env: [{ name: 'A', value: '1' }] };
      const patch = { spec: { template: { spec: { containers: [container] } } } };
      const patched = await apps().patch(key('patched'), 'strategic', patch);
      expect(patched.spec.template.spec!.containers).toMatchObject([
        { name: 'main', image: 'nginx:1', env: container.env },
      ]);
    });

    it('applies with owners: a field of another manager is a conflict, unless forced', async () => {
      const mine = { apiVersion: 'v1', kind: 'ConfigMap', metadata: key('applied'), data: { a: '1' } } as KubeObject;
      const theirs = { ...mine, data: { a: '2', b: '2' } } as KubeObject;
      const applied = await maps().apply(mine, { fieldManager: 'one' });
      expect(applied.metadata.managedFields).toMatchObject([{ manager: 'one', operation: 'Apply' }]);
      expect(await reasonOf(maps().apply(theirs, { fieldManager: 'two' }))).toBe('Conflict');
      const forced = await maps().apply(theirs, { fieldManager: 'two', force: true });
      expect(forced.data).toEqual({ a: '2', b: '2' });
      const left = await maps().apply({ ...theirs, data: { a: '2' } } as KubeObject, { fieldManager: 'two' });
      expect(left.data).toEqual({ a: '2' });
    });

    it('tries without doing', async () => {
      const tried = await maps().create(configMap(namespace, 'dry'), { dryRun: true });
      expect(tried.metadata.uid).toBeTruthy();
      expect(await reasonOf(maps().get(key('dry')))).toBe('NotFound');
    });

    it('checks fields as strictly as asked', async () => {
      const unknown = { ...configMap(namespace, 'strict'), extra: 1 } as unknown as ConfigMap;
      expect(await reasonOf(maps().create(unknown, { fieldValidation: 'Strict' }))).toBe('BadRequest');
      const warnings: string[] = [];
      await maps().create(unknown, { fieldValidation: 'Warn', onWarning: (text) => warnings.push(text) });
      expect(warnings).toEqual(['unknown field "extra"']);
    });

    it('keeps status and spec apart, and reads scale', async () => {
      const made = await apps().create(deployment(namespace, 'scaled', 3));
      expect(made.metadata.generation).toBe(1);
      const status = {
        ...made,
        spec: { ...made.spec, replicas: 9 },
        status: { observedGeneration: 1, replicas: 3 },
      } as Deployment;
      const updated = await apps().update(status, { subresource: 'status' });
      expect([updated.spec.replicas, updated.status?.replicas, updated.metadata.generation]).toEqual([3, 3, 1]);
      const scale = (await apps().get(key('scaled'), { subresource: 'scale' })) as unknown as {
        spec: { replicas: number };
      };
      expect(scale.spec.replicas).toBe(3);
    });

    it('waits for finalizers', async () => {
      const made = await maps().create(configMap(namespace, 'final', {}, { finalizers: ['example.com/wait'] }));
      await maps().delete(key('final'));
      const waiting = await maps().get(key('final'));
      expect(waiting.metadata.deletionTimestamp).toBeTruthy();
      expect(waiting.metadata.uid).toBe(made.metadata.uid);
      await maps().update({ ...waiting, metadata: { ...waiting.metadata, finalizers: [] } });
      expect(await reasonOf(maps().get(key('final')))).toBe('NotFound');
    });

    it('lists by selectors and in pages, and deletes collections', async () => {
      for (let i = 0; i < 5; i++) {
        await maps().create(
          configMap(namespace, `page-${i}`, {}, { labels: { case: 'page', half: i < 2 ? 'low' : 'high' } }),
        );
      }
      const names = async (options: object) =>
        (await maps().list({ namespace, ...options })).items.map((each) => each.metadata.name);
      expect(await names({ labelSelector: 'case=page,half in (low)' })).toEqual(['page-0', 'page-1']);
      expect(await names({ fieldSelector: 'metadata.name=page-3' })).toEqual(['page-3']);
      const first = await maps().list({ namespace, labelSelector: 'case=page', limit: 2 });
      const second = await maps().list({
        namespace,
        labelSelector: 'case=page',
        limit: 10,
        continue: first.metadata.continue,
      });
      expect([...first.items, ...second.items].map((each) => each.metadata.name)).toEqual(
        [0, 1, 2, 3, 4].map((i) => `page-${i}`),
      );
      expect(second.metadata).toEqual({ resourceVersion: first.metadata.resourceVersion });
      expect(second.items[0]).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' });
      await maps().deleteCollection({ namespace, labelSelector: 'half=high' });
      expect(await names({ labelSelector: 'case=page' })).toEqual(['page-0', 'page-1']);
    });

    it('watches from a list on, in order, and is silent once stopped', async () => {
      const options = { namespace, labelSelector: 'case=watch' };
      const { resourceVersion } = (await maps().list(options)).metadata;
      const watch = await watching<ConfigMap>((receiver) => maps().watch({ ...options, resourceVersion }, receiver));
      const labels = { labels: { case: 'watch' } };
      const made = await maps().create(configMap(namespace, 'watched', {}, labels));
      await maps().create(configMap(namespace, 'unwatched'));
      const updated = await maps().update({ ...made, data: { a: '1' } });
      await maps().update({ ...updated, metadata: { ...updated.metadata, labels: {} } });
      await watch.until(3);
      expect(watch.events.map(({ type, object }) => [type, object.metadata.name])).toEqual([
        ['ADDED', 'watched'],
        ['MODIFIED', 'watched'],
        ['DELETED', 'watched'],
      ]);
      expect(watch.events[1]!.object).toEqual(updated);
      watch.stop();
      await maps().create(configMap(namespace, 'watched-later', {}, labels));
      await maps().delete(key('watched-later'));
      expect([watch.events.length, watch.ends.length]).toEqual([3, 0]);
    });

    it('streams lists', async () => {
      const labels = { labels: { case: 'stream' } };
      for (const each of ['s1', 's2']) await maps().create(configMap(namespace, each, {}, labels));
      const options: WatchOptions = {
        namespace,
        labelSelector: 'case=stream',
        allowBookmarks: true,
        sendInitialEvents: true,
        resourceVersionMatch: 'NotOlderThan',
      };
      const watch = await watching<ConfigMap>((receiver) => maps().watch(options, receiver));
      await watch.until(2);
      await expect.poll(() => watch.bookmarks.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(1);
      expect(watch.events.map(({ type, object }) => `${type} ${object.metadata.name}`).sort()).toEqual([
        'ADDED s1',
        'ADDED s2',
      ]);
      expect(watch.bookmarks[0]!.object.metadata.annotations).toMatchObject({ 'k8s.io/initial-events-end': 'true' });
      await maps().create(configMap(namespace, 's3', {}, labels));
      await watch.until(3);
      watch.stop();
    });

    it('feeds an informer that reads its own writes', async () => {
      const factory = informerFactory(client, { clock: systemClock, random: systemRandom });
      const informer = factory.informer<ConfigMap>(ConfigMaps, { namespace, labelSelector: 'case=informed' });
      await factory.whenSynced();
      const made = await maps().create(configMap(namespace, 'informed', {}, { labels: { case: 'informed' } }));
      informer.observe(made);
      expect(informer.get(`${namespace}/informed`)).toEqual(made);
      await maps().delete(key('informed'));
      await expect.poll(() => informer.list().length, { timeout: 10_000, interval: 2 }).toBe(0);
      factory.stop();
    });

    it('tells what the server serves', async () => {
      const mapper = restMapper(client, { clock: systemClock });
      expect(await mapper.resolve('deploy')).toMatchObject({
        group: 'apps',
        version: 'v1',
        resource: 'deployments',
        namespaced: true,
      });
      expect(await mapper.find({ group: '', kind: 'ConfigMap' })).toMatchObject({
        resource: 'configmaps',
        shortNames: ['cm'],
      });
      expect((await client.raw('/version')).body).toMatchObject({ major: '1' });
    });
  });
}
