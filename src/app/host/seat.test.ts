import { describe, expect, it } from 'vitest';
import { type Lease, Leases } from '#apis/kubernetes/types.ts';
import { inProcessClient } from '#client/in-process.ts';
import { memoryHandler } from '#harness/memory-handler.ts';
import { serviceUnavailable } from '#kube/status/errors.ts';
import { silentLog } from '#runtime/telemetry/log.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { takeSeat } from './seat.ts';

const namespace = 'karmada-system';
const name = 'karmada-scheduler';

function setUp() {
  const clock = simulatedClock();
  const world = { clock, random: seededRandom(3) };
  const handler = memoryHandler({ clock });
  const client = inProcessClient({ name: 'test', handler, user: { name: 'tester', groups: [] }, clock });
  const told: string[] = [];
  const heldBy = (holderIdentity: string) =>
    handler.put('leases', {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { namespace, name },
      spec: { holderIdentity, leaseDurationSeconds: 15, renewTime: '2026-01-01T00:00:00.000000Z', leaseTransitions: 4 },
    } as Lease);
  const take = (pod: string, enabled = true) => {
    const seat = takeSeat({
      name,
      pod: { name: pod, uid: `uid-of-${pod}` },
      installation: 'here',
      election: { enabled, namespace, leaseMs: 15_000, renewMs: 10_000, retryMs: 2_000 },
      client,
      world,
      log: silentLog,
      run: ({ mayAct }) => {
        told.push(`${pod} starts${mayAct() ? '' : ' without the lease'}`);
        const stop = async () => void told.push(`${pod} stops`);
        return { name, started: Promise.resolve(), running: () => true, status: () => [], stop };
      },
    });
    return seat;
  };
  const holder = async () => (await client.resource<Lease>(Leases).get({ namespace, name })).spec.holderIdentity;
  return { clock, handler, told, heldBy, take, holder };
}

describe('the seat of a component', () => {
  it('is taken at once when it is free, and free again at once afterwards', async () => {
    const { clock, told, take, holder } = setUp();
    const first = take('one');
    await clock.settle();
    expect([told, await holder()]).toEqual([['one starts'], 'one_here']);
    expect(first.component()?.name).toBe(name);
    await first.stop();
    expect(first.component()).toBeUndefined();
    take('two');
    await clock.settle();
    expect([told, await holder()]).toEqual([['one starts', 'one stops', 'two starts'], 'two_here']);
  });

  it('is taken at once from a Pod of this host whose process was killed', async () => {
    const { clock, told, heldBy, take } = setUp();
    heldBy('killed_here');
    take('one');
    await clock.settle();
    expect(told).toEqual(['one starts']);
  });

  it('is waited for while a process elsewhere holds it', async () => {
    const { clock, told, heldBy, take, holder } = setUp();
    heldBy('one_elsewhere');
    const seat = take('one');
    await clock.advance(14_000);
    expect([told, seat.component()]).toEqual([[], undefined]);
    await clock.advance(6_000);
    expect([told, await holder()]).toEqual([['one starts'], 'one_here']);
  });

  it('is left when the lease cannot be renewed, and competed for again', async () => {
    const { clock, handler, told, take } = setUp();
    const seat = take('one');
    await clock.settle();
    handler.failNext('update', serviceUnavailable('away'), 6);
    await clock.advance(11_000);
    expect([told, seat.component()]).toEqual([['one starts', 'one stops'], undefined]);
    await clock.advance(20_000);
    expect(told.at(-1)).toBe('one starts');
  });

  it('needs no lease where its flags say so', async () => {
    const { clock, handler, told, heldBy, take } = setUp();
    heldBy('one_elsewhere');
    const seat = take('one', false);
    await clock.advance(60_000);
    expect([told, handler.requests]).toEqual([['one starts'], []]);
    await seat.stop();
    expect(told.at(-1)).toBe('one stops');
  });

  it('can be left before it was taken', async () => {
    const { clock, told, heldBy, take, holder } = setUp();
    heldBy('one_elsewhere');
    const seat = take('one');
    await seat.stop();
    await clock.advance(60_000);
    expect([told, await holder()]).toEqual([[], 'one_elsewhere']);
  });
});
