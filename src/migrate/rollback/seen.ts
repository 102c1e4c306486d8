/** What is known of one object before it is rolled back: its template, its binding, and how it is in each cluster. */
import { clusterPolicyName, policyName, workName, workNamespace } from '#apis/names/annotations.ts';
import { executionNamespace, workNameFor } from '#apis/names/objects.ts';
import { claimOf } from '#apis/policy/claim.ts';
import type { Binding } from '#apis/work/binding.ts';
import { keyFor } from '#kube/meta/key.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { parseTimestamp } from '#world/clock/clock.ts';
import type { MigrationPlan, PlannedObject } from '../model.ts';
import { planLabel, policyNamesOf } from '../policies.ts';

/** `away`: the control plane does not reach it. `unknown`: the control plane does not know it (any more). */
export type Standing = 'ready' | 'away' | 'unknown';

export interface Place {
  readonly cluster: string;
  readonly standing: Standing;
  /** As it was before it was taken over there; undefined where it was made by us, or has been let go. */
  readonly original: UnstructuredObject | undefined;
  /** Undefined: it is not there. `unread`: the cluster does not answer. */
  readonly live: UnstructuredObject | 'unread' | undefined;
}

export interface Seen {
  readonly object: PlannedObject;
  /** In the control plane. */
  readonly template: UnstructuredObject | undefined;
  readonly binding: Binding | undefined;
  readonly places: readonly Place[];
}

export const isOwn = (template: UnstructuredObject | undefined, plan: string): boolean =>
  template?.metadata.labels?.[planLabel] === plan;

/** Others live in it: to delete it is to delete them. */
export const isHome = ({ apiVersion, kind }: Pick<PlannedObject, 'apiVersion' | 'kind'>): boolean =>
  (apiVersion === 'v1' && kind === 'Namespace') ||
  (apiVersion.startsWith('apiextensions.k8s.io/') && kind === 'CustomResourceDefinition');

/** Where the Work is that brings it to a cluster. */
export const workOf = ({ kind, name, namespace }: PlannedObject, cluster: string) => ({
  namespace: executionNamespace(cluster),
  name: workNameFor(kind, name, namespace),
});

/** Its marks say that it is held by the Work that this plan's policy made: another control plane's are others. */
export function isMarkedBy(live: UnstructuredObject, object: PlannedObject, plan: string, cluster: string): boolean {
  const { annotations = {} } = live.metadata;
  const work = workOf(object, cluster);
  const policy = annotations[policyName] ?? annotations[clusterPolicyName];
  return (
    annotations[workNamespace] === work.namespace &&
    annotations[workName] === work.name &&
    policy !== undefined &&
    policyNamesOf(plan, object.wave!).includes(policy)
  );
}

/** The control plane has a template of that name that is not the plan's. */
export const isForeign = ({ template }: Seen, plan: string): boolean =>
  template !== undefined && !isOwn(template, plan);

/** A policy that is not the plan's and has it by now, as `PropagationPolicy shop/web`. */
export function rivalOf({ object, template, binding }: Seen, plan: string): string | undefined {
  const claim = (binding && claimOf(binding)) ?? (template && claimOf(template));
  if (!claim || policyNamesOf(plan, object.wave!).includes(claim.name)) return undefined;
  return `${claim.kind} ${keyFor(claim.namespace, claim.name)}`;
}

/** Nothing of it is to be taken back: it was never taken over, or has been rolled back before, or is somebody else's. */
export function isUntouched(seen: Seen, plan: string): boolean {
  const { object, template, binding, places } = seen;
  if (template) return isForeign(seen, plan);
  const marked = places.some(
    ({ cluster, live }) => typeof live === 'object' && isMarkedBy(live, object, plan, cluster),
  );
  return !binding && !marked;
}

/** An object in another cluster that the plan made there, and did not find. */
export const isCopy = (
  { cluster, live, original }: Place,
  object: PlannedObject,
  { metadata, spec }: MigrationPlan,
): boolean =>
  cluster !== spec.from.cluster &&
  typeof live === 'object' &&
  original === undefined &&
  !isOlder(live, metadata.creationTimestamp) &&
  isMarkedBy(live, object, metadata.name, cluster);

/** As far as clocks may be apart. */
const mostSkewMs = 600_000;

/** It was there before the plan: what was kept of it is lost, and it is nobody's copy all the same. */
const isOlder = ({ metadata }: UnstructuredObject, planned: string): boolean =>
  typeof metadata.creationTimestamp === 'string' &&
  parseTimestamp(metadata.creationTimestamp) < parseTimestamp(planned) - mostSkewMs;
