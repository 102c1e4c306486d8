/** One Work: its marks, its manifest, what is stated in it. */
import * as annotation from '#apis/names/annotations.ts';
import { execution } from '#apis/names/finalizers.ts';
import { workId } from '#apis/names/labels.ts';
import { executionNamespace, workNameFor } from '#apis/names/objects.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { Work } from '#apis/work/work.ts';
import { type FieldSet, fieldSet, toFieldsV1, union } from '#kube/fields/fieldset.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { JsonObject, UnstructuredObject } from '#kube/meta/object.ts';
import { bindingMarks, conflictResolutionFor, markManifest } from './manifest.ts';
import { isSuspended } from './targets.ts';

/**
 * Stated fields beyond this are not written, and the whole manifest counts: 64 KiB of FieldsV1 is some 1,500 fields,
 * and an object's annotations may hold 256 KiB in all.
 */
const MAX_STATED_BYTES = 64 * 1024;

export interface WorkInput {
  readonly binding: Binding;
  readonly template: UnstructuredObject;
  /** Pruned, with replicas and overrides, without our marks. */
  readonly manifest: UnstructuredObject;
  readonly cluster: string;
  /** Of the template and its overrides; `whole` when they cannot be told. */
  readonly stated: FieldSet | 'whole';
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

function statedAnnotation(stated: FieldSet | 'whole', manifest: UnstructuredObject): Readonly<Record<string, string>> {
  if (stated === 'whole') return {};
  const text = JSON.stringify(toFieldsV1(withMarks(stated, manifest)));
  return text.length > MAX_STATED_BYTES ? {} : { [annotation.statedFields]: text };
}

/** The Work as it should be; the existing reference when it is so already. */
export function workFor(input: WorkInput): Work {
  const { binding, template, cluster, existing } = input;
  const namespace = executionNamespace(cluster);
  const { resource } = binding.spec;
  const name = workNameFor(resource.kind, resource.name, resource.namespace);
  const id = existing?.metadata.labels?.[workId] || input.newId;
  const manifest = markManifest(input.manifest, template, binding, { namespace, name, id });
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
      ...statedAnnotation(input.stated, manifest),
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

/** Annotations on the Work that are not ours to set anew. */
function foreignAnnotations(existing: Work | undefined): Readonly<Record<string, string>> {
  const {
    [annotation.statedFields]: _stated,
    [annotation.writeMode]: _write,
    ...others
  } = existing?.metadata.annotations ?? {};
  return others;
}
