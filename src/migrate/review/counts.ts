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
  readonly why: string;
  readonly count: number;
  /** The most of a kind first. */
  readonly kinds: readonly { readonly kind: string; readonly count: number }[];
}

const whyOf = (reason: string): string => reason.replace(/^owned by (\S+) .*/, 'owned by a $1');

/** Counted by why: there are many. */
export function skippedIn({ objects }: MigrationPlan): readonly Skipped[] {
  const skipped = objects.flatMap(({ kind, verdict }) =>
    verdict.is === 'skip' ? [{ kind, why: whyOf(verdict.reason) }] : [],
  );
  return [...Map.groupBy(skipped, ({ why }) => why)]
    .map(([why, all]) => {
      const kinds = [...Map.groupBy(all, ({ kind }) => kind)].map(([kind, { length: count }]) => ({ kind, count }));
      return { why, count: all.length, kinds: kinds.sort((a, b) => b.count - a.count || (a.kind < b.kind ? -1 : 1)) };
    })
    .sort((a, b) => b.count - a.count || (a.why < b.why ? -1 : 1));
}

/** `68 ClusterRole, 49 ClusterRoleBinding and 8 other kinds`. */
export function kindsText({ kinds }: Skipped): string {
  const shown = kinds.slice(0, mostKinds).map(({ kind, count }) => `${count} ${kind}`);
  const more = kinds.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more ${more === 1 ? 'kind' : 'kinds'}` : ''}`;
}

/** Kinds named of what is left for one reason. */
const mostKinds = 4;

/** Each of them, with why. */
export const eachSkipped = ({ objects }: MigrationPlan): readonly (readonly [string, string])[] =>
  objects.flatMap((object: PlannedObject) =>
    object.verdict.is === 'skip' ? [[titleOf(object), object.verdict.reason] as const] : [],
  );
