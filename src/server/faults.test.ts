/** A disk that cannot be written any more, and readers that do not read, as clients of the whole server meet them. */
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { KubeList, KubeObject } from '#kube/meta/object.ts';
import { type SimulatedClock, simulatedClock } from '#world/clock/simulated.ts';
import { systemClock } from '#world/clock/system.ts';
import { listen } from '#world/network/listen.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { createDoor } from './http/door.ts';
import { answering, cms, configMap, serve, serving } from './http/serving.cases.ts';
import { startCluster } from './serve.cases.ts';
import { retryMs } from './storage/limits.ts';
import { journaledStore } from './storage/memory.ts';
import { simulatedJournal } from './storage/simulated-journal.ts';

/** Time goes on until the answer is there. */
async function meanwhile<T>(clock: SimulatedClock, answer: Promise<T>): Promise<T> {
  let over = false;
  answer.then(
    () => (over = true),
    () => (over = true),
  );
  while (!over) {
    await clock.advance(1);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return answer;
}

describe('a full disk', () => {
  it('refuses writes with what to do, while reads go on, and takes them again when there is room', async () => {
    const clock = simulatedClock();
    const journal = simulatedJournal(clock, 1);
    const store = await meanwhile(clock, journaledStore({ clock, freeze: true }, journal));
    const cluster = await meanwhile(clock, startCluster({ store, world: { clock, random: seededRandom(3) } }));
    const { request } = await serve(cluster.server.handler, { durable: cluster.server.durable });
    const maps = '/api/v1/namespaces/default/configmaps';
    const create = (name: string) => {
      const body = JSON.stringify({ metadata: { name } });
      const headers = { 'content-type': 'application/json' };
      return meanwhile(clock, request(maps, { method: 'POST', headers, body }));
    };
    expect((await create('before')).status).toBe(201);

    journal.fail(new Error('ENOSPC: no space left on device'));
    for (const name of ['first', 'second']) {
      const refused = await create(name);
      expect(refused.status).toBe(500);
      const status = JSON.parse(await refused.text()) as { reason: string; message: string };
      expect(status.reason).toBe('InternalError');
      expect(status.message).toContain('ENOSPC: no space left on device');
      expect(status.message).toContain('make room on the disk');
    }
    expect((await meanwhile(clock, request(`${maps}/before`))).status).toBe(200);
    expect((await meanwhile(clock, request('/apis/apps/v1/deployments'))).status).toBe(200);
    // What was not acknowledged is not shown.
    const listed = JSON.parse(await (await meanwhile(clock, request(maps))).text()) as KubeList;
    expect(listed.items.map(({ metadata }) => metadata.name)).toEqual(['before']);

    journal.fail(undefined);
    await clock.advance(2 * retryMs);
    expect((await create('after')).status).toBe(201);
    expect((await meanwhile(clock, request(`${maps}/after`))).status).toBe(200);
    await meanwhile(clock, store.close());
  });
});

describe('readers that do not read', () => {
  const objects = 4_000;
  const readers = 20;
  const list = {
    apiVersion: 'v1',
    kind: 'ConfigMapList',
    metadata: { resourceVersion: '9' },
    items: Array.from({ length: objects }, (_, index) =>
      configMap(`cm-${index}`, `${index}`, { text: 'x'.repeat(2_000) }),
    ) as readonly KubeObject[],
  };

  it('hold little of a list, and not for ever', async () => {
    const clock = simulatedClock();
    const api = serving({ ...answering, handle: async () => ({ code: 200, object: list, warnings: [] }) });
    // Its work is paced by the machine's clock; only its patience is tried by the other.
    const paced = { ...systemClock, after: clock.after };
    let unsent = 0;
    const responses: { readonly writableLength: number; readonly destroyed: boolean }[] = [];
    const door = createDoor(api, { clock: paced, random: seededRandom(1) });
    const listener = await listen({
      onRequest: (request, response) => {
        responses.push(response);
        door.serve(request, response);
      },
    });
    const sockets = Array.from({ length: readers }, () => {
      const socket = connect(listener.port, listener.host, () =>
        socket.write(`GET ${cms} HTTP/1.1\r\nHost: a\r\n\r\n`),
      );
      socket.on('error', () => {});
      socket.pause();
      return socket;
    });
    while (responses.length < readers || responses.some(({ writableLength }) => writableLength === 0))
      await new Promise((resolve) => setImmediate(resolve));
    for (const { writableLength } of responses) unsent = Math.max(unsent, writableLength);
    // The list is 8 MB; what waits for a reader is a piece or two of it.
    expect(unsent).toBeLessThan(300_000);
    expect(responses.some(({ destroyed }) => destroyed)).toBe(false);
    await clock.advance(60_000);
    expect(responses.every(({ destroyed }) => destroyed)).toBe(true);
    for (const socket of sockets) socket.destroy();
    await listener.close();
  });
});
