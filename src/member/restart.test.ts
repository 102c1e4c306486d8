import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Nodes } from '#apis/kubernetes/types.ts';
import { openLmdbJournal } from '#server/storage/lmdb.ts';
import { journaledStore, memoryStore } from '#server/storage/memory.ts';
import type { Store } from '#server/storage/store.ts';
import { type SimulatedClock, simulatedClock } from '#world/clock/simulated.ts';
import { systemClock } from '#world/clock/system.ts';
import { createIn, deployment, startTestMember, type TestMember, type TestMemberOptions } from './member.fixture.ts';

/** What must not change: identity, revision and restarts of every Pod. */
async function pictureOf(member: TestMember): Promise<readonly string[]> {
  const pods = await member.pods();
  return pods.map(({ metadata, status }) => {
    const restarts = status?.containerStatuses?.map(({ restartCount }) => restartCount).join();
    return `${metadata.name} ${metadata.uid} ${metadata.resourceVersion} ${restarts} ${status?.podIP}`;
  });
}

const workloads = [deployment('web', 30), deployment('api', 15), deployment('tools', 5)];

async function firstLife(options: TestMemberOptions): Promise<readonly string[]> {
  const member = await startTestMember(options);
  await createIn(member, ...workloads);
  await member.clock.advance(5_000);
  const picture = await pictureOf(member);
  expect(picture).toHaveLength(50);
  await member.stop();
  return picture;
}

describe.each<[string, (clock: SimulatedClock) => Promise<() => Promise<Store>>]>([
  [
    'memory',
    async (clock) => {
      const store = memoryStore({ clock, freeze: true });
      return async () => store;
    },
  ],
  [
    'LMDB, opened anew',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'flotilla-member-'));
      onTestFinished(() => rm(folder, { recursive: true, force: true }));
      const path = join(folder, 'store');
      return async () =>
        journaledStore(
          { clock: systemClock },
          await openLmdbJournal(path, { clock: systemClock, createdBy: 'flotilla test', shownPath: path }),
        );
    },
  ],
])('started again on %s', (name, make) => {
  test('no Pod is written, restarted or made anew', async () => {
    const clock = simulatedClock();
    const open = await make(clock);
    const store = await open();
    const before = await firstLife({ clock, store });
    if (name !== 'memory') await store.close();
    const again = name === 'memory' ? store : await open();
    const member = await startTestMember({ clock, store: again });
    await clock.advance(30_000);
    expect(await pictureOf(member)).toEqual(before);
    expect(member.writes.filter((each) => !each.startsWith('update leases'))).toEqual([]);
    // New ones get what nobody has.
    await createIn(member, deployment('later', 2));
    const addresses = (await member.pods()).map(({ status }) => status?.podIP);
    expect(new Set(addresses).size).toBe(52);
    await member.stop();
    await again.close();
  });
});

test.each([
  ['an hour fast', 3_600_000],
  ['an hour slow', -3_600_000],
])('a clock that is %s after the restart touches no Pod and no node', async (_, skewMs) => {
  const clock = simulatedClock();
  const store = memoryStore({ clock, freeze: true });
  const before = await firstLife({ clock, store });
  const member = await startTestMember({ clock, store, skewMs });
  await clock.advance(120_000);
  expect(await pictureOf(member)).toEqual(before);
  const { items } = await member.client.resource(Nodes).list();
  expect(items.flatMap(({ spec }) => spec?.taints ?? [])).toEqual([]);
  await member.stop();
  await store.close();
});
