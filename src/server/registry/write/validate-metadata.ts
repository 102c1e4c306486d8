/** What ObjectMeta may hold, in apimachinery's words (api/validation/objectmeta.go). */

import { deepEqual } from '#kube/meta/equal.ts';
import type { KubeObject, ObjectMeta, OwnerReference } from '#kube/meta/object.ts';
import { dns1123Label, labelValue, qualifiedName } from '#kube/names/validate.ts';
import { forbiddenField, invalidValue, requiredValue, tooLong } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';
import type { ServedKind } from '../kinds/served.ts';

/** All annotations of an object together: 256 KiB, as apimachinery. */
const annotationsLimit = 262_144;

/** Whose metadata it is, and what holds for it. */
export interface MetadataRules {
  /** Where it stands: `metadata`. */
  readonly path: string;
  readonly namespaced: boolean;
  readonly validateName: (name: string) => readonly string[];
  /** Custom resources may have finalizers without a domain; they are warned of. */
  readonly anyFinalizer: boolean;
}

export const validateMetadata = ({ traits, definition, custom }: ServedKind, { metadata }: KubeObject) =>
  validateObjectMeta(metadata, {
    path: 'metadata',
    namespaced: definition.namespaced,
    validateName: traits.validateName,
    anyFinalizer: custom || !traits.ownedFinalizers,
  });

export function validateObjectMeta(metadata: ObjectMeta, rules: MetadataRules): readonly StatusCause[] {
  const { name = '', generateName = '', namespace = '' } = metadata;
  const { path, validateName } = rules;
  const causes: StatusCause[] = [];
  if (generateName !== '') {
    // A prefix may end in a dash: the suffix follows.
    const prefix =
      generateName.length > 1 && generateName.endsWith('-') ? `${generateName.slice(0, -1)}a` : generateName;
    for (const text of validateName(prefix)) causes.push(invalidValue(`${path}.generateName`, generateName, text));
  }
  if (name === '') causes.push(requiredValue(`${path}.name`, 'name or generateName is required'));
  else for (const text of validateName(name)) causes.push(invalidValue(`${path}.name`, name, text));
  if (rules.namespaced) {
    if (namespace === '') causes.push(requiredValue(`${path}.namespace`));
    else for (const text of dns1123Label(namespace)) causes.push(invalidValue(`${path}.namespace`, namespace, text));
  } else if (namespace !== '') causes.push(forbiddenField(`${path}.namespace`, 'not allowed on this type'));
  validateParts(metadata, undefined, rules, causes);
  return causes;
}

/** Parts shared with the old object have been checked before. */
export function validateMetadataUpdate(
  object: KubeObject,
  old: KubeObject,
  anyFinalizer = false,
): readonly StatusCause[] {
  const { metadata } = object;
  const before = old.metadata;
  const causes: StatusCause[] = [];
  if (before.deletionTimestamp !== undefined) {
    const added = (metadata.finalizers ?? []).filter((finalizer) => !before.finalizers?.includes(finalizer));
    if (added.length > 0) {
      const list = added.map((finalizer) => JSON.stringify(finalizer)).join(', ');
      causes.push(
        forbiddenField(
          'metadata.finalizers',
          `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`,
        ),
      );
    }
  }
  for (const field of [
    'name',
    'namespace',
    'uid',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
  ] as const) {
    if (metadata[field] !== before[field]) {
      causes.push(invalidValue(`metadata.${field}`, metadata[field], 'field is immutable'));
    }
  }
  validateParts(metadata, before, { path: 'metadata', anyFinalizer }, causes);
  return causes;
}

type PartRules = Pick<MetadataRules, 'path' | 'anyFinalizer'>;

