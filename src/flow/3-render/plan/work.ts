/** One Work: its marks, its manifest, what is stated in it. */
import * as annotation from '#apis/names/annotations.ts';
import { execution } from '#apis/names/finalizers.ts';
import { workId } from '#apis/names/labels.ts';
import { executionNamespace, workNameFor } from '#apis/names/objects.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { Work } from '#apis/work/work.ts';
import { type FieldSet, fieldSet, isEmpty, toFieldsV1, union } from '#kube/fields/fieldset.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { JsonObject, UnstructuredObject } from '#kube/meta/object.ts';
import { bindingMarks, conflictResolutionFor, markManifest } from './manifest.ts';
import type { Rendered } from './rendered.ts';
import { isSuspended } from './targets.ts';

/**
 * Stated fields beyond this are not written, and the whole manifest counts: 64 KiB of FieldsV1 is some 1,500 fields,
 * and an object's annotations may hold 256 KiB in all. Removed fields beyond it stay where somebody else has set them.
 */
const MAX_STATED_BYTES = 64 * 1024;

export interface WorkInput {
  readonly binding: Binding;
  readonly template: UnstructuredObject;
  readonly rendered: Rendered;
  readonly cluster: string;
  readonly existing: Work | undefined;
  readonly newId: string;
}

/** Our marks are stated by us. */
function withMarks(stated: FieldSet, manifest: UnstructuredObject): FieldSet {
  const { labels = {}, annotations = {} } = manifest.metadata;
  return union(
    stated,
    fieldSet(
      ...Object.keys(labels).map((key) => ['metadata', 'labels', key]),
      ...Object.keys(annotations).map((key) => ['metadata', 'annotations', key]),
    ),
  );
}

const statedAnnotation = (stated: FieldSet | 'whole', manifest: UnstructuredObject) =>
  stated === 'whole' ? {} : fieldsAnnotation(annotation.statedFields, withMarks(stated, manifest));

function fieldsAnnotation(key: string, fields: FieldSet): Readonly<Record<string, string>> {
  if (isEmpty(fields)) return {};
  const text = JSON.stringify(toFieldsV1(fields));
  return text.length > MAX_STATED_BYTES ? {} : { [key]: text };
}

/** The Work as it should be; the existing reference when it is so already. */
export function workFor(input: WorkInput): Work {
  const { binding, template, rendered, cluster, existing } = input;
  const namespace = executionNamespace(cluster);
  const { resource } = binding.spec;
  const name = workNameFor(resource.kind, resource.name, resource.namespace);
  const id = existing?.metadata.labels?.[workId] || input.newId;
  const manifest = markManifest(rendered.manifest, template, binding, { namespace, name, id });
  const marks = bindingMarks(binding);
  const write =
    template.metadata.annotations?.[annotation.writeMode] ?? binding.metadata.annotations?.[annotation.writeMode];
  const metadata: Work['metadata'] = {
    ...existing?.metadata,
    name,
    namespace,
    finalizers: existing?.metadata.finalizers ?? [execution],
    labels: { ...existing?.metadata.labels, ...marks.labels, [workId]: id },
    annotations: {
      ...foreignAnnotations(existing),
      ...marks.annotations,
      [annotation.conflictResolution]: conflictResolutionFor(template, binding),
      ...rendered.annotations,
      ...statedAnnotation(rendered.stated, manifest),
      ...fieldsAnnotation(annotation.removedFields, rendered.removed),
      ...(write ? { [annotation.writeMode]: write } : {}),
    },
  };
  const spec: Work['spec'] = {
    ...existing?.spec,
    preserveResourcesOnDeletion: binding.spec.preserveResourcesOnDeletion ?? false,
    suspendDispatching: isSuspended(binding.spec, cluster),
    workload: { manifests: [manifest as unknown as JsonObject] },
  };
  if (existing && deepEqual(metadata, existing.metadata) && deepEqual(spec, existing.spec)) return existing;
  return { ...existing, apiVersion: 'work.karmada.io/v1alpha1', kind: 'Work', metadata, spec };
}

/** Set anew each time, or gone. */
const renderedKeys = new Set<string>([
  annotation.statedFields,
  annotation.removedFields,
  annotation.writeMode,
  annotation.appliedOverrides,
  annotation.appliedClusterOverrides,
]);

/** Annotations on the Work that are not ours to set anew. */
const foreignAnnotations = (existing: Work | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(existing?.metadata.annotations ?? {}).filter(([key]) => !renderedKeys.has(key)));
