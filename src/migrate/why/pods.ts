/** What the Pods of a workload say of themselves: why one is not ready. Pure. */
import type { Pod } from '#apis/kubernetes/types.ts';
import { findCondition } from '#kube/conditions/conditions.ts';

export interface PodTrouble {
  readonly pod: string;
  /** `ImagePullBackOff: Back-off pulling image "nginx:nope"`, in one line. */
  readonly reason: string;
}

type ContainerStatus = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number];

const joined = (reason: string | undefined, message: string | undefined): string | undefined =>
  reason === undefined && message === undefined
    ? undefined
    : [reason, message?.replaceAll(/\s+/g, ' ').replace(/\.$/, '')].filter(Boolean).join(': ');

/** Containers wait in these for a moment, whatever becomes of them. */
const passing = new Set(['ContainerCreating', 'PodInitializing']);

function ofContainer({ name, state, lastState, ready }: ContainerStatus): string | undefined {
  const { waiting, terminated } = state ?? {};
  const died = lastState?.terminated ?? terminated;
  if (waiting?.reason && !passing.has(waiting.reason)) {
    const code = died && died.exitCode !== 0 ? ` (exit code ${died.exitCode})` : '';
    return `${joined(waiting.reason, waiting.message)}${code}`;
  }
  if (!ready && terminated && terminated.exitCode !== 0)
    return `container ${name} ended with exit code ${terminated.exitCode}${terminated.reason ? ` (${terminated.reason})` : ''}`;
  return undefined;
}

function ofPod({ status }: Pod): string | undefined {
  const { initContainerStatuses = [], containerStatuses = [], conditions, phase, reason, message } = status ?? {};
  const scheduled = conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False') return joined(scheduled.reason, scheduled.message);
  if (phase === 'Failed' && (reason || message)) return joined(reason, message);
  for (const container of [...initContainerStatuses, ...containerStatuses]) {
    const found = ofContainer(container);
    if (found) return found;
  }
  const ready = conditions?.find(({ type }) => type === 'Ready');
  return ready?.status === 'False' && phase === 'Running' ? joined(ready.reason, ready.message) : undefined;
}

/** The first by name that says why it is not ready. */
export function podTrouble(pods: readonly Pod[]): PodTrouble | undefined {
  const sorted = [...pods].sort((a, b) => (a.metadata.name! < b.metadata.name! ? -1 : 1));
  for (const pod of sorted) {
    const reason = pod.metadata.deletionTimestamp ? undefined : ofPod(pod);
    if (reason) return { pod: pod.metadata.name!, reason };
  }
  return undefined;
}

/** Of a workload that could make none: its ReplicaFailure, in its own words. */
export function failureToMake(object: unknown): string | undefined {
  const { status } = object as { readonly status?: { readonly conditions?: Parameters<typeof findCondition>[0] } };
  const failure = findCondition(status?.conditions, 'ReplicaFailure');
  return failure?.status === 'True' ? joined(failure.reason, failure.message) : undefined;
}
