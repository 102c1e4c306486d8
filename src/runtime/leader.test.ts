import { describe, expect, it } from 'vitest';
import { type Lease, Leases } from '#apis/kubernetes/types.ts';
import { inProcessClient } from '#client/in-process.ts';
import { memoryHandler } from '#harness/memory-handler.ts';
import { serviceUnavailable } from '#kube/status/errors.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { electLeader } from './leader.ts';

function setUp() {
  const clock = simulatedClock();
  const random = seededRandom(7);
  const handler = memoryHandler({ clock });
  const client = inProcessClient({ name: 'test', handler, user: { name: 'tester', groups: [] }, clock });
  const lease = async () =>
    (await client.resource(Leases).get({ namespace: 'karmada-system', name: 'scheduler' })) as Lease;
  const told: string[] = [];
  const candidate = (identity: string) =>
    electLeader({
      client,
      clock,
      random,
      namespace: 'karmada-system',
      name: 'scheduler',
      identity,
      events: {
        event: (object, type, reason, message) => void told.push(`${object.kind} ${type} ${reason}: ${message}`),
      },
      onStartedLeading: () => told.push(`${identity} starts`),
      onStoppedLeading: () => told.push(`${identity} stops`),
    });
  return { clock, handler, lease, candidate, told };
}

describe('leader election', () => {
  it('creates the lease, says so, and renews it every two seconds', async () => {
    const { clock, candidate, lease, told, handler } = setUp();
    const one = candidate('one');
    await clock.settle();
    expect([one.isLeader(), one.mayAct(), one.leader()]).toEqual([true, true, 'one']);
    expect(told).toEqual(['Lease Normal LeaderElection: one became leader', 'one starts']);
    expect((await lease()).spec).toEqual({
      holderIdentity: 'one',
      leaseDurationSeconds: 15,
      renewTime: '2026-01-01T00:00:00.000000Z',
      acquireTime: '2026-01-01T00:00:00.000000Z',
      leaseTransitions: 0,
    });
    await clock.advance(10_000);
    expect((await lease()).spec.renewTime).toBe('2026-01-01T00:00:10.000000Z');
    expect(handler.requests.filter(({ verb }) => verb === 'update')).toHaveLength(5);
  });

  it("takes over a lease that has not changed for its duration, by the taker's own clock", async () => {
    const { clock, candidate, lease, handler } = setUp();
    // The holder's clock is a year ahead: only whether the lease changes counts.
    const spec = {
      holderIdentity: 'dead',
      leaseDurationSeconds: 15,
      renewTime: '2027-01-01T00:00:00.000000Z',
      leaseTransitions: 3,
    };
    const metadata = { namespace: 'karmada-system', name: 'scheduler' };
    handler.put('leases', { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec } as Lease);
    const two = candidate('two');
    await clock.advance(14_000);
    expect([two.isLeader(), two.leader()]).toEqual([false, 'dead']);
    await clock.advance(6_000);
    expect(two.isLeader()).toBe(true);
    expect((await lease()).spec).toMatchObject({ holderIdentity: 'two', leaseTransitions: 4 });
  });

  it('gives the lease back on stop, so that the next need not wait', async () => {
    const { clock, candidate, lease, told } = setUp();
    const one = candidate('one');
    await clock.settle();
    const two = candidate('two');
    await clock.advance(30_000);
    expect([one.isLeader(), two.isLeader()]).toEqual([true, false]);
    await one.stop();
    expect((await lease()).spec).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1 });
    expect(one.mayAct()).toBe(false);
    await clock.advance(4_500);
    expect(two.isLeader()).toBe(true);
    expect((await lease()).spec).toMatchObject({ holderIdentity: 'two', leaseTransitions: 1 });
    expect(told).not.toContain('one stops');
  });

  it('stops acting at its own deadline when it cannot renew, before anybody else may take over', async () => {
    const { clock, candidate, handler, told } = setUp();
    const one = candidate('one');
    await clock.advance(1_000);
    handler.failNext('update', serviceUnavailable('away'), 100);
    await clock.advance(8_999);
    expect(one.mayAct()).toBe(true);
    await clock.advance(1);
    expect([one.mayAct(), one.isLeader()]).toEqual([false, false]);
    expect(told.at(-1)).toBe('one stops');
  });

  it('recovers from a write of somebody else between two renewals', async () => {
    const { clock, candidate, lease, handler } = setUp();
    const one = candidate('one');
    await clock.settle();
    const current = await lease();
    handler.put('leases', { ...current, metadata: { ...current.metadata, labels: { touched: 'yes' } } } as Lease);
    await clock.advance(9_000);
    expect(one.isLeader()).toBe(true);
    expect((await lease()).metadata.labels).toEqual({ touched: 'yes' });
  });
});
