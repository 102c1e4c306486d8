import { expect, it } from 'vitest';
import type { ApiClient } from '#client/api-client.ts';
import { internalError } from '#kube/status/errors.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { statusOf } from './status.ts';

const admin = {
  resource: () => ({ list: async () => ({ items: [{ metadata: { name: 'far' } }] }) }),
} as unknown as ApiClient;

const statusWith = (durable: (revision: number) => Promise<void>) => {
  const clock = simulatedClock();
  const started = clock.now() - 5_000;
  const world = { clock, random: seededRandom(1) };
  return statusOf({
    admin,
    components: [],
    started,
    world,
    memoryBytes: 3 * 1024 * 1024,
    store: { durable, revision: () => 7 },
  });
};

it('tells of a cluster that nobody has looked at', async () => {
  const status = await statusWith(async () => {});
  expect(status).toMatchObject({ upSeconds: 5, memoryMiB: 3 });
  expect(status.clusters).toEqual([
    { name: 'far', ready: 'Unknown', reason: 'nobody has looked at it yet', version: '', nodes: '0/0' },
  ]);
  expect(status).not.toHaveProperty('problem');
});

it('tells when what was written last does not reach the disk', async () => {
  const asked: number[] = [];
  const status = await statusWith(async (revision) => {
    asked.push(revision);
    throw internalError('the data directory cannot be written (no space left on the device)');
  });
  expect(asked).toEqual([7]);
  expect(status.problem).toBe('the data directory cannot be written (no space left on the device)');
});
