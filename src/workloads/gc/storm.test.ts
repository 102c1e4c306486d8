/**
 * The garbage collector between bad networks and people: whatever is late, lost, refused, forgotten and told twice, in
 * the end exactly what must be gone is gone. FLOTILLA_SEED=n runs one seed alone.
 */
import { describe, expect, test } from 'vitest';
import { Namespaces } from '#apis/kubernetes/types.ts';
import { type Faults, faultyHandler } from '#client/faulty.ts';
import { rounds } from '#harness/soak.ts';
import type { ApiHandler } from '#kube/request/request.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { startTestCluster } from '../workloads.cases.ts';
import { ends, people } from './people.cases.ts';

const alone = Number(process.env.FLOTILLA_SEED ?? 0);
const seeds = alone ? [alone] : Array.from({ length: rounds({ test: 10, soak: 500 }) }, (_, i) => i + 1);
const actions = 80;
/** Simulated: longer than any back-off the storm has left behind, and what discovery and namespaces wait. */
const calmMs = 90_000;
const quietMs = 30_000;

/** What reaches the API server, from whom it does not matter. */
function counting(handler: ApiHandler) {
  const counts = { requests: 0, snapshots: new Map<string, number>() };
  const counted: ApiHandler = {
    ...handler,
    handle: (request) => {
      counts.requests++;
      return handler.handle(request);
    },
    watch: (request, sink) => {
      const { path, options } = request;
      const id = `${path.group}/${path.resource}`;
      counts.requests++;
      if (options.sendInitialEvents) counts.snapshots.set(id, (counts.snapshots.get(id) ?? 0) + 1);
      return handler.watch(request, sink);
    },
  };
  return { counts, counted };
}

async function storm(
  seed: number,
): Promise<{ readonly problems: readonly string[]; readonly story: readonly string[] }> {
  const random = seededRandom(seed);
  let faults: Faults = {};
  let counts: ReturnType<typeof counting>['counts'] | undefined;
  const cluster = await startTestCluster({
    names: ['gc', 'namespace'],
    through: (handler, { clock }) => {
      const counter = counting(handler);
      counts = counter.counts;
      return faultyHandler(counter.counted, { clock, random: seededRandom(seed * 31), faults: () => faults });
    },
  });
  const { client, clock } = cluster;
  await client.resource(Namespaces).create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: ends }, spec: {} });
  const crowd = people(client, random);
  const story: string[] = [];
  const tell = (text: string) => text && story.push(`${String(Math.round(clock.monotonic())).padStart(7)} ${text}`);
  faults = {
    delayMs: [0, 20 * random.next()],
    refusals: 0.1 * random.next(),
    lostAnswers: 0.1 * random.next(),
    watchDelayMs: [0, 300 * random.next()],
    watchDrops: 0.1 * random.next(),
    expiries: 0.5 * random.next(),
    repeats: 0.3 * random.next(),
  };
  for (let i = 0; i < actions; i++) {
    tell(await crowd.act());
    if (random.next() < 0.3) await clock.advance(random.next() * 300);
    if (random.next() > 0.03) continue;
    tell('the controllers start anew');
    await cluster.restart();
  }
  faults = {};
  await crowd.letGo();
  counts!.snapshots.clear();
  await clock.advance(calmMs);
  const problems = [...(await crowd.problems())];
  for (const [id, times] of counts!.snapshots)
    if (times > 1) problems.push(`${id} was listed ${times} times in the calm`);
  counts!.requests = 0;
  await clock.advance(quietMs);
  if (counts!.requests > 0) problems.push(`${counts!.requests} requests when nothing happens any more`);
  await cluster.stop();
  return { problems, story };
}

describe('garbage collection in a storm', () => {
  for (const seed of seeds) {
    test(`seed ${seed}`, async () => {
      const { problems, story } = await storm(seed);
      expect(problems, `FLOTILLA_SEED=${seed} runs this storm alone:\n${story.join('\n')}\n`).toEqual([]);
    });
  }
});
