/**
 * What a field set means after its kind's schema changed: fields below a list or map that has become atomic are now
 * owned as that one field. A set that fits the schema is returned as it is.
 */
import { elementKinds } from '#kube/fields/element.ts';
import { emptyFieldSet, entryOf, type FieldEntry, type FieldSet, setOf } from '#kube/fields/node.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { objectType, type Type } from './type.ts';

interface Reconciled {
  readonly type: Type;
  readonly set: FieldSet;
}

/** Sets live as long as the objects that carry them, so each is looked through once per schema. */
const reconciled = new WeakMap<FieldSet, Reconciled>();

export function reconcileWithSchema(schema: Schema, set: FieldSet): FieldSet {
  const type = objectType(schema);
  const known = reconciled.get(set);
  if (known?.type === type) return known.set;
  const result = { type, set: below(type, set) };
  reconciled.set(set, result);
  return result.set;
}

function below(type: Type, set: FieldSet): FieldSet {
  let changed = false;
  const entries = set.entries.map((entry) => {
    const result = entryBelow(type, entry);
    changed ||= result !== entry;
    return result;
  });
  return changed ? setOf(entries) : set;
}

function entryBelow(type: Type, entry: FieldEntry): FieldEntry {
  const { element, member, children } = entry;
  if (children.entries.length === 0) return entry;
  const child = childType(type, entry);
  if (!child) return entry;
  if (child.map ? child.map.atomic : !child.scalar && child.list?.atomic) return entryOf(element, true, emptyFieldSet);
  const result = below(child, children);
  return result === children ? entry : entryOf(element, member, result);
}

/** Unknown for keys the schema does not describe: nothing is known to have changed there. */
function childType(type: Type, { element }: FieldEntry): Type | undefined {
  if (element.kind !== elementKinds.field) return type.list?.item();
  return type.map?.field(element.name)?.type ?? type.map?.rest?.();
}
