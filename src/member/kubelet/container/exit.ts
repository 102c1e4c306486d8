/** What becomes of a Pod when the process of one of its containers ends of its own accord, as a kubelet tells it. Pure. */
import type { ContainerState, ContainerStatus, Pod, PodStatus } from '#apis/kubernetes/types.ts';
import { podConditions } from '#workloads/pods/life/conditions.ts';
import { containerId } from '#workloads/pods/life/identity.ts';

/** `now` in RFC 3339. */
export function statusAfterExit(pod: Pod, container: string, exitCode: number, now: string): PodStatus {
  const { status = {}, spec } = pod;
  const ephemeral = spec.ephemeralContainers?.some(({ name }) => name === container) ?? false;
  const again = !ephemeral && restarts(spec.restartPolicy, exitCode);
  const change = (each: ContainerStatus) => (each.name === container ? ended(pod, each, exitCode, again, now) : each);
  const next: PodStatus = {
    ...status,
    ...(ephemeral
      ? { ephemeralContainerStatuses: (status.ephemeralContainerStatuses ?? []).map(change) }
      : { containerStatuses: (status.containerStatuses ?? []).map(change) }),
  };
  const phase = phaseOf(next);
  return { ...next, phase, conditions: podConditions(pod, { ...next, phase }, now) };
}

const restarts = (policy: Pod['spec']['restartPolicy'], exitCode: number): boolean =>
  policy !== 'Never' && !(policy === 'OnFailure' && exitCode === 0);

function ended(pod: Pod, before: ContainerStatus, exitCode: number, again: boolean, now: string): ContainerStatus {
  const terminated: NonNullable<ContainerState['terminated']> = {
    ...(before.containerID ? { containerID: before.containerID } : {}),
    exitCode,
    finishedAt: now,
    reason: exitCode === 0 ? 'Completed' : 'Error',
    startedAt: before.state?.running?.startedAt ?? now,
  };
  if (!again) return { ...before, ready: false, started: false, state: { terminated } };
  const restartCount = before.restartCount + 1;
  return {
    ...before,
    containerID: containerId(pod, before.name, restartCount),
    lastState: { terminated },
    restartCount,
    state: { running: { startedAt: now } },
  };
}

function phaseOf({ containerStatuses = [], phase }: PodStatus): PodStatus['phase'] {
  const codes = containerStatuses.map(({ state }) => state?.terminated?.exitCode);
  if (codes.length === 0 || codes.includes(undefined)) return phase;
  return codes.every((code) => code === 0) ? 'Succeeded' : 'Failed';
}
