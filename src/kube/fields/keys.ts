/** Fields that are a list item's key: they come with the item and are never taken out of it. */
import { elementKinds } from './element.ts';
import { type FieldEntry, type FieldSet, setOf } from './node.ts';

/** The set without the key fields of list items; items that had only those stay as members if they were. */
export function withoutKeyFields(set: FieldSet, keys: readonly string[] = []): FieldSet {
  const result: FieldEntry[] = [];
  for (const entry of set.entries) {
    const { element } = entry;
    if (element.kind === elementKinds.field && keys.includes(element.name)) continue;
    const itemKeys = element.kind === elementKinds.key ? element.keys.map((key) => key.name) : [];
    const children = withoutKeyFields(entry.children, itemKeys);
    if (entry.member || children.entries.length > 0)
      result.push(children === entry.children ? entry : { ...entry, children });
  }
  return result.length === set.entries.length && result.every((entry, i) => entry === set.entries[i])
    ? set
    : setOf(result);
}
