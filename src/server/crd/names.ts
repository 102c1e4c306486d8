/** Whether the names a definition asks for are free in its group, and the conditions that say so. */
import type { Condition } from '#kube/meta/object.ts';
import { type CustomResourceDefinition, isTrue, type Names } from './definition.ts';

/** Names in use in a group by others than the definition itself. */
export interface NamesInUse {
  /** Plurals, singulars, short names. */
  readonly resources: ReadonlySet<string>;
  /** Kinds and list kinds. */
  readonly kinds: ReadonlySet<string>;
}

export interface Acceptance {
  readonly accepted: Names;
  readonly namesAccepted: Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;
  /** undefined: as it was. */
  readonly established: Pick<Condition, 'type' | 'status' | 'reason' | 'message'> | undefined;
}

/** A name once accepted stays, until the definition asks for another one that is free; what is served stays so. */
export function acceptNames(definition: CustomResourceDefinition, { resources, kinds }: NamesInUse): Acceptance {
  const wanted = definition.spec?.names ?? {};
  const before = definition.status?.acceptedNames ?? {};
  const conflicts: { readonly reason: string; readonly message: string }[] = [];
  const isTaken = (name: string | undefined, used: ReadonlySet<string>) => name !== undefined && used.has(name);
  const isFree = (name: keyof Names & ('plural' | 'singular' | 'kind' | 'listKind'), used: ReadonlySet<string>) => {
    if (wanted[name] === before[name] || !isTaken(wanted[name], used)) return true;
    const reason = `${name[0]!.toUpperCase()}${name.slice(1)}Conflict`;
    conflicts.push({ reason, message: inUse(wanted[name] ?? '') });
    return false;
  };
  const areShortNamesFree = () => {
    const taken = (wanted.shortNames ?? []).filter(
      (name) => !before.shortNames?.includes(name) && isTaken(name, resources),
    );
    if (taken.length === 0) return true;
    const texts = taken.map(inUse);
    const message = texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`;
    conflicts.push({ reason: 'ShortNamesConflict', message });
    return false;
  };
  const accepted: Names = {
    ...pick('plural', isFree('plural', resources) ? wanted : before),
    ...pick('singular', isFree('singular', resources) ? wanted : before),
    ...pick('shortNames', areShortNamesFree() ? wanted : before),
    ...pick('kind', isFree('kind', kinds) ? wanted : before),
    ...pick('listKind', isFree('listKind', kinds) ? wanted : before),
    ...pick('categories', wanted),
  };
  const conflict = conflicts.at(-1);
  return {
    accepted,
    namesAccepted: conflict
      ? { type: 'NamesAccepted', status: 'False', ...conflict }
      : { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' },
    established: isTrue(definition, 'Established') ? undefined : conflict ? notAccepted : newlyEstablished,
  };
}

const inUse = (name: string) => `${JSON.stringify(name)} is already in use`;

const notAccepted = {
  type: 'Established',
  status: 'False',
  reason: 'NotAccepted',
  message: 'not all names are accepted',
} as const;

const newlyEstablished = {
  type: 'Established',
  status: 'True',
  reason: 'InitialNamesAccepted',
  message: 'the initial names have been accepted',
} as const;

const pick = (name: keyof Names, names: Names): Names => (names[name] === undefined ? {} : { [name]: names[name] });

/** Conditions with these laid over them; the time of one whose status has not changed stays. */
export function withConditions(
  conditions: readonly Condition[],
  changes: readonly Pick<Condition, 'type' | 'status' | 'reason' | 'message'>[],
  now: string,
): readonly Condition[] {
  let result = conditions;
  for (const change of changes) {
    const before = result.find(({ type }) => type === change.type);
    if (before?.status === change.status && before.reason === change.reason && before.message === change.message)
      continue;
    const lastTransitionTime = before?.status === change.status ? before.lastTransitionTime : now;
    const next = { ...change, ...(lastTransitionTime ? { lastTransitionTime } : {}) };
    result = before ? result.map((condition) => (condition === before ? next : condition)) : [...result, next];
  }
  return result;
}
