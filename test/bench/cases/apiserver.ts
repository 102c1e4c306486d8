/**
 * The API server alone, beside a real kube-apiserver on etcd in the same run where the binaries are there: phase by
 * phase, one after the other, so that an hour in which the machine is slow is slow for both.
 */
import { join } from 'node:path';
import { until } from '#harness/until.ts';
import { type Contestant, usageOfAll } from '../apiserver/contestant.ts';
import { fanOut } from '../apiserver/fan-out.ts';
import { startOwn } from '../apiserver/own.ts';
import { createMap, listMaps, type Phase, phases } from '../apiserver/phases.ts';
import { startReal } from '../apiserver/real.ts';
import { type Wire, wireTo } from '../apiserver/wire.ts';
import { type Bench, type BenchRun, type Figure, mebibytes, milliseconds, perSecond, seconds } from '../bench.ts';
import { connections, inParallel } from '../load.ts';
import { settle } from '../migration.ts';
import { percentile } from '../statistics.ts';

/** Of the phases before there are many. */
const some = 5_000;
/** So many of each phase come first, untimed: a server is seldom measured by whoever has just started it. */
const warmUp = 1_000;
const defaultCount = 100_000;
const listsOfMany = 5;
const restartPatienceMs = 300_000;
const crowds = [
  { watchers: 100, events: 300 },
  { watchers: 1_000, events: 100 },
] as const;

interface Measured {
  readonly contestant: Contestant;
  readonly wire: Wire;
  readonly figures: Figure[];
}

/** Rate by wall time and by the server's CPU, and how long one request took. */
async function timed(
  { contestant, figures }: Measured,
  { options }: BenchRun,
  name: string,
  count: number,
  work: () => Promise<readonly number[]>,
): Promise<void> {
  const { prefix } = contestant;
  const inspector = contestant.inspector?.();
  if (inspector) await inspector.startProfile();
  const before = usageOfAll(contestant).cpuSeconds;
  const started = performance.now();
  const times = await work();
  const took = (performance.now() - started) / 1_000;
  const cpu = usageOfAll(contestant).cpuSeconds - before;
  const file = `${name.replaceAll(/[^\w]+/g, '-')}.cpuprofile`;
  if (inspector) await inspector.writeProfile(join(options.profile!, file));
  figures.push(perSecond(`${prefix}${name}`, count / took), perSecond(`${prefix}${name} per CPU second`, count / cpu));
  for (const p of times.length > 0 ? [50, 99] : [])
    figures.push(milliseconds(`${prefix}${name} p${p}`, percentile(times, p / 100)));
}

const runPhase = (measured: Measured, run: BenchRun, { name, count, request, atOnce = connections }: Phase) =>
  timed(measured, run, name, count, () => {
    const requests = Array.from({ length: count }, (_, index) => request(index));
    return inParallel(count, (index) => measured.wire.ask(requests[index]!), atOnce);
  });

async function warm({ wire }: Measured): Promise<void> {
  for (const { count, request, atOnce = connections } of phases(warmUp, some))
    await inParallel(Math.min(count, warmUp), (index) => wire.ask(request(index)), atOnce);
}

async function watchPhases(measured: Measured, run: BenchRun): Promise<void> {
  for (const crowd of crowds) {
    const { watchers, events } = crowd;
    const name = `watch, ${events} events to ${watchers} watchers`;
    const timing = (work: () => Promise<void>) =>
      timed(measured, run, name, watchers * events, async () => {
        await work();
        return [];
      });
    await fanOut(measured.contestant, measured.wire, crowd, timing);
  }
}

/** With `count` objects: memory for one, lists of all, and a restart until all of them are listed again. */
async function withMany(measured: Measured, run: BenchRun, count: number): Promise<void> {
  const { contestant, wire, figures } = measured;
  const { prefix } = contestant;
  const before = usageOfAll(contestant).residentBytes;
  await timed(measured, run, `create ${count.toLocaleString('en')}`, count, () =>
    inParallel(count, (index) => wire.ask(createMap(index))),
  );
  await settle();
  const { residentBytes } = usageOfAll(contestant);
  figures.push({ name: `${prefix}memory per object`, unit: 'kB', value: (residentBytes - before) / count / 1_000 });
  figures.push(mebibytes(`${prefix}memory with ${count.toLocaleString('en')}`, residentBytes));
  await timed(measured, run, `list ${count.toLocaleString('en')}`, listsOfMany, () =>
    inParallel(listsOfMany, () => wire.ask(listMaps), 1),
  );
  const started = performance.now();
  await contestant.restart();
  figures.push(seconds(`${prefix}restart`, performance.now() - started));
  const again = wireTo(contestant.access);
  // kube-apiserver says 429 while it fills its cache.
  await until('all are listed again', async () => (await again.ask(listMaps)) > 0, restartPatienceMs);
  figures.push(seconds(`${prefix}restart until listed`, performance.now() - started));
  await again.close();
  figures.push(mebibytes(`${prefix}peak memory`, usageOfAll(contestant).peakBytes));
}

/** How ours stands to the real one: above 1 is better, whatever the figure is. */
function ratios(own: readonly Figure[], real: readonly Figure[], prefix: string): readonly Figure[] {
  const byName = new Map(real.map((figure) => [figure.name, figure.value]));
  return own.flatMap(({ name, unit, value }) => {
    const other = byName.get(prefix + name);
    if (other === undefined) return [];
    return [{ name: `ratio: ${name}`, unit: '' as const, value: unit === '/s' ? value / other : other / value }];
  });
}

export const apiserver: Bench = {
  name: 'apiserver',
  summary: 'the API server beside kube-apiserver and etcd: verbs, watches, --n objects, a restart',
  runs: 1,
  defaultCount,
  run: async (run) => {
    const count = run.options.n ?? defaultCount;
    const contestants = [await startOwn(run.options), await startReal()].filter((each) => each !== undefined);
    const all = contestants.map((contestant) => ({
      contestant,
      wire: wireTo(contestant.access),
      figures: [] as Figure[],
    }));
    const each = async (what: string, work: (measured: Measured) => Promise<void>) => {
      for (const measured of all) {
        await settle();
        run.say(`${measured.contestant.prefix}${what}`);
        const known = measured.figures.length;
        await work(measured);
        for (const { name, value, unit } of measured.figures.slice(known))
          run.say(`  ${name}: ${Number(value.toPrecision(4))} ${unit}`);
      }
    };
    try {
      if (all.length === 1) run.say('kube-apiserver is not there to compare with: npm run test:conformance builds it');
      await each('warm-up', warm);
      for (const phase of phases(some).slice(0, -1))
        await each(phase.name, (measured) => runPhase(measured, run, phase));
      await each('watch', (measured) => watchPhases(measured, run));
      await each('delete', (measured) => runPhase(measured, run, phases(some).at(-1)!));
      await each(`${count} objects`, (measured) => withMany(measured, run, count));
      const [own, real] = all as Measured[];
      return [
        ...all.flatMap(({ figures }) => figures),
        ...(real ? ratios(own!.figures, real.figures, real.contestant.prefix) : []),
      ];
    } finally {
      for (const { contestant, wire } of all) {
        await wire.close();
        await contestant.stop();
      }
    }
  },
};
