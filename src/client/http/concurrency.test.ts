import { describe, expect, it } from 'vitest';
import { simulatedClock } from '#world/clock/simulated.ts';
import { Concurrency, type Outcome } from './concurrency.ts';

const setUp = () => {
  const clock = simulatedClock();
  return { clock, gate: new Concurrency('member1', clock) };
};

describe('adaptive concurrency', () => {
  const round = async ({ clock, gate }: ReturnType<typeof setUp>, ms: number, outcome: Outcome = 'good') => {
    const leaves = await Promise.all(Array.from({ length: gate.limit() }, () => gate.enter()));
    await clock.advance(ms);
    for (const leave of leaves) leave(outcome);
  };

  it('grows by about one a round of good answers, up to the pool', async () => {
    const env = setUp();
    expect(env.gate.limit()).toBe(16);
    await round(env, 10);
    await round(env, 10);
    await round(env, 10);
    expect(env.gate.limit()).toBeGreaterThanOrEqual(17);
    expect(env.gate.limit()).toBeLessThanOrEqual(18);
    for (let i = 0; i < 200; i++) await round(env, 10);
    expect(env.gate.limit()).toBe(64);
  });

  it('halves once for one moment of pressure, down to one', async () => {
    const env = setUp();
    await round(env, 10, 'overloaded');
    expect(env.gate.limit()).toBe(8);
    for (let i = 0; i < 10; i++) await round(env, 1_000, 'overloaded');
    expect(env.gate.limit()).toBe(1);
  });

  it('shrinks when answers grow slow, not for lists', async () => {
    const env = setUp();
    for (let i = 0; i < 5; i++) await round(env, 20);
    const usual = env.gate.limit();
    await round(env, 5_000, 'unmeasured');
    expect(env.gate.limit()).toBe(usual);
    for (let i = 0; i < 5; i++) await round(env, 2_000);
    expect(env.gate.limit()).toBeLessThan(usual);
  });

  it('lets in at most its limit, in order, and whoever gives up leaves the queue', async () => {
    const { clock, gate } = setUp();
    const leaves = await Promise.all(Array.from({ length: 16 }, () => gate.enter()));
    const seen: string[] = [];
    const abort = new AbortController();
    const first = gate.enter().then(() => seen.push('first'));
    const second = gate.enter(abort.signal).catch((error: Error) => seen.push(error.message));
    void gate.enter().then(() => seen.push('third'));
    abort.abort(new Error('gave up'));
    await second;
    expect(gate.waiting()).toBe(2);
    leaves[0]!('unmeasured');
    leaves[0]!('unmeasured');
    await first;
    await clock.settle();
    expect(seen).toEqual(['gave up', 'first']);
    await expect(gate.enter(AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
  });

  it('sends nothing while paused', async () => {
    const { clock, gate } = setUp();
    let entered = false;
    gate.pause(5_000);
    void gate.enter().then(() => {
      entered = true;
    });
    await clock.advance(4_999);
    expect(entered).toBe(false);
    await clock.advance(1);
    expect(entered).toBe(true);
  });

  it('tells callers to come later beyond its queue', async () => {
    const { gate } = setUp();
    for (let i = 0; i < 10_016; i++) void gate.enter();
    await expect(gate.enter()).rejects.toMatchObject({ reason: 'TooManyRequests' });
  });
});
