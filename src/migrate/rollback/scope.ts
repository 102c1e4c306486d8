/** What is to be rolled back, and in which order: what was taken over last goes first. Pure. */
import { isAdopted, type MigrationPlan, type PlannedObject, referenceOf } from '../model.ts';

/** All of the plan where neither is given. */
export interface RollbackScope {
  readonly wave?: number;
  /** `Deployment/shop/web`. */
  readonly object?: string;
}

/** Raised for a wave or an object that the plan does not have. */
export class NotInPlan extends Error {
  override readonly name = 'NotInPlan';
}

export interface WaveOfObjects {
  readonly number: number;
  readonly title: string;
  readonly objects: readonly PlannedObject[];
}

/** Throws NotInPlan. */
export function wavesOf(plan: MigrationPlan, { wave, object }: RollbackScope): readonly WaveOfObjects[] {
  if (wave !== undefined && !plan.waves.some(({ number }) => number === wave)) {
    throw new NotInPlan(`the plan has no wave ${wave}; it has ${plan.waves.map(({ number }) => number).join(', ')}`);
  }
  const chosen = plan.objects.filter(
    (each) =>
      isAdopted(each) &&
      (wave === undefined || each.wave === wave) &&
      (object === undefined || referenceOf(each) === object),
  );
  if (object !== undefined && chosen.length === 0) {
    throw new NotInPlan(
      `the plan takes over no ${object}${wave === undefined ? '' : ` in wave ${wave}`}; write KIND/NAMESPACE/NAME, as in Deployment/shop/web`,
    );
  }
  return [...plan.waves].reverse().flatMap(({ number, title }) => {
    const objects = chosen.filter((each) => each.wave === number);
    return objects.length > 0 ? [{ number, title, objects }] : [];
  });
}

/** Objects that are let go together. A stop is possible between two batches; originals of one are in memory. */
const batchSize = 100;

export const batchesOf = ({ objects }: WaveOfObjects): readonly (readonly PlannedObject[])[] =>
  Array.from({ length: Math.ceil(objects.length / batchSize) }, (_, i) =>
    objects.slice(i * batchSize, (i + 1) * batchSize),
  );
