import { describe, expect, it } from 'vitest';
import { memoryHandler } from '#harness/memory-handler.ts';
import { deepFreeze } from '#kube/meta/freeze.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { ApiHandler, ApiRequest, WatchSink } from '#kube/request/request.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { carriable } from './carriable.ts';
import { inProcessClient } from './in-process.ts';

const pods = { group: '', version: 'v1', kind: 'Pod', resource: 'pods', namespaced: true };
const nodes = { group: '', version: 'v1', kind: 'Node', resource: 'nodes', namespaced: false };
const user = { name: 'tester', groups: ['system:masters'] };
const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'a', name: 'b' } };

describe('carriable', () => {
  it('hands back the very value when JSON can carry it', () => {
    const value = { a: [1, 'x', null, { b: true }] };
    expect(carriable(value)).toBe(value);
  });

  it('leaves out undefined properties without touching the original', () => {
    const value = { a: 1, b: undefined, c: [{ d: undefined, e: 2 }], same: { f: 3 } };
    const carried = carriable(value);
    expect(carried).toEqual({ a: 1, c: [{ e: 2 }], same: { f: 3 } });
    expect(Object.keys(carried)).toEqual(['a', 'c', 'same']);
    expect('b' in value).toBe(true);
    expect(carried.same).toBe(value.same);
  });

  it('takes what is frozen as checked', () => {
    const value = deepFreeze({ a: { b: 1 } });
    expect(carriable({ ...value, c: 2 }).a).toBe(value.a);
  });

  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  it.each([
    [{ spec: { items: [1, undefined] } }, 'spec.items[1] is undefined'],
    [{ f: () => 1 }, 'f is a function'],
    [{ n: Number.NaN }, 'n is NaN'],
    [{ n: 1n }, 'n is a bigint'],
    [{ d: new Date(0) }, 'd is a Date'],
    [{ m: new Map() }, 'm is a Map'],
    [new Map(), 'it is a Map'],
    [{ cycle }, 'is nested deeper than 256 levels or holds itself'],
  ])('refuses what JSON would change or lose: %#', (value, text) => {
    expect(() => carriable(value)).toThrow(text);
    expect(() => carriable(value)).toThrow(expect.objectContaining({ reason: 'BadRequest' }));
  });
});

