/**
 * ControllerRevisions: the templates a StatefulSet or DaemonSet has had, each under a name made of its content, so
 * that Pods of several can be told apart and an earlier one can be gone back to. Pure.
 */
import type { ControllerRevision, PodTemplateSpec } from '#apis/kubernetes/types.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { JsonObject, KubeObject } from '#kube/meta/object.ts';
import { controllerReferenceTo } from '#kube/meta/owner.ts';
import { shortHash } from './template.ts';

/** On Pods, and on a DaemonSet's revisions. */
export const revisionLabel = 'controller-revision-hash';

export interface HistoryOwner extends KubeObject {
  readonly spec: { readonly template: PodTemplateSpec };
}

/** A strategic merge patch that makes the owner's template this one: what `kubectl rollout undo` sends. */
const dataOf = ({ spec }: HistoryOwner): JsonObject =>
  ({ spec: { template: { ...spec.template, $patch: 'replace' } } }) as unknown as JsonObject;

/** The template a revision holds. */
export function templateIn({ data }: ControllerRevision): PodTemplateSpec {
  const { spec } = data as unknown as { readonly spec: { readonly template: PodTemplateSpec & { $patch?: string } } };
  const { $patch: _, ...template } = spec.template;
  return template;
}

const oldestFirst = (revisions: readonly ControllerRevision[]): readonly ControllerRevision[] =>
  [...revisions].sort(
    (left, right) => left.revision - right.revision || (left.metadata.name! < right.metadata.name! ? -1 : 1),
  );

export interface RevisionPlan {
  /** The revision of the owner's present template. */
  readonly newest: ControllerRevision;
  /** It does not exist yet, or exists under an older number. */
  readonly write?: 'create' | 'update';
}

/** `hashLabel` is where the revision's own labels hold its hash; `collisions` as in status.collisionCount. */
export function planRevision(
  owner: HistoryOwner,
  revisions: readonly ControllerRevision[],
  hashLabel: string,
  collisions: number,
): RevisionPlan {
  const sorted = oldestFirst(revisions);
  const number = (sorted.at(-1)?.revision ?? 0) + 1;
  const data = dataOf(owner);
  const equal = sorted.filter((revision) => deepEqual(revision.data, data)).at(-1);
  if (equal)
    return equal === sorted.at(-1) ? { newest: equal } : { newest: { ...equal, revision: number }, write: 'update' };
  const hash = shortHash(data, collisions);
  const { name, namespace, annotations } = owner.metadata;
  return {
    write: 'create',
    newest: {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name: `${name}-${hash}`,
        namespace: namespace!,
        labels: { ...owner.spec.template.metadata?.labels, [hashLabel]: hash },
        ...(annotations ? { annotations } : {}),
        ownerReferences: [controllerReferenceTo(owner)],
      },
      data,
      revision: number,
    },
  };
}

/** Beyond the limit, the oldest first; those that are `live` do not count and stay. */
export function forgottenRevisions(
  revisions: readonly ControllerRevision[],
  live: (revision: ControllerRevision) => boolean,
  limit: number,
): readonly ControllerRevision[] {
  const past = oldestFirst(revisions).filter((revision) => !live(revision));
  return past.slice(0, Math.max(0, past.length - limit));
}
