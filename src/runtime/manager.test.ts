import { describe, expect, it } from 'vitest';
import type { InformerFactory } from '#client/informer/informer.ts';
import { loadingOf } from '#client/informer/loading.ts';
import { conflict, serviceUnavailable } from '#kube/status/errors.ts';
import { sleep } from '#world/clock/clock.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { controllerManager } from './manager.ts';
import { done, type Enqueue, type Reconcile, requeueAfter, terminal } from './reconciler.ts';
import { createLog } from './telemetry/log.ts';
import { createMetrics } from './telemetry/metrics.ts';

function setUp(reconcile: Reconcile, { workers = 2, mayAct = (): boolean => true } = {}) {
  const clock = simulatedClock();
  const metrics = createMetrics();
  const lines: string[] = [];
  const log = createLog({ clock, write: (line) => lines.push(line), format: 'text', level: 'info' });
  const synced = Promise.withResolvers<void>();
  const informers = [{ whenSynced: () => synced.promise }] as unknown as InformerFactory[];
  let enqueue: Enqueue = () => {};
  const keep = (given: Enqueue) => {
    enqueue = given;
  };
  const controller = { name: 'test', workers, setUp: keep, reconcile };
  const manager = controllerManager({
    controllers: [controller],
    informers,
    clock,
    metrics,
    log,
    leadership: { mayAct },
  });
  const start = async () => {
    const started = manager.start();
    synced.resolve();
    await started;
    await clock.settle();
  };
  return { clock, metrics, lines, manager, start, synced, enqueue: (...args: Parameters<Enqueue>) => enqueue(...args) };
}

describe('a controller manager', () => {
  it('sets up, waits for the informers, then works what came meanwhile, user edits first', async () => {
    const seen: string[] = [];
    const { clock, manager, enqueue, synced } = setUp(
      async (key) => {
        seen.push(key);
        return done;
      },
      { workers: 1 },
    );
    const started = manager.start();
    enqueue('initial', 'low');
    enqueue('edit');
    await clock.settle();
    expect(seen).toEqual([]);
    synced.resolve();
    await started;
    await clock.settle();
    expect(seen).toEqual(['edit', 'initial']);
    expect(manager.running()).toBe(true);
    await expect(manager.start()).rejects.toThrow('started once');
  });

  it('holds first looks back while a first list is under way, and no edit', async () => {
    const seen: string[] = [];
    const { clock, start, enqueue } = setUp(async (key) => {
      seen.push(key);
      return done;
    });
    await start();
    const loaded = loadingOf(clock).begin();
    enqueue('initial', 'low');
    await clock.settle();
    enqueue('edit');
    await clock.settle();
    expect(seen).toEqual(['edit']);
    loaded();
    await clock.settle();
    expect(seen).toEqual(['edit', 'initial']);
  });

  it('runs as many at a time as there are workers, never two for one key, and once more when asked meanwhile', async () => {
    const clockRef: { clock?: ReturnType<typeof simulatedClock> } = {};
    const log: string[] = [];
    let running = 0;
    const env = setUp(async (key) => {
      running++;
      log.push(`${key} with ${running}`);
      await sleep(clockRef.clock!, 100);
      running--;
      return done;
    });
    clockRef.clock = env.clock;
    await env.start();
    for (const key of ['a', 'b', 'c', 'a']) env.enqueue(key);
    await env.clock.advance(10);
    env.enqueue('a');
    env.enqueue('a');
    await env.clock.advance(1_000);
    expect(log).toEqual(['a with 1', 'b with 2', 'c with 2', 'a with 2']);
  });

  it('interprets every result in its way', async () => {
    const at: string[] = [];
    const answers: Record<string, () => ReturnType<Reconcile>> = {
      later: async () => (at.length > 1 ? done : requeueAfter(1_000, 'not yet')),
      failing: async () => {
        if (at.length < 3) throw serviceUnavailable('member is away');
        return done;
      },
      hopeless: async () => terminal('the placement is not supported'),
      broken: async () => {
        throw new TypeError('x is not a function');
      },
    };
    const env = setUp(async (key) => {
      at.push(`${key}@${env.clock.monotonic()}`);
      return answers[key]!();
    });
    await env.start();
    const run = async (key: string, ms: number) => {
      at.length = 0;
      const from = env.clock.monotonic();
      env.enqueue(key);
      await env.clock.advance(ms);
      return at.map((each) => Number(each.split('@')[1]) - from);
    };
    expect(await run('later', 5_000)).toEqual([0, 1_000]);
    expect(await run('failing', 1_000)).toEqual([0, 5, 15]);
    expect(await run('hopeless', 100_000)).toEqual([0]);
    expect(env.manager.status()[0]!.troubles).toMatchObject([
      { key: 'hopeless', reason: 'the placement is not supported', terminal: true, times: 1 },
    ]);
    expect(await run('broken', 40)).toEqual([0, 5, 15, 35]);
    expect(env.manager.status()[0]).toMatchObject({ name: 'test', waiting: 0, delayed: 1, active: 0, workers: 2 });
    const text = env.metrics.text();
    for (const line of [
      'controller_runtime_reconcile_total{controller="test",result="requeue_after"} 1',
      'controller_runtime_reconcile_total{controller="test",result="success"} 2',
      'controller_runtime_reconcile_errors_total{controller="test"} 6',
      'controller_runtime_terminal_reconcile_errors_total{controller="test"} 1',
      'controller_runtime_reconcile_panics_total{controller="test"} 4',
      'workqueue_retries_total{name="test",controller="test"} 6',
      'workqueue_depth{name="test",controller="test",priority="high"} 0',
    ]) {
      expect(text).toContain(`${line}\n`);
    }
    expect(env.lines.filter((line) => line.includes('Reconciling failed'))).toHaveLength(6);
    expect(env.lines.at(-1)).toMatch(/ {4}at /);
  });

  it('takes a conflict up again at once, five times, then backs off', async () => {
    let tries = 0;
    const env = setUp(async () => {
      tries++;
      throw conflict({ group: 'apps', resource: 'deployments' }, 'web', 'stale');
    });
    await env.start();
    env.enqueue('web');
    await env.clock.settle();
    expect(tries).toBe(6);
    await env.clock.advance(5);
    expect(tries).toBe(12);
    expect(env.metrics.text()).toContain('controller_runtime_reconcile_errors_total{controller="test"} 2\n');
  });

  it('stops taking work up and waits for what is under way', async () => {
    const finished: string[] = [];
    const env = setUp(async (key) => {
      await sleep(env.clock, 50);
      finished.push(key);
      return done;
    });
    await env.start();
    for (const key of ['a', 'b', 'c']) env.enqueue(key);
    await env.clock.settle();
    let stopped = false;
    void env.manager.stop().then(() => {
      stopped = true;
    });
    await env.clock.advance(49);
    expect(stopped).toBe(false);
    await env.clock.advance(1_000);
    expect(stopped).toBe(true);
    expect(finished).toEqual(['a', 'b']);
  });

  it('reconciles nothing once the lease may be lost', async () => {
    let mine = true;
    const seen: string[] = [];
    const env = setUp(
      async (key) => {
        seen.push(key);
        return done;
      },
      { mayAct: () => mine },
    );
    await env.start();
    env.enqueue('a');
    await env.clock.settle();
    mine = false;
    env.enqueue('b');
    await env.clock.settle();
    mine = true;
    env.enqueue('c');
    await env.clock.advance(1_000);
    expect(seen).toEqual(['a']);
  });
});
