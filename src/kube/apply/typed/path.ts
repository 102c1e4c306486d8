/** From a place in a document, as JSON pointers name it, to the field path by which ownership knows it. */
import type { PathElement } from '#kube/fields/element.ts';
import { leafOfField } from '#kube/fields/node.ts';
import type { JsonValue } from '#kube/meta/object.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { deducedType, isList, isMap, leafOfItem, objectType, type Type } from './type.ts';

/** Ends at the first map or list that is one field as a whole. */
export function fieldPathOf(schema: Schema, document: object, keys: readonly string[]): readonly PathElement[] {
  const path: PathElement[] = [];
  let type: Type = objectType(schema);
  let value = document as JsonValue | undefined;
  for (const key of keys) {
    const { list, map } = type;
    if (list && !list.atomic && isList(value)) {
      const item: JsonValue | undefined = value[Number(key)];
      const leaf = item === undefined ? undefined : leafOfItem(list, item);
      if (!leaf) break;
      path.push(leaf.element);
      type = list.item();
      value = item;
    } else if (map && !map.atomic && isMap(value)) {
      const field = map.field(key);
      path.push((field?.leaf ?? leafOfField(key)).element);
      type = field?.type ?? map.rest?.() ?? deducedType;
      value = value[key];
    } else break;
  }
  return path;
}
