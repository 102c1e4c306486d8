/**
 * Step 3, the decision: the Works a binding asks for, one per cluster, and those that have to go. Pure: the
 * controllers, `migrate plan` and `policy preview` call the same.
 */
import { clusterOfExecutionNamespace } from '#apis/names/objects.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { Work } from '#apis/work/work.ts';
import { type FieldSet, fieldSet, has, union } from '#kube/fields/fieldset.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { isDivided, isWorkload, keptClusters, targetsOf } from './plan/targets.ts';
import { workFor } from './plan/work.ts';

export interface RenderInput {
  readonly binding: Binding;
  readonly template: UnstructuredObject;
  /** The pruned template as each target cluster is to hold it: replicas and completions assigned, overrides applied. */
  readonly manifests: ReadonlyMap<string, UnstructuredObject>;
  /** What the template and its overrides state. */
  readonly stated: FieldSet | 'whole';
  /** All Works that carry the binding's id. */
  readonly existing: readonly Work[];
  readonly newId: () => string;
}

export interface RenderPlan {
  /** Works to create or update; those that are right already are not among them. */
  readonly write: readonly Work[];
  /** Works in clusters the template no longer belongs to. */
  readonly remove: readonly Work[];
}

export const clusterOf = (work: Work): string => clusterOfExecutionNamespace(work.metadata.namespace!) ?? '';

const replicaPaths: Readonly<Record<string, readonly string[]>> = { Job: ['spec', 'parallelism'] };
const completions = ['spec', 'completions'];

/** Assigned replicas are stated when they were divided among clusters, or when somebody stated them in the template. */
function withReplicas(stated: FieldSet | 'whole', { spec }: Binding): FieldSet | 'whole' {
  if (stated === 'whole' || !isWorkload(spec) || !isDivided(spec)) return stated;
  const path = replicaPaths[spec.resource.kind] ?? ['spec', 'replicas'];
  return has(stated, path) && spec.resource.kind !== 'Job'
    ? stated
    : union(stated, spec.resource.kind === 'Job' ? fieldSet(path, completions) : fieldSet(path));
}

export function render(input: RenderInput): RenderPlan {
  const { binding, template, manifests, existing } = input;
  const byCluster = new Map(existing.map((work) => [clusterOf(work), work]));
  const stated = withReplicas(input.stated, binding);
  const write: Work[] = [];
  for (const { name: cluster } of targetsOf(binding.spec)) {
    const manifest = manifests.get(cluster);
    const current = byCluster.get(cluster);
    if (!manifest || current?.metadata.deletionTimestamp) continue;
    const work = workFor({ binding, template, manifest, cluster, stated, existing: current, newId: input.newId() });
    if (work !== current) write.push(work);
  }
  const kept = keptClusters(binding.spec);
  return { write, remove: existing.filter((work) => !kept.has(clusterOf(work)) && !work.metadata.deletionTimestamp) };
}

export interface RemovalPlan {
  /** Works to write the flag into before any is deleted. */
  readonly stamp: readonly Work[];
  /** Works to delete, once nothing is left to stamp. */
  readonly remove: readonly Work[];
  /** No Work is left: the binding's finalizer may go. */
  readonly done: boolean;
}

/**
 * What a terminating binding asks for. `preserve` is the binding's flag or its policy's as read live, and true when
 * neither could be read: every Work carries it before the first one is deleted, so that a rollback cannot be
 * overtaken by the deletion it protects from.
 */
export function renderRemoval(works: readonly Work[], preserve: boolean): RemovalPlan {
  const stamp = works
    .filter((work) => preserve && work.spec.preserveResourcesOnDeletion !== true)
    .map((work) => ({ ...work, spec: { ...work.spec, preserveResourcesOnDeletion: true } }));
  return { stamp, remove: works.filter((work) => !work.metadata.deletionTimestamp), done: works.length === 0 };
}
