/** The waves one after another, as the holder of the record; what fails beyond the budget is taken back. */
import { informerFactory } from '#client/informer/factory.ts';
import type { InformerFactory } from '#client/informer/informer.ts';
import { timestamp } from '#world/clock/clock.ts';
import { titleOf } from '../model.ts';
import type { Held } from '../record/lock.ts';
import { stateOf, type WaveChange, withWave } from '../record/record.ts';
import { finished } from './begin.ts';
import { watchBindings } from './bindings.ts';
import type { CheckOptions } from './check.ts';
import { readLive } from './live.ts';
import type { ApplyOptions, Ended } from './options.ts';
import { guardPods, type Harm } from './pods.ts';
import { runWave, type SharedByWaves } from './run-wave.ts';
import type { Schedule } from './schedule.ts';

interface Watches {
  readonly control: InformerFactory;
  readonly member: InformerFactory;
}

export async function execute(
  options: ApplyOptions,
  check: CheckOptions,
  held: Held,
  schedule: Schedule,
): Promise<Ended> {
  const { control, from, clock, random } = options;
  const watches = {
    control: informerFactory(control.client, { clock, random }),
    member: informerFactory(from.client, { clock, random }),
  };
  try {
    await options.keepEvidence?.(held.record().waves.some(({ state }) => state !== 'pending'));
    const shared = await prepare(options, check, held, watches);
    const ended = await waves(options, held, schedule, shared);
    return { ...ended, leftOut: schedule.leftOut };
  } finally {
    watches.control.stop();
    watches.member.stop();
  }
}

/** What all waves share: the watches, and who may still write. */
async function prepare(
  options: ApplyOptions,
  check: CheckOptions,
  held: Held,
  watches: Watches,
): Promise<SharedByWaves> {
  const { plan, control, from, clock, settings, stopping } = options;
  const bindingOf = await watchBindings(watches.control);
  const guard = await guardPods({
    client: from.client,
    informers: watches.member,
    ...(plan.spec.scope.namespaces ? { namespaces: plan.spec.scope.namespaces } : {}),
    objects: plan.objects.filter(({ wave }) => wave !== undefined),
    mayRestart: check.mayRestart,
    wanted: async (object) => {
      const [live] = (await readLive(from, [object])).values();
      return (live?.spec as { readonly replicas?: number } | undefined)?.replicas;
    },
  });
  const trouble = () =>
    [...watches.control.informers(), ...watches.member.informers()]
      .map((each) => each.lastError())
      .find((error) => error !== undefined);
  return {
    check,
    writer: { control, plan: plan.metadata.name, clock },
    settle: { from: from.cluster, bindingOf, guard, trouble, clock, timeoutMs: settings.timeoutMs, stopping },
    mayWrite: held.check,
  };
}

async function waves(
  options: ApplyOptions,
  held: Held,
  { waves: all }: Schedule,
  shared: SharedByWaves,
): Promise<Ended> {
  const { settings, clock } = options;
  const failed: Harm[] = [];
  const paused = (why: string): Ended => ({ is: 'paused', record: held.record(), why, leftOut: [] });
  for (const wave of all) {
    const end = await runWave(options, held, wave, shared, failed);
    failed.push(...end.failed);
    if (end.is === 'over-budget') return takeBack(options, held, wave.number, failureWords(failed));
    if (end.is === 'stopped') return paused(end.why);
    if (settings.pauseAfter === wave.number && wave !== all.at(-1)) {
      return paused(`paused after wave ${wave.number}, as it was asked to`);
    }
  }
  const record = await held.change((each) => finished(each, timestamp(clock.now())));
  if (stateOf(record) === 'applied') return { is: 'applied', record, leftOut: [] };
  return paused(`${failureWords(failed)}; that is within --max-failures`);
}

function failureWords(failed: readonly Harm[]): string {
  const [{ object, why }] = failed as readonly [Harm];
  const first = `${titleOf(object)}: ${why}`;
  return failed.length === 1 ? first : `${failed.length} objects failed, first ${first}`;
}

/** Level-based: done again by --resume where it did not come to its end. */
export async function takeBack(options: ApplyOptions, held: Held, wave: number, why: string): Promise<Ended> {
  const { rollBack, clock, tell } = options;
  const note = (change: WaveChange) =>
    held.change((record) => withWave(record, wave, { ...change, why }, timestamp(clock.now())));
  if (!rollBack) return { is: 'failed', record: await note({ state: 'failed' }), why, leftOut: [] };
  await note({ state: 'rolling-back' });
  tell(`wave ${wave}: ${why}; taking it back`);
  await rollBack(wave);
  return { is: 'rolled-back', record: await note({ state: 'rolled-back', applied: 0 }), why, leftOut: [] };
}
