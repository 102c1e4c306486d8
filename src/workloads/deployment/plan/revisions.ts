/** The revisions of a Deployment: which ReplicaSet is the newest, what it remembers, which old ones are forgotten. Pure. */
import type { Deployment, ReplicaSet } from '#apis/kubernetes/types.ts';
import { parseTime } from '#kube/meta/time.ts';
import { sameTemplate } from '../../template.ts';
import { desiredReplicas, maxReplicas, notInherited, revision, revisionHistory } from '../annotations.ts';
import { replicasOf, surgeOf } from './sizes.ts';

type Annotations = Readonly<Record<string, string>>;

const createdAt = ({ metadata }: ReplicaSet): number => parseTime(metadata.creationTimestamp ?? '') || 0;

const byName = (left: ReplicaSet, right: ReplicaSet) => (left.metadata.name! < right.metadata.name! ? -1 : 1);

export const oldestFirst = (sets: readonly ReplicaSet[]): readonly ReplicaSet[] =>
  [...sets].sort((left, right) => createdAt(left) - createdAt(right) || byName(left, right));

/** The oldest that has the Deployment's template: should there be two, everybody chooses the same. */
export const newReplicaSetOf = (deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined =>
  oldestFirst(sets).find(({ spec }) => sameTemplate(spec.template, deployment.spec.template));

export function revisionOf(set: ReplicaSet): number {
  const number = Number(set.metadata.annotations?.[revision] ?? 0);
  return Number.isInteger(number) ? number : 0;
}

export const nextRevision = (old: readonly ReplicaSet[]): number => Math.max(0, ...old.map(revisionOf)) + 1;

/** As kube-controller-manager bounds the list of earlier revisions. */
const longestHistory = 2_000;

function historyWith(history: string | undefined, past: string): string {
  const entries = history ? history.split(',') : [];
  const next = [...entries, past];
  while (next.length > 1 && next.join(',').length > longestHistory) next.shift();
  return next.join(',');
}

const inherited = (deployment: Deployment): Annotations =>
  Object.fromEntries(Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => !notInherited.has(key)));

/** The annotations of the newest ReplicaSet: the Deployment's own, and the revision, which only ever grows. */
export function annotationsOfNewest(deployment: Deployment, before: Annotations, number: number): Annotations {
  const past = before[revision];
  const after = { ...before, ...inherited(deployment) };
  if (Number(past ?? 0) >= number) return after;
  const next = { ...after, [revision]: String(number) };
  return past ? { ...next, [revisionHistory]: historyWith(before[revisionHistory], past) } : next;
}

/** What a ReplicaSet must know to share a later change of replicas in proportion. */
export const sizeAnnotations = (deployment: Deployment): Annotations => ({
  [desiredReplicas]: String(replicasOf(deployment)),
  [maxReplicas]: String(replicasOf(deployment) + surgeOf(deployment)),
});

/** A limit this large means that nothing is ever forgotten. */
const unlimited = 2_147_483_647;

/** Old ReplicaSets beyond the history limit that nothing runs under any more, the lowest revisions first. */
export function forgotten(deployment: Deployment, old: readonly ReplicaSet[]): readonly ReplicaSet[] {
  const limit = deployment.spec.revisionHistoryLimit ?? unlimited;
  const kept = old.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const surplus = kept.length - limit;
  if (limit === unlimited || surplus <= 0) return [];
  return [...kept]
    .sort((left, right) => revisionOf(left) - revisionOf(right) || createdAt(left) - createdAt(right))
    .slice(0, surplus)
    .filter(
      (set) =>
        replicasOf(set) === 0 &&
        (set.status?.replicas ?? 0) === 0 &&
        (set.metadata.generation ?? 0) <= (set.status?.observedGeneration ?? 0),
    );
}
