/** Whether the names a definition asks for are free in its group, and the conditions that say so. */
import type { Condition } from '#kube/meta/object.ts';
import type { CustomResourceDefinition, Names } from './definition.ts';

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
  readonly established: Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;
}

/** A name once accepted stays, until the definition asks for another one that is free. */
export function acceptNames(definition: CustomResourceDefinition, { resources, kinds }: NamesInUse): Acceptance {
  const wanted = definition.spec?.names ?? {};
  const before = definition.status?.acceptedNames ?? {};
  const conflicts: { readonly reason: string; readonly message: string }[] = [];
  const free = (name: string | undefined, used: ReadonlySet<string>, reason: string): boolean => {
    if (name === undefined || !used.has(name)) return true;
    conflicts.push({ reason, message: `${JSON.stringify(name)} is already in use` });
    return false;
  };
  const shortNames = wanted.shortNames ?? [];
  const accepted: Names = {
    ...pick('plural', free(wanted.plural, resources, 'PluralConflict') ? wanted : before),
    ...pick('singular', free(wanted.singular, resources, 'SingularConflict') ? wanted : before),
    ...pick('shortNames', shortNames.every((name) => free(name, resources, 'ShortNamesConflict')) ? wanted : before),
    ...pick('kind', free(wanted.kind, kinds, 'KindConflict') ? wanted : before),
    ...pick('listKind', free(wanted.listKind, kinds, 'ListKindConflict') ? wanted : before),
    ...pick('categories', wanted),
  };
  const conflict = conflicts.at(-1);
  return {
    accepted,
    namesAccepted: conflict
      ? { type: 'NamesAccepted', status: 'False', ...conflict }
      : { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' },
    established: conflict
      ? { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' }
      : {
          type: 'Established',
          status: 'True',
          reason: 'InitialNamesAccepted',
          message: 'the initial names have been accepted',
        },
  };
}

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
