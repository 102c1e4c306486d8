/** What is done in which order: waves as the plan has them, in batches; and what is left out. Pure. */
import { isAdopted, type MigrationPlan, type PlannedObject, referenceOf } from '../model.ts';
import type { MigrationRecord } from '../record/record.ts';

export interface ApplySettings {
  /** Objects of a batch; absent: a wave is one batch. */
  readonly waveSize?: number;
  /** How many objects may fail before the wave is rolled back. */
  readonly maxFailures: number;
  /** Stop once this wave is applied. */
  readonly pauseAfter?: number;
  /** Go on with a migration that was begun. */
  readonly resume: boolean;
  /** `KIND/NS/NAME`: their Pods may be restarted. */
  readonly allowedRestarts: readonly string[];
  /** `KIND/NS/NAME`: they lose in the member what their templates lack. */
  readonly dropped: readonly string[];
  /** `KIND/NS/NAME`: what other clusters of the plan have of that name may be changed. */
  readonly overwritten: readonly string[];
  /** Without any progress for this long, what is not taken over has failed. */
  readonly timeoutMs: number;
}

/** Raised for settings that do not fit the plan. */
class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

export interface LeftOut {
  readonly object: PlannedObject;
  readonly why: string;
}

export interface WaveSchedule {
  readonly number: number;
  readonly title: string;
  /** All that the plan has in it, those left out among them. */
  readonly objects: readonly PlannedObject[];
  readonly batches: readonly (readonly PlannedObject[])[];
}

export interface Schedule {
  readonly waves: readonly WaveSchedule[];
  /** Of what the plan would take over. */
  readonly leftOut: readonly LeftOut[];
}

/** Throws SettingsError for names and waves that the plan does not have. */
export function checkSettings(plan: MigrationPlan, settings: ApplySettings): void {
  const { waveSize, maxFailures, pauseAfter, allowedRestarts, dropped, overwritten } = settings;
  const taken = new Map(plan.objects.filter(isAdopted).map((object) => [referenceOf(object), object]));
  for (const [flag, names] of [
    ['--allow-restart', allowedRestarts],
    ['--drop', dropped],
    ['--overwrite', overwritten],
  ] as const) {
    const unknown = names.find((name) => !taken.has(name));
    if (unknown !== undefined) {
      throw new SettingsError(
        `${flag}: the plan takes over no ${unknown}; write KIND/NAMESPACE/NAME, as in Deployment/shop/web`,
      );
    }
  }
  if (waveSize !== undefined && !(waveSize >= 1)) throw new SettingsError('--wave-size must be at least 1');
  if (!(maxFailures >= 0)) throw new SettingsError('--max-failures must not be negative');
  if (pauseAfter !== undefined && !plan.waves.some(({ number }) => number === pauseAfter)) {
    throw new SettingsError(`--pause-after: the plan has no wave ${pauseAfter}; it has ${plan.waves.length}`);
  }
}

const inBatches = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));

/** `record`: what is applied already is not done again. */
export function scheduleOf(
  plan: MigrationPlan,
  { waveSize }: Pick<ApplySettings, 'waveSize'>,
  record: Pick<MigrationRecord, 'allowedRestarts' | 'overwritten' | 'waves'>,
): Schedule {
  const allowed = new Set(record.allowedRestarts);
  const leftOut = plan.objects.filter(isAdopted).flatMap((object): readonly LeftOut[] => {
    const name = referenceOf(object);
    if (object.verdict.is === 'restart' && !allowed.has(name))
      return [{ object, why: `its Pods would restart; --allow-restart ${name} takes it along` }];
    if (!object.overwrites || record.overwritten?.includes(name)) return [];
    const clusters = object.overwrites.map(({ cluster }) => cluster).join(', ');
    return [{ object, why: `${clusters} would lose what it has of that name; --overwrite ${name} takes it along` }];
  });
  const out = new Set(leftOut.map(({ object }) => object));
  const applied = new Set(record.waves.filter(({ state }) => state === 'applied').map(({ number }) => number));
  const waves = plan.waves
    .filter(({ number }) => !applied.has(number))
    .map(({ number, title }) => {
      const objects = plan.objects.filter(({ wave }) => wave === number);
      const due = objects.filter((object) => !out.has(object));
      return { number, title, objects, batches: inBatches(due, waveSize ?? Math.max(1, due.length)) };
    });
  return { waves, leftOut };
}

/** What else the plan leaves where it is and somebody may have hoped for. */
export const refusedByPlan = ({ objects }: MigrationPlan): readonly LeftOut[] =>
  objects.flatMap((object) =>
    object.verdict.is === 'conflict' || object.verdict.is === 'blocked'
      ? [{ object, why: `${object.verdict.is}: ${object.verdict.reason}` }]
      : [],
  );
