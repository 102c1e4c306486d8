/** One simulated day from a seed: a stormy part, a calm, another storm, another calm. Answers what was wrong, and its story. */
import type { Faults } from '#client/faulty.ts';
import { kubectl } from '#harness/kubectl.ts';
import type { Random } from '#world/random/random.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { count, running, service } from './applications.ts';
import { problemsAtTheEnd } from './ending.ts';
import { type Fleet, startFleet } from './fleet.ts';
import { type Ledger, ledger } from './ledger.ts';
import { people, type Temper } from './people.ts';

const tempers: readonly Temper[] = ['preserving', 'late', 'plain'];
const components = ['karmada-controller-manager', 'karmada-scheduler', 'kube-controller-manager'];
const storms = 2;
const actionsPerStorm = 14;
/** Simulated: longer than any back-off the storm has left behind. */
const calmMs = 60_000;
const quietMs = 20_000;

const stormFrom = (random: Random): Faults => ({
  delayMs: [0, 20 * random.next()],
  refusals: 0.06 * random.next(),
  lostAnswers: 0.06 * random.next(),
  watchDelayMs: [0, 200 * random.next()],
  watchDrops: 0.02 * random.next(),
  expiries: 0.3 * random.next(),
  repeats: 0.3 * random.next(),
});

export interface Day {
  readonly problems: readonly string[];
  /** What happened, a line each, with the simulated time. */
  readonly story: readonly string[];
}

export async function simulate(seed: number): Promise<Day> {
  const fleet = await startFleet(seed);
  const story: string[] = [];
  try {
    return { problems: await day(fleet, seed, story), story };
  } finally {
    fleet.setFaults({});
    await fleet.flow.stop();
  }
}

async function day(fleet: Fleet, seed: number, story: string[]): Promise<readonly string[]> {
  const { flow } = fleet;
  const random = seededRandom(seed * 7919);
  const temper = tempers[seed % tempers.length]!;
  const tell = (text: string) => story.push(`${String(flow.clock.monotonic()).padStart(7)} ${text}`);
  tell(`seed ${seed}, ${temper}`);
  const control = kubectl(flow.control);
  const member1 = kubectl(flow.member('member1'));
  for (let i = 0; i < count; i++) {
    await flow.drive(member1.apply(running(i)));
    await flow.drive(member1.apply(service(i)));
  }
  await flow.pass(5_000);
  const watch = ledger(flow);
  const act = people({ control, member1, ledger: watch, random, temper });
  for (let storm = 0; storm < storms; storm++) {
    await watch.protectPods();
    fleet.setFaults(stormFrom(random));
    for (let i = 0; i < actionsPerStorm; i++) {
      const told = random.next() < 0.25 ? await mishap(fleet, random) : await flow.drive(act());
      if (told) tell(told);
      if (random.next() < 0.7) await flow.pass(random.next() * 1_500);
      const harmed = await watch.harmed();
      if (harmed.length > 0) return harmed;
    }
    const problems = await calm(fleet, watch);
    if (problems.length > 0) return problems;
    tell('all is well');
  }
  return restartChangesNothing(fleet);
}

/** A component ends, cleanly or not, and comes back; a member is away for a while. */
async function mishap({ flow, members }: Fleet, random: Random): Promise<string> {
  const component = components[Math.floor(random.next() * components.length)]!;
  const pauseMs = random.next() * 1_000;
  const kind = random.next();
  if (kind < 0.3) {
    const name = random.next() < 0.6 ? 'member1' : 'member2';
    const { faults } = members.get(name)!;
    faults.setApi({ unreachable: true });
    await flow.pass(pauseMs * 3);
    faults.setApi({});
    return `${name} is away for ${Math.round(pauseMs * 3)} ms`;
  }
  if (kind < 0.7) flow.killComponent(component);
  else await flow.stopComponents(component);
  await flow.pass(pauseMs);
  await flow.startComponents();
  return `${component} is ${kind < 0.7 ? 'killed' : 'stopped'}, back after ${Math.round(pauseMs)} ms`;
}

/** No faults any more: everything converges, and writes stop. */
async function calm({ flow, setFaults }: Fleet, watch: Ledger): Promise<readonly string[]> {
  setFaults({});
  await flow.pass(calmMs);
  const before = flow.writes.length;
  await flow.pass(quietMs);
  const late = flow.writes.slice(before).map(({ server, component, request: { verb, path } }) => {
    return `${component} still writes: ${verb} ${path.resource} ${path.namespace ?? ''}/${path.name ?? ''} on ${server}`;
  });
  return [...(await problemsAtTheEnd(flow, watch)), ...new Set(late)];
}

/** What stands is what would be written again: components that start anew find nothing to do. */
async function restartChangesNothing({ flow }: Fleet): Promise<readonly string[]> {
  await flow.stopComponents();
  const before = flow.writes.length;
  await flow.startComponents();
  await flow.pass(quietMs);
  return flow.writes
    .slice(before)
    .map(
      ({ server, component, request: { verb, path } }) =>
        `after a restart, ${component}: ${verb} ${path.resource}/${path.subresource ?? ''} ${path.namespace ?? ''}/${path.name ?? ''} on ${server}`,
    );
}
