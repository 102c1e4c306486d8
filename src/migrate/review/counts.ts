/** How many objects of a plan get which verdict, and what is left where it is. Pure. */
import { type MigrationPlan, type PlannedObject, titleOf, type Verdict } from '../model.ts';

/** In the order in which they are told. */
const words: Readonly<Record<Verdict['is'], string>> = {
  adopt: 'adopted',
  change: 'adopted with changes',
  restart: 'would restart Pods',
  conflict: 'in conflict',
  blocked: 'blocked',
  skip: 'left where they are',
};

export const countOf = ({ objects }: Pick<MigrationPlan, 'objects'>, is: Verdict['is']): number =>
  objects.filter(({ verdict }) => verdict.is === is).length;

/** `25 adopted, 2 adopted with changes, 0 would restart Pods, 40 left where they are`. */
export function totals(plan: MigrationPlan): string {
  const always: readonly Verdict['is'][] = ['adopt', 'restart'];
  return (Object.keys(words) as Verdict['is'][])
    .filter((is) => always.includes(is) || countOf(plan, is) > 0)
    .map((is) => `${countOf(plan, is)} ${words[is]}`)
    .join(', ');
}

export interface Skipped {
  readonly kind: string;
  readonly why: string;
  readonly count: number;
}

/** Counted by kind and why: there are many. */
export function skippedIn({ objects }: MigrationPlan): readonly Skipped[] {
  const found = new Map<string, Skipped>();
  for (const { kind, verdict } of objects) {
    if (verdict.is !== 'skip') continue;
    const why = verdict.reason.replace(/^owned by (\S+) .*/, 'owned by a $1');
    const key = `${kind}\t${why}`;
    found.set(key, { kind, why, count: (found.get(key)?.count ?? 0) + 1 });
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}

/** Each of them, with why. */
export const eachSkipped = ({ objects }: MigrationPlan): readonly (readonly [string, string])[] =>
  objects.flatMap((object: PlannedObject) =>
    object.verdict.is === 'skip' ? [[titleOf(object), object.verdict.reason] as const] : [],
  );
