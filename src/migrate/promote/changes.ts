/** What a write would change in a member's object, field by field, with who owns the field there. Pure. */
import { compare } from '#kube/apply/typed/compare.ts';
import { elementKinds, formatPath, type PathElement } from '#kube/fields/element.ts';
import { type FieldSet, fieldSet, leaves, pathsOf } from '#kube/fields/fieldset.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { JsonArray, JsonObject, JsonValue } from '#kube/meta/object.ts';
import { ownersOf } from '../plan/template.ts';
import type { DryRun } from '../plan/verdict.ts';

export interface Change {
  readonly is: 'added' | 'changed' | 'removed';
  /** `.spec.template.spec.containers[name="web"].image` */
  readonly path: string;
  readonly before?: JsonValue;
  readonly after?: JsonValue;
  /** Field managers that own it in the member. */
  readonly managers: readonly string[];
}

function step(value: JsonValue | undefined, element: PathElement): JsonValue | undefined {
  switch (element.kind) {
    case elementKinds.field:
      return (value as JsonObject | undefined)?.[element.name];
    case elementKinds.key:
      return (value as JsonArray | undefined)?.find((item) =>
        element.keys.every((key) => deepEqual((item as JsonObject)[key.name], key.value)),
      );
    case elementKinds.value:
      return (value as JsonArray | undefined)?.find((item) => deepEqual(item, element.value));
    default:
      return (value as JsonArray | undefined)?.[element.value as number];
  }
}

/** The value at a field path; undefined where there is none. */
const valueAt = (object: unknown, path: readonly PathElement[]): JsonValue | undefined =>
  path.reduce(step, object as JsonValue | undefined);

/** In the order of their paths. */
export function changesIn({ live, answer, kind }: DryRun): readonly Change[] {
  const { added, modified, removed } = compare(kind.schema, live, answer);
  const told = (is: Change['is'], set: FieldSet): readonly Change[] =>
    pathsOf(leaves(set)).map((path) => {
      const [before, after] = [valueAt(live, path), valueAt(answer, path)];
      return {
        is,
        path: formatPath(path),
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? {} : { after }),
        managers: ownersOf(live, fieldSet(path))[0]?.managers ?? [],
      };
    });
  return [...told('added', added), ...told('changed', modified), ...told('removed', removed)].sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );
}
