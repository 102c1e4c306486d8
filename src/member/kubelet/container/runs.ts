/** Which run of a container is meant, and what is known of it: from the Pod's status, in a kubelet's words. Pure. */
import type { Container, ContainerStatus, Pod } from '#apis/kubernetes/types.ts';
import { KubeletError } from '#kube/connect/nodes.ts';

export interface ContainerRun {
  readonly id: string;
  readonly restarts: number;
  readonly image: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly ended?: { readonly at: number; readonly exitCode: number; readonly reason: string };
}

export const containerSpec = ({ spec }: Pod, name: string): Container | undefined =>
  [
    ...(spec.initContainers ?? []),
    ...spec.containers,
    ...((spec.ephemeralContainers ?? []) as readonly Container[]),
  ].find((each) => each.name === name);

export const containerStatus = ({ status }: Pod, name: string): ContainerStatus | undefined =>
  [
    ...(status?.containerStatuses ?? []),
    ...(status?.initContainerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ].find((each) => each.name === name);

type Ended = NonNullable<NonNullable<ContainerStatus['state']>['terminated']>;

const endedRun = ({ image, restartCount }: ContainerStatus, ended: Ended, previous: boolean): ContainerRun => ({
  id: ended.containerID ?? '',
  restarts: previous ? Math.max(0, restartCount - 1) : restartCount,
  image,
  startedAt: Date.parse(ended.startedAt ?? ''),
  ended: { at: Date.parse(ended.finishedAt ?? ''), exitCode: ended.exitCode, reason: ended.reason ?? '' },
});

const refuse = (message: string): never => {
  throw new KubeletError(400, message);
};

/** Throws KubeletError where there is nothing to be read. */
export function runWithLog(pod: Pod, container: string, previous: boolean): ContainerRun {
  const named = `container ${JSON.stringify(container)} in pod ${JSON.stringify(pod.metadata.name)}`;
  const status = containerStatus(pod, container);
  if (!status) return refuse(`${named} is not available`);
  const { running, terminated, waiting } = status.state ?? {};
  const last = status.lastState?.terminated;
  if (previous) {
    if (!last?.containerID) return refuse(`previous terminated ${named} not found`);
    return endedRun(status, last, true);
  }
  if (running)
    return {
      id: status.containerID ?? '',
      restarts: status.restartCount,
      image: status.image,
      startedAt: Date.parse(running.startedAt ?? ''),
    };
  const ended = terminated?.containerID ? terminated : last;
  if (ended?.containerID) return endedRun(status, ended, ended === last);
  if (terminated || last) return refuse(`${named} is terminated`);
  if (!waiting) return refuse(`${named} is waiting to start - no logs yet`);
  const reason = { ErrImagePull: "image can't be pulled", ImagePullBackOff: 'trying and failing to pull image' }[
    waiting.reason ?? ''
  ];
  return refuse(`${named} is waiting to start: ${reason ?? waiting.reason ?? ''}`);
}

/** The run that goes on now; undefined when it does not run. */
export function currentRun(pod: Pod, container: string): ContainerRun | undefined {
  return containerStatus(pod, container)?.state?.running ? runWithLog(pod, container, false) : undefined;
}
