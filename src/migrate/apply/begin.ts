/** Whether a plan may be applied now, from the record of it in the control plane: anew, further, or not. Pure. */
import { type MigrationPlan, referenceOf } from '../model.ts';
import { firstRecord, type MigrationRecord, stateOf, type WaveRecord, withWave } from '../record/record.ts';
import type { ApplySettings } from './schedule.ts';

/** Raised where the record says that something else has to come first. */
class NotNow extends Error {
  override readonly name = 'NotNow';
}

export interface Beginning {
  readonly plan: MigrationPlan;
  readonly hash: string;
  readonly settings: Pick<ApplySettings, 'resume' | 'allowedRestarts' | 'dropped' | 'overwritten'>;
  /** RFC 3339. */
  readonly now: string;
}

/** All of this very plan is applied, and nothing more is asked for. */
export const isFinished = (record: MigrationRecord | undefined, { hash, settings }: Beginning): boolean =>
  record !== undefined &&
  record.hash === hash &&
  stateOf(record) === 'applied' &&
  allowances(settings).every((name) => allowances(record).includes(name));

type Allowing = Partial<Pick<MigrationRecord, 'allowedRestarts' | 'dropped' | 'overwritten'>>;

/** What was allowed for objects, each with the flag that did. */
const allowances = ({ allowedRestarts = [], dropped = [], overwritten = [] }: Allowing): readonly string[] => [
  ...allowedRestarts.map((name) => `--allow-restart ${name}`),
  ...dropped.map((name) => `--drop ${name}`),
  ...overwritten.map((name) => `--overwrite ${name}`),
];

/** The record to begin with. Throws NotNow. */
export function beginWith(record: MigrationRecord | undefined, beginning: Beginning): MigrationRecord {
  const { plan, hash, settings, now } = beginning;
  const { name } = plan.metadata;
  const first = firstRecord(plan, {
    hash,
    startedAt: now,
    allowedRestarts: settings.allowedRestarts,
    dropped: settings.dropped,
    overwritten: settings.overwritten,
  });
  if (!record) return first;
  if (record.from.id !== plan.spec.from.id) {
    throw new NotNow(
      `the control plane has a migration ${name} of another cluster (${record.from.cluster}); plan into a folder of another name, or roll that one back`,
    );
  }
  const state = stateOf(record);
  if (state === 'rolled-back' || state === 'pending') return first;
  if (!settings.resume && state !== 'applied') {
    const wave = record.waves.find((each) => each.state !== 'applied');
    throw new NotNow(
      `migration ${name} was begun at ${record.startedAt} and is ${state}, in wave ${wave?.number ?? record.waves.length}; go on with --resume`,
    );
  }
  const union = (left: readonly string[], right: readonly string[]) => [...new Set([...left, ...right])];
  const kept = {
    startedAt: record.startedAt,
    allowedRestarts: union(record.allowedRestarts, settings.allowedRestarts),
    dropped: union(record.dropped, settings.dropped),
    overwritten: union(record.overwritten ?? [], settings.overwritten),
  };
  // Made anew since: what was taken over under the earlier one is skipped by the new one, whose waves are others.
  return record.hash === hash ? reopened({ ...record, ...kept }, beginning, record) : { ...first, ...kept };
}

/** Waves that are applied, and now have more to do: objects that were left out before. */
function reopened(record: MigrationRecord, { plan, now }: Beginning, before: MigrationRecord): MigrationRecord {
  const known = new Set(allowances(before));
  const added = new Set(
    allowances(record)
      .filter((each) => !known.has(each))
      .map((each) => each.split(' ')[1]),
  );
  const waves = new Set(plan.objects.filter((object) => added.has(referenceOf(object))).map(({ wave }) => wave));
  const open = record.waves.filter(({ number, state }) => state === 'applied' && waves.has(number));
  if (open.length === 0) return record;
  const { finishedAt: _, ...unfinished } = record;
  return open.reduce<MigrationRecord>(
    (each, { number }) => withWave(each, number, { state: 'pending' }, now),
    unfinished,
  );
}

/** The wave whose rollback was begun and not finished. */
export const unfinishedRollback = ({ waves }: MigrationRecord): WaveRecord | undefined =>
  waves.find(({ state }) => state === 'rolling-back');

/** Nothing more is to be done: the time is noted, once. */
export const finished = (record: MigrationRecord, now: string): MigrationRecord =>
  stateOf(record) === 'applied' && record.finishedAt === undefined ? { ...record, finishedAt: now } : record;

/** An error ended it in the middle: nobody works on it any more, and why is kept. */
export function interrupted(record: MigrationRecord, error: unknown, now: string): MigrationRecord {
  const wave = record.waves.find(({ state }) => state === 'applying');
  const why = error instanceof Error ? error.message : String(error);
  return wave ? withWave(record, wave.number, { state: 'paused', why }, now) : record;
}
