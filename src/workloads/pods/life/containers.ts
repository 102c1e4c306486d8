/** Container statuses as a kubelet writes them, from what a stage says becomes of the containers. Pure. */
import type {
  Container,
  ContainerState,
  ContainerStateTerminated,
  ContainerStatus,
  Pod,
} from '#apis/kubernetes/types.ts';
import type { ContainerNext } from './stages.ts';

export interface ContainerFacts {
  readonly pod: Pod;
  /** RFC 3339 */
  readonly now: string;
  /** A fresh identity for the run of a container with so many restarts. */
  readonly containerId: (pod: Pod, container: string, restarts: number) => string;
  readonly imageId: (image: string) => string;
}

/** Sorted by name, as kubelets do; init containers stay in their order. */
export function containerStatuses(facts: ContainerFacts, next: ContainerNext): readonly ContainerStatus[] {
  const { spec, status } = facts.pod;
  const written = spec.containers.map((each) => containerStatus(facts, each, status?.containerStatuses, next));
  return written.length < 2 ? written : written.sort((left, right) => (left.name < right.name ? -1 : 1));
}

export function initContainerStatuses(
  facts: ContainerFacts,
  own: ContainerNext | undefined,
  sidecars: ContainerNext | undefined,
): readonly ContainerStatus[] {
  const { spec, status } = facts.pod;
  const before = status?.initContainerStatuses;
  return (spec.initContainers ?? []).flatMap((container) => {
    const next = isSidecar(container) ? sidecars : own;
    if (next) return [containerStatus(facts, container, before, next)];
    return before?.filter(({ name }) => name === container.name) ?? [];
  });
}

/** Those that were added to a running Pod run at once, and are never started again. Undefined: none is new. */
export function ephemeralStatuses(facts: ContainerFacts): readonly ContainerStatus[] | undefined {
  const { spec, status } = facts.pod;
  const before = status?.ephemeralContainerStatuses ?? [];
  const fresh = (spec.ephemeralContainers ?? []).filter(({ name }) => before.every((each) => each.name !== name));
  if (fresh.length === 0) return undefined;
  return [...before, ...fresh.map((container) => running(facts, container as Container, undefined, false))];
}

const isSidecar = ({ restartPolicy }: Container): boolean => restartPolicy === 'Always';

/** The container again, in the image its spec has now. */
export const restarted = (facts: ContainerFacts, container: Container, before: ContainerStatus): ContainerStatus =>
  running(
    facts,
    container,
    { ...before, ...stopped(before, { state: 'waiting', exitCode: 0, ready: false }, facts.now) },
    true,
  );

function containerStatus(
  facts: ContainerFacts,
  container: Container,
  statuses: readonly ContainerStatus[] | undefined,
  next: ContainerNext,
): ContainerStatus {
  const before = statuses?.find(({ name }) => name === container.name);
  switch (next.state) {
    case 'running':
      return before?.state?.running
        ? { ...before, ready: next.ready, started: true }
        : running(facts, container, before, next.ready);
    case 'waiting':
      return { ...unstarted(container, before), ...stopped(before, next, facts.now) };
    case 'terminated':
      return terminated(facts, container, before, next);
  }
}

/** What is said of a container that has not run yet. */
function unstarted(container: Container, before: ContainerStatus | undefined): ContainerStatus {
  return (
    before ?? {
      name: container.name,
      image: container.image ?? '',
      imageID: '',
      lastState: {},
      ready: false,
      restartCount: 0,
      started: false,
      state: {},
    }
  );
}

function running(
  { pod, now, containerId, imageId }: ContainerFacts,
  container: Container,
  before: ContainerStatus | undefined,
  ready: boolean,
): ContainerStatus {
  const restartCount = before?.containerID ? before.restartCount + 1 : (before?.restartCount ?? 0);
  const ended = before?.state?.terminated;
  const image = container.image ?? '';
  return {
    containerID: containerId(pod, container.name, restartCount),
    image,
    imageID: imageId(image),
    lastState: ended ? { terminated: ended } : (before?.lastState ?? {}),
    name: container.name,
    ready,
    restartCount,
    started: true,
    state: { running: { startedAt: now } },
  };
}

/** Waiting; what ran until now has become the last state. */
function stopped(before: ContainerStatus | undefined, next: ContainerNext, now: string) {
  const { reason, message } = next;
  const waiting = { ...(message ? { message } : {}), ...(reason ? { reason } : {}) };
  const state: ContainerState = { waiting };
  const ended = before?.state?.terminated;
  if (ended) return { state, lastState: { terminated: ended }, ready: false, started: false };
  if (!before?.state?.running) return { state, ready: false, started: false };
  return { state, lastState: { terminated: end(before, next.exitCode, undefined, now) }, ready: false, started: false };
}

function terminated(
  facts: ContainerFacts,
  container: Container,
  before: ContainerStatus | undefined,
  next: ContainerNext,
): ContainerStatus {
  const run = before?.containerID ? before : running(facts, container, before, false);
  const { message, ...ended } = end(run, next.exitCode, next.reason, facts.now);
  const said = next.message ?? message;
  return {
    ...run,
    // An init container that is through counts as ready.
    ready: next.exitCode === 0 && isInit(facts.pod, container),
    started: false,
    state: { terminated: { ...ended, ...(said ? { message: said } : {}) } },
  };
}

const isInit = ({ spec }: Pod, container: Container): boolean => spec.initContainers?.includes(container) === true;

function end(
  { containerID, state }: ContainerStatus,
  exitCode: number,
  reason: string | undefined,
  now: string,
): ContainerStateTerminated {
  if (state?.terminated) return state.terminated;
  return {
    ...(containerID ? { containerID } : {}),
    exitCode,
    finishedAt: now,
    reason: reason ?? (exitCode === 0 ? 'Completed' : 'Error'),
    startedAt: state?.running?.startedAt ?? now,
  };
}
