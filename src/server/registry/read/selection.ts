/** What a list, a watch or a deletecollection is about: namespace, label selector and field selector as one test. */
import type { KubeObject } from '#kube/meta/object.ts';
import { isFields, ownField } from '#kube/schema/copy.ts';
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
  const own = offeredFields(served);
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

const offered = new WeakMap<ServedKind, (object: KubeObject) => Readonly<Record<string, string>>>();

/** What a kind offers to field selectors beside name and namespace; custom resources what their definition says. */
function offeredFields(served: ServedKind) {
  const { native, selectableFields } = served.definition;
  if (native || !selectableFields) return native?.selectableFields;
  let fields = offered.get(served);
  if (!fields) {
    const paths = selectableFields.map((field) => [field, field.split('.')] as const);
    fields = (object) => Object.fromEntries(paths.map(([field, path]) => [field, shownAt(object, path)]));
    offered.set(served, fields);
  }
  return fields;
}

/** A text, a number or a flag as selectors write it; '' for what is not there. */
function shownAt(object: KubeObject, path: readonly string[]): string {
  let value: unknown = object;
  for (const name of path) value = isFields(value) ? ownField(value, name) : undefined;
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? `${value}` : '';
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
  const own = offeredFields(served)?.(emptyObject);
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
