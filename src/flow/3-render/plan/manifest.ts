/** Our marks on a manifest: whose it is, where it came from, and which keys are ours to take away again. */
import * as annotation from '#apis/names/annotations.ts';
import { bindingId, clusterBindingId, managed, managedValue, workId } from '#apis/names/labels.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';

export interface WorkIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly id: string;
}

export type ConflictResolution = 'overwrite' | 'abort';

/** The template's own word goes before the policy's. */
export function conflictResolutionFor(template: UnstructuredObject, binding: Binding): ConflictResolution {
  const own = template.metadata.annotations?.[annotation.conflictResolution];
  if (own === 'overwrite' || own === 'abort') return own;
  return binding.spec.conflictResolution === 'Overwrite' ? 'overwrite' : 'abort';
}

interface Marks {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** What a binding's Works and their manifests carry of it. */
export const bindingMarks = (binding: Binding): Marks => {
  const { namespace, name, labels } = binding.metadata;
  const key = namespace ? bindingId : clusterBindingId;
  return {
    labels: { [key]: labels?.[key] ?? '' },
    annotations: namespace
      ? { [annotation.bindingNamespace]: namespace, [annotation.bindingName]: name! }
      : { [annotation.clusterBindingName]: name! },
  };
};

/**
 * The marked manifest. `template` gives uid and generation; generation 0 (kinds that have none) is left out.
 */
export function markManifest(
  manifest: UnstructuredObject,
  template: UnstructuredObject,
  binding: Binding,
  work: WorkIdentity,
): UnstructuredObject {
  const marks = bindingMarks(binding);
  const { generation } = template.metadata;
  return recordKeys(
    manifest,
    work,
    {
      ...marks.annotations,
      [annotation.templateUid]: template.metadata.uid ?? '',
      ...(generation ? { [annotation.templateGeneration]: String(generation) } : {}),
      [annotation.conflictResolution]: conflictResolutionFor(template, binding),
    },
    marks.labels,
  );
}

const sortedKeys = (map: Readonly<Record<string, string>>) => Object.keys(map).sort().join(',');

/**
 * Adds the Work's marks and the two records of our keys, sorted, the records themselves among them. The Work webhook
 * does the same to manifests of Works made by others, so that a rendered Work passes it unchanged.
 */
export function recordKeys(
  manifest: UnstructuredObject,
  work: WorkIdentity,
  annotations: Readonly<Record<string, string>> = {},
  labels: Readonly<Record<string, string>> = {},
): UnstructuredObject {
  const { metadata } = manifest;
  const allLabels = { ...metadata.labels, ...labels, [managed]: managedValue, [workId]: work.id };
  const allAnnotations: Record<string, string> = {
    ...metadata.annotations,
    ...annotations,
    [annotation.workNamespace]: work.namespace,
    [annotation.workName]: work.name,
    [annotation.managedLabels]: sortedKeys(allLabels),
    [annotation.managedAnnotations]: '',
  };
  allAnnotations[annotation.managedAnnotations] = sortedKeys(allAnnotations);
  return { ...manifest, metadata: { ...metadata, labels: allLabels, annotations: allAnnotations } };
}
