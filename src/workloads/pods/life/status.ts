/** The whole status of a Pod after a stage. Pure. */
import type { ContainerStatus, PodStatus } from '#apis/kubernetes/types.ts';
import { podConditions } from './conditions.ts';
import {
  type ContainerFacts,
  containerStatuses,
  ephemeralStatuses,
  initContainerStatuses,
  restarted,
} from './containers.ts';
import type { PodNext } from './stages.ts';

export interface PodFacts extends ContainerFacts {
  /** Of the node, and of the Pod in it; equal for a Pod in the node's own network. */
  readonly hostIP: string;
  readonly podIP: string;
}

export function statusAfter(facts: PodFacts, next: PodNext): PodStatus {
  const { pod, now, hostIP, podIP } = facts;
  const before = pod.status ?? {};
  const { phase = before.phase ?? 'Pending', reason, message, containers, initContainers } = next;
  // Addresses come with the sandbox, which is there once anything of the Pod has run.
  const address = before.podIP ?? (phase === 'Pending' ? undefined : podIP);
  const init = initContainers || containers ? initContainerStatuses(facts, initContainers, containers) : undefined;
  const status: PodStatus = {
    ...before,
    ...(containers ? { containerStatuses: containerStatuses(facts, containers) } : {}),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(init && init.length > 0 ? { initContainerStatuses: init } : {}),
    ...(message ? { message } : {}),
    phase,
    ...(address ? { podIP: address, podIPs: [{ ip: address }] } : {}),
    ...(reason ? { reason } : {}),
    startTime: before.startTime ?? now,
  };
  return { ...status, conditions: podConditions(pod, status, now) };
}

/**
 * What has to be put right in a running Pod though no stage says so: a container whose image was changed is started
 * again, an ephemeral one is started, and conditions follow containers and readiness gates whatever others wrote. Undefined: nothing.
 */
export function statusPutRight(facts: PodFacts): PodStatus | undefined {
  const { pod, now } = facts;
  const { status } = pod;
  const statuses = status?.containerStatuses ?? [];
  const current = statuses.map((each) => inItsImage(facts, each));
  const changed = current.some((each, i) => each !== statuses[i]);
  const ephemeral = ephemeralStatuses(facts);
  const next: PodStatus =
    changed || ephemeral
      ? { ...status, containerStatuses: current, ...(ephemeral ? { ephemeralContainerStatuses: ephemeral } : {}) }
      : (status ?? {});
  const conditions = podConditions(pod, next, now);
  const same = conditions.every(({ type, status: truth }) =>
    status?.conditions?.some((each) => each.type === type && each.status === truth),
  );
  return !changed && !ephemeral && same ? undefined : { ...next, conditions };
}

function inItsImage(facts: PodFacts, status: ContainerStatus): ContainerStatus {
  const container = facts.pod.spec.containers.find(({ name }) => name === status.name);
  if (!container || !status.state?.running || container.image === status.image) return status;
  return restarted(facts, container, status);
}
