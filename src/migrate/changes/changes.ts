/** What a write would change in a member's object, field by field, with who owns the field there. Pure. */
import { compare } from '#kube/apply/typed/compare.ts';
import { formatPath } from '#kube/fields/element.ts';
import { type FieldSet, leaves, pathsOf, union } from '#kube/fields/fieldset.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import type { Change } from '../model.ts';
import { ownersOf } from './owners.ts';
import { valueAt } from './value-at.ts';

export interface DryRun {
  readonly live: UnstructuredObject;
  /** As the member would hold it after the write. */
  readonly answer: UnstructuredObject;
  readonly kind: KindDefinition;
}

/** In the order of their paths. */
export function changesIn({ live, answer, kind }: DryRun): readonly Change[] {
  const { added, modified, removed } = compare(kind.schema, live, answer);
  const owners = new Map(ownersOf(live, union(modified, removed)).map(({ path, managers }) => [path, managers]));
  const told = (is: Change['is'], set: FieldSet): readonly Change[] =>
    pathsOf(leaves(set)).map((path) => {
      const [before, after] = [valueAt(live, path), valueAt(answer, path)];
      return {
        is,
        path: formatPath(path),
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? {} : { after }),
        managers: owners.get(formatPath(path)) ?? [],
      };
    });
  return [...told('added', added), ...told('changed', modified), ...told('removed', removed)].sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );
}
