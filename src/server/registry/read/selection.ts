/** What a list, a watch or a deletecollection is about: namespace, label selector and field selector as one test. */
import type { KubeObject } from '#kube/meta/object.ts';
import { type FieldMatcher, parseFieldSelector } from '#kube/selector/fields.ts';
import { type LabelMatcher, parseLabelSelector } from '#kube/selector/labels.ts';
import { badRequest } from '#kube/status/errors.ts';
import type { Scope } from '../context.ts';
import type { ServedKind } from '../kinds/served.ts';

export interface Selection {
  /** undefined: everything in the namespace matches. */
  readonly matches: ((object: KubeObject) => boolean) | undefined;
  /** Set when the selection is of one name: `metadata.name=web`. */
  readonly name: string | undefined;
}

/** Throws BadRequest for a selector that cannot be read, or one by a field the kind does not offer. */
export function selectionOf(scope: Scope): Selection {
  const { labelSelector, fieldSelector } = scope.request.options;
  const labels = labelSelector ? parseLabelSelector(labelSelector) : undefined;
  const fields = fieldSelector ? parseFieldSelector(fieldSelector) : undefined;
  if (fields) checkFields(scope.served, fields);
  return {
    matches: combined(
      scope.served,
      labels?.empty ? undefined : labels,
      fields?.requirements.length ? fields : undefined,
    ),
    name: scope.name || selectedName(fields),
  };
}

function combined(served: ServedKind, labels: LabelMatcher | undefined, fields: FieldMatcher | undefined) {
  if (!fields) return labels && ((object: KubeObject) => labels.matches(object.metadata.labels));
  const own = served.definition.native?.selectableFields;
  const matchesFields = (object: KubeObject) => {
    const { name = '', namespace = '' } = object.metadata;
    return fields.matches({ 'metadata.name': name, 'metadata.namespace': namespace, ...own?.(object) });
  };
  if (!labels) return matchesFields;
  return (object: KubeObject) => labels.matches(object.metadata.labels) && matchesFields(object);
}

function selectedName(fields: FieldMatcher | undefined): string | undefined {
  const requirement = fields?.requirements.find(({ field }) => field === 'metadata.name');
  return requirement && requirement.operator !== '!=' ? requirement.value : undefined;
}

/** Which fields a kind offers is seen from what it answers for an object without content. */
const emptyObject: KubeObject = { apiVersion: '', kind: '', metadata: {} };

/** Kinds that say it in words of their own, by stored resource name. */
const refusals: Readonly<Record<string, (field: string) => string>> = {
  'batch/jobs': (field) => `field label ${JSON.stringify(field)} not supported for Job`,
  'resource.k8s.io/resourceslices': (field) =>
    `field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: ${field}`,
};

function checkFields(served: ServedKind, fields: FieldMatcher): void {
  const own = served.definition.native?.selectableFields?.(emptyObject);
  for (const { field } of fields.requirements) {
    if (field === 'metadata.name' || field === 'metadata.namespace' || (own && Object.hasOwn(own, field))) continue;
    const special = refusals[served.storageResource];
    if (special) throw badRequest(special(field));
    throw badRequest(
      own || served.custom
        ? `field label not supported: ${field}`
        : `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
    );
  }
}
