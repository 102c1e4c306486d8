/** Pods by the workload they belong to: what has to be the same before and after. */
import { type Pod, Pods, type ReplicaSet, ReplicaSets } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import { controllerOf } from '#kube/meta/owner.ts';

export interface PodRecord {
  readonly uid: string;
  readonly restarts: number;
  readonly ready: boolean;
}

/** `Deployment/web` -> its Pods, by uid. */
export type WorkloadPods = ReadonlyMap<string, readonly PodRecord[]>;

const restartsOf = (pod: Pod): number =>
  (pod.status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);

const isReady = (pod: Pod): boolean =>
  pod.status?.phase === 'Succeeded' ||
  (pod.status?.conditions ?? []).some((each) => each.type === 'Ready' && each.status === 'True');

export async function workloadPods(client: ApiClient, namespace: string): Promise<WorkloadPods> {
  const [pods, sets] = await Promise.all([
    client.resource<Pod>(Pods).list({ namespace }),
    client.resource<ReplicaSet>(ReplicaSets).list({ namespace }),
  ]);
  const owners = new Map(sets.items.map((set) => [set.metadata.uid, controllerOf(set)]));
  const result = new Map<string, PodRecord[]>();
  for (const pod of pods.items) {
    const controller = controllerOf(pod);
    const owner = (controller && owners.get(controller.uid)) ?? controller;
    const name = owner ? `${owner.kind}/${owner.name}` : `Pod/${pod.metadata.name}`;
    const record = { uid: pod.metadata.uid!, restarts: restartsOf(pod), ready: isReady(pod) };
    result.set(
      name,
      [...(result.get(name) ?? []), record].sort((a, b) => (a.uid < b.uid ? -1 : 1)),
    );
  }
  return result;
}

export const sum = (pods: readonly PodRecord[] | undefined): number =>
  (pods ?? []).reduce((total, pod) => total + pod.restarts, 0);

/** The same Pods with the same restart counts. */
export function isUnchanged(before: readonly PodRecord[], after: readonly PodRecord[] | undefined): boolean {
  if (after?.length !== before.length) return false;
  return before.every((pod, i) => after[i]!.uid === pod.uid && after[i]!.restarts === pod.restarts);
}
