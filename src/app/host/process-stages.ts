/**
 * How a component's Pod lives when its program ends at once: it starts, prints why it ends, and is started again after
 * a growing wait, as a kubelet does it. Pods whose program runs live by the stages every Pod lives by.
 */
import type { ContainerStatus, Pod } from '#apis/kubernetes/types.ts';
import type { ContainerNext, PodStage, StageSet } from '#workloads/pods/life/stages.ts';
import { processOf } from './process.ts';

/** A program that does not understand its flags ends with this code. */
const exitCode = 1;

/** The first wait, which doubles with each restart, and the longest: as kubelets have them. */
const backOffMs = 10_000;
const mostBackOffMs = 300_000;

const noDelay = { milliseconds: 0, jitterMilliseconds: 0, doublesWithRestarts: false, mostMilliseconds: 0 };

/** Specs of Pods hardly change: parsed once for each. */
const failures = new WeakMap<Pod['spec'], { readonly text: string | undefined }>();

function failureOf(pod: Pod): string | undefined {
  let known = failures.get(pod.spec);
  if (!known) {
    known = { text: processOf(pod)?.failure };
    failures.set(pod.spec, known);
  }
  return known.text;
}

type State = (status: ContainerStatus | undefined) => boolean;

/** Holds for a component's Pod that is to go on living, fails, and whose container is in that state. */
const failing = (state: State) => ({
  path: "a component's command that fails",
  matches: (object: object) => {
    const pod = object as Pod;
    if (pod.metadata.deletionTimestamp !== undefined || !pod.spec.nodeName) return false;
    return failureOf(pod) !== undefined && state(pod.status?.containerStatuses?.[0]);
  },
});

const isNew: State = (status) => status === undefined;
const isRunning: State = (status) => status?.state?.running !== undefined;
const hasEnded: State = (status) => status?.state?.terminated !== undefined;
const isWaiting: State = (status) => status?.state?.waiting?.reason === 'CrashLoopBackOff';

const running: ContainerNext = { state: 'running', exitCode: 0, ready: false };

const waitMs = (restarts: number) => Math.min(backOffMs * 2 ** Math.min(restarts, 30), mostBackOffMs);

const podText = ({ metadata }: Pod) => `${metadata.name}_${metadata.namespace}(${metadata.uid})`;

const stages: readonly PodStage[] = [
  {
    name: 'start-failing',
    when: [failing(isNew)],
    delay: noDelay,
    next: { phase: 'Running', containers: running, events: [] },
  },
  {
    name: 'end-failing',
    when: [failing(isRunning)],
    delay: noDelay,
    next: (pod) => ({
      containers: { state: 'terminated', exitCode, reason: 'Error', message: failureOf(pod)!, ready: false },
      events: [],
    }),
  },
  {
    name: 'back-off-failing',
    when: [failing(hasEnded)],
    delay: noDelay,
    next: backOff,
  },
  {
    name: 'restart-failing',
    when: [failing(isWaiting)],
    delay: {
      milliseconds: backOffMs,
      jitterMilliseconds: 0,
      doublesWithRestarts: true,
      mostMilliseconds: mostBackOffMs,
    },
    next: { containers: running, events: [] },
  },
];

function backOff(pod: Pod) {
  const { name = '', restartCount = 0 } = pod.status?.containerStatuses?.[0] ?? {};
  const message = `back-off ${waitMs(restartCount) / 1_000}s restarting failed container=${name} pod=${podText(pod)}`;
  return {
    containers: { state: 'waiting', reason: 'CrashLoopBackOff', message, exitCode, ready: false },
    events: [
      {
        type: 'Warning',
        reason: 'BackOff',
        message: `Back-off restarting failed container ${name} in pod ${podText(pod)}`,
      },
    ],
  } as const;
}

/** The set with what a component's program does first. */
export const withProcesses = (set: StageSet): StageSet => ({ ...set, pods: [...stages, ...set.pods] });
