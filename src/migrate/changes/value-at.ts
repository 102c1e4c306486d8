/** The value at a field path. Pure. */
import { elementKinds, type PathElement } from '#kube/fields/element.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { JsonArray, JsonObject, JsonValue } from '#kube/meta/object.ts';

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

/** Undefined where there is none. */
export const valueAt = (object: unknown, path: readonly PathElement[]): JsonValue | undefined =>
  path.reduce(step, object as JsonValue | undefined);
