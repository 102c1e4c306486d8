/** Rolls back as the one process that works on the migration, and keeps in its record how far that has come. */
import { timestamp } from '#world/clock/clock.ts';
import { type HoldOptions, hold } from '../record/lock.ts';
import {
  type Copy,
  firstRecord,
  type MigrationRecord,
  type WaveChange,
  type WaveState,
  withObjects,
  withWave,
} from '../record/record.ts';
import type { LookOptions, RollbackOptions, RollbackResult, RollbackTask, RolledBack } from './options.ts';
import { rollBack } from './run.ts';
import { type WaveOfObjects, wavesOf } from './scope.ts';

export interface RecordedOptions
  extends Omit<RollbackOptions, 'mayWrite' | 'copies' | 'keepCopies' | 'begun' | 'settled' | 'show'> {
  /** SHA-256 of plan.yaml. */
  readonly hash: string;
  readonly holder: string;
  readonly isDead: (holder: string) => boolean;
  readonly show: (record: MigrationRecord, wave: number | undefined, doing: string) => void;
  /** A line worth keeping. */
  readonly tell: (text: string) => void;
}

/** Throws HeldByAnother, and what rollBack throws. */
export async function rollBackRecorded(options: RecordedOptions): Promise<RollbackResult> {
  const { plan, hash, control, clock, holder, isDead, waves, tell } = options;
  const now = () => timestamp(clock.now());
  const begin: HoldOptions['begin'] = (found) =>
    found ?? firstRecord(plan, { hash, startedAt: now(), allowedRestarts: [], dropped: [] });
  const held = await hold({
    control: control.client,
    plan: plan.metadata.name,
    holder,
    isDead,
    clock,
    begin,
    waiting: (other) => tell(`${other} has worked on this migration; waiting to see whether it still does`),
  });
  const all = new Map<number, RolledBack[]>(waves.map(({ number }) => [number, []]));
  let at: number | undefined;
  try {
    const result = await rollBack({
      ...options,
      mayWrite: held.check,
      copies: held.record().copies ?? [],
      keepCopies: (copies) => held.change((record) => withCopies(record, copies)),
      show: (done, total, doing) => options.show(held.record(), at, `${doing}: ${done} of ${total}`),
      begun: async ({ number }) => {
        at = number;
        if (isWhole(options, number))
          await held.change((each) => withWave(each, number, { state: 'rolling-back' }, now()));
      },
      settled: async (number, results) => {
        all.get(number)!.push(...results);
        const wave = waves.find((each) => each.number === number)!;
        await held.change((record) => settled(record, options, wave, results, all.get(number)!, now()));
        if (all.get(number)!.length === wave.objects.length) tell(waveWords(wave, all.get(number)!));
      },
    });
    if (options.whole && !result.stopped) await held.change((record) => withoutEmpty(record, all, now()));
    return result;
  } finally {
    await held.release();
  }
}

/** Waves of which nothing is left: those of a plan whose folder is lost. */
const withoutEmpty = (record: MigrationRecord, known: ReadonlyMap<number, unknown>, now: string): MigrationRecord =>
  record.waves
    .filter(({ number }) => !known.has(number))
    .reduce((each, { number }) => withWave(each, number, { state: 'rolled-back', applied: 0 }, now), record);

/** With what is still to be deleted; where that is nothing the record does not say so. */
export function withCopies(record: MigrationRecord, copies: readonly Copy[]): MigrationRecord {
  const { copies: _, ...rest } = record;
  return copies.length > 0 ? { ...rest, copies } : rest;
}

/** All that the plan has in a wave is being rolled back. */
const isWhole = ({ plan, waves }: Pick<RecordedOptions, 'plan' | 'waves'>, number: number): boolean =>
  waves.find((wave) => wave.number === number)!.objects.length ===
  plan.objects.filter(({ wave }) => wave === number).length;

function settled(
  record: MigrationRecord,
  options: Pick<RecordedOptions, 'plan' | 'waves'>,
  { number, objects }: WaveOfObjects,
  results: readonly RolledBack[],
  all: readonly RolledBack[],
  now: string,
): MigrationRecord {
  const whole = isWhole(options, number);
  const noted = withObjects(
    record,
    results.flatMap(({ object, is, why }): Parameters<typeof withObjects>[1] => {
      if (is === 'failed' || is === 'waiting') return [{ object, now: { is: 'failed', ...(why ? { why } : {}) } }];
      // Of a wave that is rolled back as a whole its own line says so.
      if (whole) return [{ object, now: undefined }];
      return is === 'restored' ? [{ object, now: { is: 'rolled-back' } }] : [];
    }),
  );
  const restored = results.filter(({ is }) => is === 'restored').length;
  const before = record.waves.find((wave) => wave.number === number);
  // Of a wave that is rolled back already: what had been left.
  const end = !whole && before?.state === 'rolled-back' ? {} : endOf(all, all.length === objects.length, whole);
  const change = { applied: Math.max(0, (before?.applied ?? 0) - restored), ...end };
  return withWave(noted, number, change, now);
}

/** A wave of which one object is rolled back is not applied any more: going on with apply takes that one over again. */
function endOf(all: readonly RolledBack[], ended: boolean, whole: boolean): WaveChange {
  if (!ended) return {};
  const left = all.find(({ is }) => is === 'failed') ?? all.find(({ is }) => is === 'waiting');
  const restored = all.filter(({ is }) => is === 'restored').length;
  if (!whole) return restored > 0 ? { state: 'paused', why: `${restored} rolled back` } : {};
  if (!left) return { state: 'rolled-back', applied: 0 };
  const state: WaveState = left.is === 'failed' ? 'failed' : 'rolling-back';
  return { state, ...(left.why ? { why: left.why } : {}) };
}

function waveWords({ number, title, objects }: WaveOfObjects, results: readonly RolledBack[]): string {
  const count = (is: RolledBack['is']) => results.filter((each) => each.is === is).length;
  const parts = [
    `${count('restored')} of ${objects.length} rolled back`,
    ...(count('untouched') > 0 ? [`${count('untouched')} not under management`] : []),
    ...(count('waiting') > 0 ? [`${count('waiting')} wait for a cluster`] : []),
    ...(count('failed') > 0 ? [`${count('failed')} failed`] : []),
  ];
  return `wave ${number} (${title}): ${parts.join(', ')}`;
}

/** For who works on the migration already and takes a wave back: as far as it goes. */
export function rollBackWave(
  look: LookOptions,
  number: number,
  task: RollbackTask & Pick<RollbackOptions, 'timeoutMs'>,
): Promise<RollbackResult> {
  const nothing = async () => {};
  return rollBack({
    ...look,
    ...task,
    waves: wavesOf(look.plan, { wave: number }),
    whole: false,
    begun: nothing,
    settled: nothing,
  });
}
