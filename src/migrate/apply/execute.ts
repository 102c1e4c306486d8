/** The waves one after another, as the holder of the record; what fails beyond the budget is taken back. */
import { informerFactory } from '#client/informer/factory.ts';
import type { InformerFactory } from '#client/informer/informer.ts';
import { timestamp } from '#world/clock/clock.ts';
import { titleOf } from '../model.ts';
import { watchBindings } from '../reading/bindings.ts';
import type { Source } from '../reading/inventory.ts';
import { readLive } from '../reading/live.ts';
import type { Held } from '../record/lock.ts';
import {
  type MigrationRecord,
  stateOf,
  type WaveChange,
  type WaveRecord,
  withObjects,
  withWave,
} from '../record/record.ts';
import type { RolledBack } from '../rollback/options.ts';
import { withCopies } from '../rollback/recorded.ts';
import { arrival } from './arrival.ts';
import { finished } from './begin.ts';
import type { CheckOptions } from './check.ts';
import type { ApplyOptions, Ended } from './options.ts';
import { allOf, guardIn, guardPods, type Harm } from './pods.ts';
import { runWave, type SharedByWaves } from './run-wave.ts';
import type { Schedule } from './schedule.ts';
import { stoppedWords } from './wave.ts';

interface Watches {
  readonly control: InformerFactory;
  readonly member: InformerFactory;
  /** In the order of the check's. */
  readonly others: readonly InformerFactory[];
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
    others: check.others.map(({ client }) => informerFactory(client, { clock, random })),
  };
  try {
    await options.keepEvidence?.(held.record().waves.some(({ state }) => state !== 'pending'));
    const shared = await prepare(options, check, held, watches);
    const ended = await waves(options, held, schedule, shared);
    return { ...ended, leftOut: schedule.leftOut };
  } finally {
    watches.control.stop();
    watches.member.stop();
    for (const each of watches.others) each.stop();
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
  const guard = (source: Source, informers: InformerFactory) =>
    guardPods({
      client: source.client,
      informers,
      ...(plan.spec.scope.namespaces ? { namespaces: plan.spec.scope.namespaces } : {}),
      objects: plan.objects.filter(({ wave }) => wave !== undefined),
      mayRestart: check.mayRestart,
      wanted: async (object) => {
        const [live] = (await readLive(source, [object])).values();
        return (live?.spec as { readonly replicas?: number } | undefined)?.replicas;
      },
    });
  const [home, ...elsewhere] = await Promise.all([
    guard(from, watches.member),
    ...check.others.map((other, i) => guard(other, watches.others[i]!)),
  ]);
  const others = elsewhere.map((each, i) => guardIn(check.others[i]!.cluster, each, check.mayOverwrite));
  const trouble = () =>
    [...watches.control.informers(), ...watches.member.informers()]
      .map((each) => each.lastError())
      .find((error) => error !== undefined);
  return {
    check,
    writer: { control, plan: plan.metadata.name, clock },
    settle: {
      from: from.cluster,
      bindingOf,
      arrival: arrival(check, clock),
      guard: allOf([home, ...others]),
      trouble,
      clock,
      timeoutMs: settings.timeoutMs,
      stopping,
    },
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
    // By what is there: a wave that is begun anew, for restarts or by another plan.yaml, has copies that people use.
    const isFresh = wave.objects.every((object) => shared.settle.bindingOf(object) === undefined);
    const end = await runWave(options, held, wave, shared, failed);
    failed.push(...end.failed);
    if (end.is === 'over-budget') return takeBack(options, held, wave.number, failureWords(failed), isFresh);
    if (end.is === 'stopped') return paused(end.why);
    if (settings.pauseAfter === wave.number && wave !== all.at(-1)) {
      return paused(`paused after wave ${wave.number}, as it was asked to`);
    }
  }
  const record = await held.change((each) => finished(each, timestamp(clock.now())));
  if (stateOf(record) === 'applied') return { is: 'applied', record, leftOut: [] };
  return paused(`${failureWords(failed)}; that is within --max-failures`);
}

const waveIn = ({ waves: all }: MigrationRecord, wave: number): WaveRecord =>
  all.find(({ number }) => number === wave)!;

function failureWords(failed: readonly Harm[]): string {
  const [{ object, why }] = failed as readonly [Harm];
  const first = `${titleOf(object)}: ${why}`;
  return failed.length === 1 ? first : `${failed.length} objects failed, first ${first}`;
}

/**
 * Level-based: done again by --resume where it did not come to its end. `removeCopies`: nothing of the wave was there
 * before this run, and its copies in other clusters go again.
 */
export async function takeBack(
  options: ApplyOptions,
  held: Held,
  wave: number,
  why: string,
  removeCopies: boolean,
): Promise<Ended> {
  const { rollBack, clock, stopping, show, tell } = options;
  const note = (change: WaveChange, left: readonly RolledBack[] = []) =>
    held.change((record) =>
      withObjects(
        withWave(record, wave, change, timestamp(clock.now())),
        left.map(({ object, why: reason }) => ({ object, now: { is: 'failed', ...(reason ? { why: reason } : {}) } })),
      ),
    );
  const ended = (is: Ended['is'], record: MigrationRecord, words = why): Ended => ({
    is,
    record,
    why: words,
    leftOut: [],
  });
  const resumed = waveIn(held.record(), wave).state === 'rolling-back';
  if (!rollBack) return ended('failed', await note({ state: 'failed', why }));
  await note({ state: 'rolling-back', why, ...(removeCopies ? { removesCopies: true } : {}) });
  tell(`wave ${wave}: ${why}; taking it back`);
  const { objects, stopped } = await rollBack(wave, {
    mayWrite: held.check,
    stopping,
    removeCopies,
    copies: held.record().copies ?? [],
    keepCopies: (copies) => held.change((record) => withCopies(record, copies)),
    show: (done, total, doing) =>
      show({ waves: held.record().waves, wave, doing: `taking it back, ${doing}: ${done} of ${total}`, failed: [] }),
  });
  const left = objects.filter(({ is }) => is === 'failed' || is === 'waiting');
  if (left.length === 0 && !stopped) {
    const record = await note({ state: 'rolled-back', applied: 0, why });
    if (!resumed) return ended('rolled-back', record);
    // What the earlier run had left waits for nothing any more.
    const over = objects.map(({ object }) => ({ object, now: undefined }));
    return ended('rolled-back', await held.change((each) => withObjects(each, over)));
  }
  const restored = objects.filter(({ is }) => is === 'restored').length;
  const record = await note({ applied: Math.max(0, waveIn(held.record(), wave).applied - restored), why }, left);
  return ended('rolling-back', record, stopped ? `${why}; ${stoppedWords}` : why);
}
