import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#kube/meta/object.ts';
import type { ApiHandler, WatchSink } from '#kube/request/request.ts';
import { failure } from '#kube/status/status.ts';
import type { HttpResponse } from '#world/network/http-client.ts';
import { cms, configMap, serve, tableAccept } from './serving.cases.ts';
import { waitingEvents } from './watch.ts';

/** A handler whose watch is fed by the test. */
function feeding() {
  const started = Promise.withResolvers<WatchSink>();
  const stopped = Promise.withResolvers<void>();
  const watch: ApiHandler['watch'] = async (_request, sink) => {
    started.resolve(sink);
    return { stop: stopped.resolve };
  };
  return { watch, sink: started.promise, stopped: stopped.promise };
}

async function* lines(answer: HttpResponse): AsyncGenerator<JsonObject> {
  let text = '';
  for await (const chunk of answer.stream) {
    text += Buffer.from(chunk).toString();
    const parts = text.split('\n');
    text = parts.pop()!;
    for (const part of parts) yield JSON.parse(part) as JsonObject;
  }
}

const next = async (events: AsyncGenerator<JsonObject>) => (await events.next()).value as JsonObject;

describe('a watch', () => {
  it('brings events as lines, ends with an error as an event', async () => {
    const source = feeding();
    const { request } = await serve(source);
    const answer = await request(`${cms}?watch=true`);
    expect(answer.headers['content-type']).toBe('application/json');
    const events = lines(answer);
    const sink = await source.sink;
    sink.event({ type: 'ADDED', object: configMap('a') });
    expect(await next(events)).toEqual({ type: 'ADDED', object: configMap('a') });
    sink.event({ type: 'DELETED', object: configMap('a', '2') });
    sink.end(failure('Expired', 'too old resource version: 1 (5)'));
    expect(await next(events)).toMatchObject({ type: 'DELETED' });
    expect(await next(events)).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 410 } });
    expect((await events.next()).done).toBe(true);
    await source.stopped;
  });

  it('is stopped when the reader leaves', async () => {
    const source = feeding();
    const { request } = await serve(source);
    const abort = lines(await request(`${cms}?watch=true`));
    (await source.sink).event({ type: 'ADDED', object: configMap('a') });
    await next(abort);
    await abort.return(undefined);
    await source.stopped;
  });

  it('ends when its time is over, and when the server closes', async () => {
    const source = feeding();
    const { request } = await serve(source);
    const events = lines(await request(`${cms}?watch=true&timeoutSeconds=1`));
    expect((await events.next()).done).toBe(true);
    await source.stopped;

    const second = feeding();
    const closing = await serve(second);
    const rest = lines(await closing.request(`${cms}?watch=true`));
    const closed = closing.listener.close(5_000);
    expect((await rest.next()).done).toBe(true);
    await closed;
  });

  it('shows no event before its revision is durable', async () => {
    const disk = Promise.withResolvers<void>();
    const asked: number[] = [];
    const durable = (revision: number) => {
      asked.push(revision);
      return revision > 1 ? disk.promise : Promise.resolve();
    };
    const source = feeding();
    const { request } = await serve(source, { durable });
    const events = lines(await request(`${cms}?watch=true`));
    const sink = await source.sink;
    sink.event({ type: 'ADDED', object: configMap('a', '1') });
    await next(events);
    sink.event({ type: 'MODIFIED', object: configMap('a', '2') });
    let seen = false;
    const second = next(events).then((event) => {
      seen = true;
      return event;
    });
    for (let round = 0; round < 20; round++) await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toBe(false);
    disk.resolve();
    expect(await second).toMatchObject({ object: { metadata: { resourceVersion: '2' } } });
    expect(asked).toEqual([1, 2]);
  });

  it('cuts off a reader that is too far behind', async () => {
    const source = feeding();
    const { request } = await serve(source);
    await request(`${cms}?watch=true`);
    const sink = await source.sink;
    const object = configMap('a', '1', { text: 'x'.repeat(4_000) });
    for (let count = 0; count < waitingEvents + 1; count++) sink.event({ type: 'MODIFIED', object });
    await source.stopped;
  });

  it('begins with a state of any size', async () => {
    const count = waitingEvents + 500;
    const watch: ApiHandler['watch'] = async (_request, sink) => {
      for (let index = 0; index < count; index++) sink.event({ type: 'ADDED', object: configMap(`cm-${index}`) });
      return { stop: () => {} };
    };
    const { request } = await serve({ watch });
    const events = lines(await request(`${cms}?watch=true`));
    for (let index = 0; index < count; index++) expect((await next(events)).type).toBe('ADDED');
    await events.return(undefined);
  });

  it('brings Tables, with columns once', async () => {
    const source = feeding();
    const { request } = await serve(source);
    const events = lines(await request(`${cms}?watch=true`, { headers: tableAccept }));
    const sink = await source.sink;
    sink.event({ type: 'ADDED', object: configMap('a') });
    sink.event({
      type: 'BOOKMARK',
      object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { resourceVersion: '7' } },
    });
    sink.event({ type: 'MODIFIED', object: configMap('a') });
    const objects = [await next(events), await next(events), await next(events)].map(
      ({ object }) => object as JsonObject,
    );
    expect(objects.map((table) => (table.columnDefinitions as unknown[] | null)?.length)).toEqual([
      3,
      undefined,
      undefined,
    ]);
    expect(objects.map((table) => (table.rows as unknown[]).length)).toEqual([1, 1, 1]);
    expect(objects[1]).toMatchObject({
      metadata: { resourceVersion: '7' },
      rows: [{ object: { metadata: { resourceVersion: '7' } } }],
    });
    await events.return(undefined);
  });

  it('that cannot begin is refused with a Status', async () => {
    const { request } = await serve({
      watch: async () => {
        throw failure('Expired', 'too old');
      },
    });
    expect((await request(`${cms}?watch=true`)).status).toBe(410);
  });
});
