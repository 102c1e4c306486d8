/** Entries of managedFields for tests. */
import { type FieldSet, toFieldsV1 } from '#kube/fields/fieldset.ts';
import type { ManagedFieldsEntry } from '#kube/meta/object.ts';

export const entry = (manager: string, operation: 'Apply' | 'Update', fields: FieldSet, more: object = {}) =>
  ({
    manager,
    operation,
    apiVersion: 'apps/v1',
    fieldsType: 'FieldsV1',
    fieldsV1: toFieldsV1(fields),
    ...more,
  }) as ManagedFieldsEntry;
