/** Pod: READY, STATUS and RESTARTS out of the states of all containers. */
import { parseTime } from '../../meta/time.ts';
import { humanDuration } from '../duration.ts';
import { ageOf, type Cell, cellsOf, firstOf, nameOf, none, type View } from './cell.ts';

interface Terminated {
  readonly exitCode: number;
  readonly reason?: string;
  readonly signal?: number;
  readonly finishedAt?: string | null;
}

interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly started?: boolean;
  readonly restartCount: number;
  readonly state?: {
    readonly waiting?: { readonly reason?: string };
    readonly running?: object;
    readonly terminated?: Terminated;
  };
  readonly lastState?: { readonly terminated?: Terminated };
}

interface PodSpec {
  readonly containers?: readonly unknown[];
  readonly initContainers?: readonly { readonly name: string; readonly restartPolicy?: string }[];
  readonly nodeName?: string;
  readonly readinessGates?: readonly { readonly conditionType: string }[];
}

interface PodStatus {
  readonly phase?: string;
  readonly reason?: string;
  readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string }[];
  readonly initContainerStatuses?: readonly ContainerStatus[];
  readonly containerStatuses?: readonly ContainerStatus[];
  readonly podIP?: string;
  readonly podIPs?: readonly { readonly ip?: string }[];
  readonly nominatedNodeName?: string;
}

/** Restarts and when the last one was, in milliseconds since 1970; 0 for never. */
interface Restarts {
  readonly count: number;
  readonly last: number;
}

const neverRestarted: Restarts = { count: 0, last: 0 };

function plus({ count, last }: Restarts, status: ContainerStatus): Restarts {
  const finishedAt = status.lastState?.terminated?.finishedAt;
  const finished = finishedAt ? parseTime(finishedAt) : 0;
  return { count: count + (status.restartCount ?? 0), last: Math.max(last, finished) };
}

interface Summary {
  readonly reason: string;
  readonly ready: number;
  readonly restarts: Restarts;
}

function exitReason({ reason, signal, exitCode }: Terminated): string {
  return reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`);
}

/** Init containers one after the other: the first that is not through gives the reason (`Init:0/2`). */
function summarizeInit(spec: PodSpec, statuses: readonly ContainerStatus[], sidecars: ReadonlySet<string>) {
  let [restarts, sidecarRestarts] = [neverRestarted, neverRestarted];
  let ready = 0;
  for (const [index, status] of statuses.entries()) {
    const sidecar = sidecars.has(status.name);
    const { waiting, terminated } = status.state ?? {};
    restarts = plus(restarts, status);
    if (sidecar) sidecarRestarts = plus(sidecarRestarts, status);
    if (terminated?.exitCode === 0) continue;
    if (sidecar && status.started) {
      if (status.ready) ready++;
      continue;
    }
    const waits = waiting?.reason && waiting.reason !== 'PodInitializing' ? waiting.reason : undefined;
    const why = terminated ? exitReason(terminated) : (waits ?? `${index}/${spec.initContainers?.length ?? 0}`);
    return { reason: `Init:${why}`, ready, restarts, sidecarRestarts };
  }
  return { reason: undefined, ready, restarts, sidecarRestarts };
}

/** All containers at once: the first one that waits or has ended gives the reason. */
function summarizeMain(status: PodStatus, before: Summary): Summary {
  let { reason, ready, restarts } = before;
  let running = false;
  let failure = '';
  for (const container of (status.containerStatuses ?? []).toReversed()) {
    const { waiting, terminated, running: runs } = container.state ?? {};
    restarts = plus(restarts, container);
    if (waiting?.reason) reason = waiting.reason;
    else if (terminated) {
      reason = exitReason(terminated);
      if (terminated.exitCode !== 0) failure = reason;
    } else if (container.ready && runs) {
      running = true;
      ready++;
    }
  }
  if (reason === 'Completed') {
    if (running && hasTrueCondition(status, 'Ready')) reason = 'Running';
    else if (failure) reason = failure;
    else if (running) reason = 'NotReady';
  }
  return { reason, ready, restarts };
}

const hasTrueCondition = ({ conditions = [] }: PodStatus, type: string) =>
  conditions.some((condition) => condition.type === type && condition.status === 'True');

function summarize(spec: PodSpec, status: PodStatus, sidecars: ReadonlySet<string>): Summary {
  const gated = status.conditions?.some(({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated');
  const phase = gated ? 'SchedulingGated' : firstOf(status.reason, status.phase);
  const init = summarizeInit(spec, status.initContainerStatuses ?? [], sidecars);
  const summary = { reason: init.reason ?? phase, ready: init.ready, restarts: init.restarts };
  if (init.reason !== undefined && !hasTrueCondition(status, 'Initialized')) return summary;
  return summarizeMain(status, { ...summary, restarts: init.sidecarRestarts });
}

function readinessGates(spec: PodSpec, status: PodStatus): Cell {
  const gates = spec.readinessGates ?? [];
  if (gates.length === 0) return none;
  return `${gates.filter(({ conditionType }) => hasTrueCondition(status, conditionType)).length}/${gates.length}`;
}

export const podCells = cellsOf<View<PodSpec, PodStatus>>((pod, now) => {
  const { spec = {}, status = {} } = pod;
  const sidecars = new Set(
    (spec.initContainers ?? []).flatMap((each) => (each.restartPolicy === 'Always' ? each.name : [])),
  );
  const { reason, ready, restarts } = summarize(spec, status, sidecars);
  const ended = status.phase === 'Succeeded' || status.phase === 'Failed';
  let shown = reason;
  if (pod.metadata.deletionTimestamp) {
    if (status.reason === 'NodeLost') shown = 'Unknown';
    else if (!ended) shown = 'Terminating';
  }
  const { count, last } = restarts;
  return [
    nameOf(pod),
    `${ready}/${(spec.containers?.length ?? 0) + sidecars.size}`,
    shown,
    count > 0 && last > 0 ? `${count} (${humanDuration(now - last)} ago)` : String(count),
    ageOf(pod, now),
    firstOf(status.podIPs?.[0]?.ip, status.podIP, none),
    firstOf(spec.nodeName, none),
    firstOf(status.nominatedNodeName, none),
    readinessGates(spec, status),
  ];
});
