/** The conditions of a Pod that follow from its containers, as a kubelet derives them. Pure. */
import type { ContainerStatus, Pod, PodCondition, PodStatus } from '#apis/kubernetes/types.ts';
import { findCondition } from '#kube/conditions/conditions.ts';
import type { Condition } from '#kube/meta/object.ts';

type Derived = Pick<PodCondition, 'type' | 'status' | 'reason' | 'message'>;

/** The kubelet's own, in its order; what others wrote (readiness gates) follows. */
const own = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'];

/** `status` is the new one, without its conditions; the times of conditions that stay as they were are kept. */
export function podConditions({ spec, status: before }: Pod, status: PodStatus, now: string): readonly PodCondition[] {
  const old = before?.conditions ?? [];
  const containers = containersReady(status);
  const derived: readonly Derived[] = [
    { type: 'PodReadyToStartContainers', status: truth(status.podIP !== undefined && !isEnded(status)) },
    initialized(status),
    ready(spec.readinessGates ?? [], old, containers),
    { ...containers, type: 'ContainersReady' },
    { type: 'PodScheduled', status: 'True' },
  ];
  return [...derived.map((each) => withTimes(each, old, now)), ...old.filter(({ type }) => !own.includes(type))];
}

const truth = (holds: boolean) => (holds ? 'True' : 'False');

const isEnded = ({ phase }: PodStatus): boolean => phase === 'Succeeded' || phase === 'Failed';

function withTimes(
  { type, status, reason, message }: Derived,
  old: readonly PodCondition[],
  now: string,
): PodCondition {
  const before = old.find((each) => each.type === type);
  const since = before?.status === status ? before.lastTransitionTime : now;
  return {
    lastProbeTime: null as unknown as string,
    lastTransitionTime: since ?? now,
    ...(message ? { message } : {}),
    ...(reason ? { reason } : {}),
    status,
    type,
  };
}

function initialized({ phase, initContainerStatuses = [] }: PodStatus): Derived {
  if (phase === 'Succeeded') return { type: 'Initialized', status: 'True', reason: 'PodCompleted' };
  const missing = initContainerStatuses.filter(({ ready, started }) => !ready && !started);
  if (missing.length === 0) return { type: 'Initialized', status: 'True' };
  return {
    type: 'Initialized',
    status: 'False',
    reason: 'ContainersNotInitialized',
    message: `containers with incomplete status: ${names(missing)}`,
  };
}

function containersReady({ phase, containerStatuses = [] }: PodStatus): Omit<Derived, 'type'> {
  if (phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' };
  const unready = containerStatuses.filter(({ ready: isReady }) => !isReady);
  if (unready.length === 0) return { status: 'True' };
  return {
    status: 'False',
    reason: 'ContainersNotReady',
    message: `containers with unready status: ${names(unready)}`,
  };
}

/** All containers, and every readiness gate that somebody else keeps. */
function ready(
  gates: readonly { readonly conditionType: string }[],
  conditions: readonly PodCondition[],
  containers: Omit<Derived, 'type'>,
): Derived {
  if (containers.status !== 'True') return { ...containers, type: 'Ready' };
  const messages = gates.flatMap(({ conditionType }) => {
    const gate = findCondition(conditions as readonly Condition[], conditionType);
    if (gate?.status === 'True') return [];
    return gate
      ? `the status of pod readiness gate "${conditionType}" is not "True", but ${gate.status}`
      : `corresponding condition of pod readiness gate "${conditionType}" does not exist.`;
  });
  if (messages.length === 0) return { type: 'Ready', status: 'True' };
  return { type: 'Ready', status: 'False', reason: 'ReadinessGatesNotReady', message: messages.join(', ') };
}

const names = (containers: readonly ContainerStatus[]): string => `[${containers.map(({ name }) => name).join(' ')}]`;