describe('the in-process client', () => {
  const recording = () => {
    const requests: ApiRequest[] = [];
    const handler: ApiHandler = {
      handle: async (request) => {
        requests.push(request);
        return { code: 200, object: pod, warnings: ['deprecated'] };
      },
      watch: async (request) => {
        requests.push(request);
        return { stop: () => {} };
      },
      raw: async (path, who, accept) => ({
        code: 200,
        contentType: 'text/plain',
        body: `${path} ${who.name} ${accept}`,
      }),
    };
    const clock = simulatedClock();
    return { requests, client: inProcessClient({ name: 'test', handler, user, clock, userAgent: 'flotilla/v1' }) };
  };

  it('builds the request each verb means', async () => {
    const { requests, client } = recording();
    const api = client.resource<KubeObject>(pods);
    expect(client.resource(pods)).toBe(api);
    const warnings: string[] = [];
    await api.get({ namespace: 'a', name: 'b' }, { resourceVersion: '5', subresource: 'status' });
    await api.list({ namespace: 'a', labelSelector: 'x=y', limit: 5 });
    await api.watch({ allowBookmarks: true, resourceVersion: '7' }, { event: () => {}, end: () => {} });
    await api.create(pod, { dryRun: true, onWarning: (text) => warnings.push(text) });
    await api.create(pod, { subresource: 'binding' });
    await api.update(pod, { subresource: 'status', fieldManager: 'me' });
    await api.patch({ namespace: 'a', name: 'b' }, 'merge', { spec: null });
    await api.apply(pod, { fieldManager: 'me', force: true });
    await api.delete({ namespace: 'a', name: 'b' }, { propagationPolicy: 'Foreground' });
    await api.deleteCollection({ namespace: 'a', fieldSelector: 'x=y' });
    await client.resource(nodes).get({ namespace: 'ignored', name: 'n' });
    const path = { group: '', version: 'v1', resource: 'pods', namespace: 'a', name: 'b' };
    const { name: _, ...collection } = path;
    expect(requests.map(({ verb, path: where, patchType }) => [verb, where, patchType])).toEqual([
      ['get', { ...path, subresource: 'status' }, undefined],
      ['list', collection, undefined],
      ['watch', { group: '', version: 'v1', resource: 'pods' }, undefined],
      ['create', collection, undefined],
      ['create', { ...path, subresource: 'binding' }, undefined],
      ['update', { ...path, subresource: 'status' }, undefined],
      ['patch', path, 'merge'],
      ['patch', path, 'apply'],
      ['delete', path, undefined],
      ['deletecollection', collection, undefined],
      ['get', { group: '', version: 'v1', resource: 'nodes', name: 'n' }, undefined],
    ]);
    expect(requests[2]!.options).toMatchObject({ allowWatchBookmarks: true, resourceVersion: '7' });
    expect(requests[3]!.options).toMatchObject({ dryRun: true });
    expect(requests[7]!.options).toMatchObject({ fieldManager: 'me', force: true });
    expect(requests[8]!.body).toEqual({ propagationPolicy: 'Foreground' });
    expect(requests.every((request) => request.user === user && request.userAgent === 'flotilla/v1')).toBe(true);
    expect(warnings).toEqual(['deprecated']);
    expect((await client.raw('/version', 'x')).body).toBe('/version tester x');
  });

  it('refuses a body JSON cannot carry before anybody sees it', async () => {
    const { requests, client } = recording();
    await expect(
      client.resource<KubeObject>(pods).create({ ...pod, spec: { n: Number.NaN } } as never),
    ).rejects.toThrow('spec.n is NaN');
    expect(requests).toEqual([]);
  });

  it('ends a watch once: by the server, by stop, by the signal, or by close', async () => {
    const clock = simulatedClock();
    const handler = memoryHandler({ clock });
    const client = inProcessClient({ name: 'test', handler, user, clock });
    const seen: string[] = [];
    const start = (name: string, signal?: AbortSignal) =>
      client.resource<KubeObject>(pods).watch(
        { signal },
        {
          event: ({ type }) => seen.push(`${name} ${type}`),
          end: (error) => seen.push(`${name} end ${error?.message}`),
        },
      );
    const abort = new AbortController();
    const stopped = await start('stopped');
    await start('aborted', abort.signal);
    stopped.stop();
    abort.abort();
    await start('ended');
    handler.put('pods', pod);
    await clock.settle();
    handler.breakWatches(new Error('over'));
    await start('closed');
    client.close();
    handler.put('pods', pod);
    await clock.settle();
    expect(seen).toEqual(['ended ADDED', 'ended end over']);
    expect(handler.watchers()).toBe(0);
    await expect(client.resource(pods).list()).rejects.toThrow('the client for test is closed');
  });

  it('turns an ERROR event into the end, also one that comes before the watch has been answered', async () => {
    const clock = simulatedClock();
    const gone = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' } as unknown as KubeObject;
    const watch = async (_: ApiRequest, sink: WatchSink) => {
      sink.event({ type: 'ERROR', object: gone });
      return { stop: () => {} };
    };
    const handler = {
      handle: () => Promise.reject(new Error('unused')),
      raw: () => Promise.reject(new Error('unused')),
      watch,
    };
    const seen: string[] = [];
    const client = inProcessClient({ name: 'test', handler, user, clock });
    await client
      .resource<KubeObject>(pods)
      .watch({}, { event: () => seen.push('event'), end: (error) => seen.push(`end ${error?.message}`) });
    expect(seen).toEqual([]);
    await clock.settle();
    expect(seen).toEqual(['end too old']);
  });
});
