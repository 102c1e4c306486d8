/** Who owns which fields of an object, by its managedFields. Pure. */
import { formatPath } from '#kube/fields/element.ts';
import { type FieldSet, fromFieldsV1, has, leaves, pathsOf } from '#kube/fields/fieldset.ts';
import type { ManagedFieldsEntry, UnstructuredObject } from '#kube/meta/object.ts';
import type { OwnedField } from '../model.ts';

export const isStatus = ({ subresource }: ManagedFieldsEntry) => subresource === 'status';

/** Who owns each of these fields in the object, status apart. */
export function ownersOf(object: UnstructuredObject, fields: FieldSet): readonly OwnedField[] {
  const entries = (object.metadata.managedFields ?? []).filter((entry) => !isStatus(entry));
  const owned = entries.map(({ manager = '', fieldsV1 }) => ({ manager, set: leaves(fromFieldsV1(fieldsV1)) }));
  return pathsOf(leaves(fields)).map((path) => {
    // Who owns a whole list or map owns what is in it.
    const owns = ({ set }: (typeof owned)[number]) => path.some((_, i) => has(set, path.slice(0, i + 1)));
    return { path: formatPath(path), managers: [...new Set(owned.filter(owns).map(({ manager }) => manager))] };
  });
}
