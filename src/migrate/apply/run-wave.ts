/** One wave and its lines in the record: when it begins, when a batch has settled, and what came of it. */
import { timestamp } from '#world/clock/clock.ts';
import type { PlannedObject } from '../model.ts';
import type { Held } from '../record/lock.ts';
import { type WaveChange, withObjects, withWave } from '../record/record.ts';
import type { ApplyOptions } from './options.ts';
import type { Harm } from './pods.ts';
import type { WaveSchedule } from './schedule.ts';
import { applyWave, type WaveEnd, type WaveOptions, type WaveProgress } from './wave.ts';

export type SharedByWaves = Pick<WaveOptions, 'check' | 'writer' | 'settle' | 'mayWrite'>;

export async function runWave(
  options: ApplyOptions,
  held: Held,
  wave: WaveSchedule,
  shared: SharedByWaves,
  failedBefore: readonly Harm[],
): Promise<WaveEnd> {
  const { clock, settings, policies, tell } = options;
  const { number, title, objects } = wave;
  const note = (change: WaveChange, failed: readonly Harm[], fine: readonly PlannedObject[]) =>
    held.change((record) =>
      withObjects(withWave(record, number, change, timestamp(clock.now())), [
        ...fine.map((object) => ({ object, now: undefined })),
        ...failed.map(({ object, why }) => ({ object, now: { is: 'failed' as const, why } })),
      ]),
    );
  await note({ state: 'applying' }, [], []);
  const { progress, seen } = progressOf(options, held, number, failedBefore, (applied, failed) =>
    note({ applied }, failed, []),
  );
  const budget = settings.maxFailures - failedBefore.length;
  const end = await applyWave({ ...shared, policies: policies.get(number) ?? [], budget, progress }, wave);
  // Beyond the budget it is taken back: whoever does that notes it.
  if (end.is === 'over-budget') return end;
  const due = wave.batches.flat();
  const failed = new Set(end.failed.map(({ object }) => object));
  const fine = due.filter((object) => !failed.has(object));
  if (end.is === 'stopped' || failed.size > 0) {
    const why = end.is === 'stopped' ? end.why : `${failed.size} failed`;
    await note({ state: 'paused', applied: seen(), why }, end.failed, fine);
    return end;
  }
  const out = objects.length - due.length;
  await note({ state: 'applied', applied: seen(), ...(out > 0 ? { why: `${out} left out` } : {}) }, [], fine);
  tell(`wave ${number} (${title}): ${seen()} of ${objects.length} taken over`);
  return end;
}

/** Shows every step, and keeps those that a later run wants to know. `seen`: how many are taken over. */
function progressOf(
  { show }: ApplyOptions,
  held: Held,
  number: number,
  failedBefore: readonly Harm[],
  keep: (applied: number, failed: readonly Harm[]) => Promise<unknown>,
): { readonly progress: WaveProgress; readonly seen: () => number } {
  let [doing, applied, failed]: [string, number, readonly Harm[]] = ['', 0, []];
  const update = () =>
    show({
      waves: held.record().waves.map((each) => (each.number === number ? { ...each, applied } : each)),
      wave: number,
      doing,
      failed: [...failedBefore, ...failed],
    });
  return {
    seen: () => applied,
    progress: {
      doing: (text) => {
        doing = text;
        update();
      },
      applied: (count) => {
        applied = count;
        update();
      },
      settled: async (count, failures) => {
        [applied, failed] = [count, failures];
        await keep(count, failures);
        update();
      },
    },
  };
}