function validateParts(
  metadata: ObjectMeta,
  before: ObjectMeta | undefined,
  { path, anyFinalizer }: PartRules,
  causes: StatusCause[],
): void {
  if (metadata.labels && metadata.labels !== before?.labels) validateLabels(metadata.labels, `${path}.labels`, causes);
  if (metadata.annotations && metadata.annotations !== before?.annotations)
    validateAnnotations(metadata.annotations, `${path}.annotations`, causes);
  if (metadata.ownerReferences && metadata.ownerReferences !== before?.ownerReferences) {
    validateOwners(metadata.ownerReferences, `${path}.ownerReferences`, causes);
  }
  if (metadata.finalizers && metadata.finalizers !== before?.finalizers)
    validateFinalizers(metadata.finalizers, `${path}.finalizers`, anyFinalizer, causes);
}

function validateLabels(labels: Readonly<Record<string, string>>, path: string, causes: StatusCause[]): void {
  for (const key in labels) {
    const value = labels[key] ?? '';
    for (const text of qualifiedName(key)) causes.push(invalidValue(path, key, text));
    for (const text of labelValue(value)) causes.push(invalidValue(path, value, text));
  }
}

function validateAnnotations(annotations: Readonly<Record<string, string>>, path: string, causes: StatusCause[]): void {
  let size = 0;
  for (const key in annotations) {
    // Annotation keys may use upper case.
    for (const text of qualifiedName(key.toLowerCase())) causes.push(invalidValue(path, key, text));
    size += key.length + (annotations[key] ?? '').length;
  }
  if (size > annotationsLimit) causes.push(tooLong(path, annotationsLimit));
}

function validateOwners(owners: readonly OwnerReference[], field: string, causes: StatusCause[]): void {
  let controller: string | undefined;
  for (const owner of owners) {
    if (!owner.apiVersion)
      causes.push(invalidValue(`${field}.apiVersion`, owner.apiVersion, 'version must not be empty'));
    if (!owner.kind) causes.push(invalidValue(`${field}.kind`, owner.kind ?? '', 'must not be empty'));
    if (!owner.name) causes.push(invalidValue(`${field}.name`, owner.name ?? '', 'must not be empty'));
    if (!owner.uid) causes.push(invalidValue(`${field}.uid`, owner.uid ?? '', 'must not be empty'));
    if (!owner.controller) continue;
    const shown = `${owner.kind}:${owner.name}`;
    if (controller !== undefined) {
      const text = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${shown}`;
      causes.push(invalidValue(field, owners, text));
    } else controller = shown;
  }
}

/** The finalizers that need no domain. */
const standardFinalizers = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

function validateFinalizers(
  finalizers: readonly string[],
  field: string,
  anyFinalizer: boolean,
  causes: StatusCause[],
): void {
  for (const [index, finalizer] of finalizers.entries()) {
    const texts = qualifiedName(finalizer);
    for (const text of texts) causes.push(invalidValue(field, finalizer, text));
    if (anyFinalizer) continue;
    // Most built-in kinds ask again, and more.
    const own = `${field}[${index}]`;
    for (const text of texts) causes.push(invalidValue(own, finalizer, text));
    if (texts.length === 0 && !finalizer.includes('/') && !standardFinalizers.has(finalizer)) {
      causes.push(invalidValue(own, finalizer, 'name is neither a standard finalizer name nor is it fully qualified'));
    }
  }
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    causes.push(invalidValue(field, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'));
  }
}

/** Drops owner references that are given twice; answers the warnings of kube-apiserver. */
export function withoutDuplicateOwners(object: KubeObject): {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
} {
  const owners = object.metadata.ownerReferences;
  if (!owners || owners.length < 2) return { object, warnings: [] };
  const kept: OwnerReference[] = [];
  const duplicates: string[] = [];
  for (const owner of owners) {
    if (kept.some((other) => deepEqual(other, owner))) duplicates.push(owner.uid);
    else kept.push(owner);
  }
  if (duplicates.length === 0) return { object, warnings: [] };
  return {
    object: { ...object, metadata: { ...object.metadata, ownerReferences: kept } },
    warnings: [
      `.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${duplicates.join(', ')}`,
    ],
  };
}
