/**
 * Step 3, the decision: the Works a binding asks for, one per cluster, and those that have to go. Pure: the
 * controllers, `migrate plan` and `policy preview` call the same.
 */
import { seenTemplate } from '#apis/names/annotations.ts';
import { bindingManagedBy } from '#apis/names/labels.ts';
import { clusterOfExecutionNamespace } from '#apis/names/objects.ts';
import { claimOf } from '#apis/policy/claim.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { Work } from '#apis/work/work.ts';
import { type FieldSet, fieldSet, union } from '#kube/fields/fieldset.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { withState } from './plan/carried-state.ts';
import { givenBack, isOwnWork } from './plan/places.ts';
import type { Rendered } from './plan/rendered.ts';
import { directlyLeft, isDivided, isWorkload, keptClusters, targetsOf } from './plan/targets.ts';
import { workFor } from './plan/work.ts';

export interface RenderInput {
  readonly binding: Binding;
  readonly template: UnstructuredObject;
  /** By cluster; one without is left as it is. */
  readonly rendered: ReadonlyMap<string, Rendered>;
  /** All Works that carry the binding's id. */
  readonly existing: readonly Work[];
  readonly newId: () => string;
  /** Gate StatefulFailoverInjection. */
  readonly carriesState?: boolean;
}

export interface RenderPlan {
  /** Works to create or update; those that are right already are not among them. */
  readonly write: readonly Work[];
  /** Works in clusters the template no longer belongs to. */
  readonly remove: readonly Work[];
}

const clusterOf = (work: Work): string => clusterOfExecutionNamespace(work.metadata.namespace!) ?? '';

const replicas = [['spec', 'replicas']] as const;
const assignedFields: Readonly<Record<string, readonly (readonly string[])[]>> = {
  Job: [
    ['spec', 'parallelism'],
    ['spec', 'completions'],
  ],
};

/** Divided replicas are our own statement; others are stated where somebody stated them in the template. */
function assigning({ spec }: Binding): (stated: FieldSet | 'whole') => FieldSet | 'whole' {
  if (!isWorkload(spec) || !isDivided(spec)) return (stated) => stated;
  const assigned = fieldSet(...(assignedFields[spec.resource.kind] ?? replicas));
  return (stated) => (stated === 'whole' ? stated : union(stated, assigned));
}

/**
 * Detection made it, and no policy claims it any more: its Works stay as they are, whatever becomes of the template. A
 * binding made by hand or by another controller never had a claim.
 */
const isLeftAlone = (binding: Binding): boolean =>
  binding.metadata.annotations?.[seenTemplate] !== undefined &&
  binding.metadata.labels?.[bindingManagedBy] === undefined &&
  claimOf(binding) === undefined;

const isLive = (work: Work) => work.metadata.deletionTimestamp === undefined;

export function render(input: RenderInput): RenderPlan {
  const { binding, template, rendered, existing } = input;
  // A cluster that is left directly is empty before another one gets the template: never two at a time.
  const leftDirectly = directlyLeft(binding.spec);
  const leaving = existing.filter((work) => leftDirectly.has(clusterOf(work)));
  if (leaving.length > 0) return { write: [], remove: leaving.filter(isLive) };

  const byCluster = new Map(existing.map((work) => [clusterOf(work), work]));
  const stated = assigning(binding);
  const leftAlone = isLeftAlone(binding);
  // Whoever needs the template in a cluster needs it as it is now, whoever claimed it once.
  const required = new Set(
    (binding.spec.requiredBy ?? []).flatMap(({ clusters = [] }) => clusters.map(({ name }) => name)),
  );
  const write: Work[] = [];
  for (const { name: cluster } of targetsOf(binding.spec)) {
    const found = rendered.get(cluster);
    const current = byCluster.get(cluster);
    if (!found || (current && (!isLive(current) || (leftAlone && !required.has(cluster))))) continue;
    const manifest = input.carriesState ? withState(found.manifest, binding.spec, cluster) : found.manifest;
    const content = { ...found, manifest, stated: stated(found.stated) };
    const work = workFor({ binding, template, rendered: content, cluster, existing: current, newId: input.newId() });
    if (work !== current) write.push(work);
  }
  const kept = keptClusters(binding.spec);
  const left = existing.filter((work) => !kept.has(clusterOf(work)) && isLive(work));
  return {
    write: [...write, ...left.filter((work) => isOwnWork(work, template)).map(givenBack)],
    remove: left.filter((work) => !isOwnWork(work, template)),
  };
}

/**
 * The Works to write the flag into before the first of them is deleted, so that a rollback cannot be overtaken by the
 * deletion it protects from.
 */
export const stamped = (works: readonly Work[]): readonly Work[] =>
  works
    .filter((work) => work.spec.preserveResourcesOnDeletion !== true)
    .map((work) => ({ ...work, spec: { ...work.spec, preserveResourcesOnDeletion: true } }));
