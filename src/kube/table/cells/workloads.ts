/** The kinds that make Pods: what is wanted, what is there, and of which containers. */
import { parseTime } from '../../meta/time.ts';
import { formatLabelSelector, type LabelSelector } from '../../selector/labels.ts';
import { humanDuration } from '../duration.ts';
import { ageOf, boolText, type Cell, cellsOf, labelsText, nameOf, none, since, type View } from './cell.ts';

interface PodTemplate {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: {
    readonly containers?: readonly { readonly name: string; readonly image?: string }[];
    readonly nodeSelector?: Readonly<Record<string, string>>;
  };
}

interface WorkloadSpec {
  readonly replicas?: number;
  readonly selector?: LabelSelector;
  readonly template?: PodTemplate;
}

/** Names and images, each joined by commas. */
function containerCells(template: PodTemplate | undefined): readonly [string, string] {
  const containers = template?.spec?.containers ?? [];
  return [containers.map(({ name }) => name).join(','), containers.map(({ image = '' }) => image).join(',')];
}

/** A selector that the server could not have accepted shows as Go's printers show it. */
function selectorText(selector: LabelSelector | undefined): string {
  try {
    return formatLabelSelector(selector);
  } catch {
    return '<error>';
  }
}

const sum = (count: number | undefined) => count ?? 0;

interface ReplicaStatus {
  readonly replicas?: number;
  readonly readyReplicas?: number;
  readonly updatedReplicas?: number;
  readonly availableReplicas?: number;
}

export const deploymentCells = cellsOf<View<WorkloadSpec, ReplicaStatus>>((object, now) => {
  const { spec = {}, status = {} } = object;
  const selector = selectorText(spec.selector);
  return [
    nameOf(object),
    `${sum(status.readyReplicas)}/${sum(spec.replicas)}`,
    sum(status.updatedReplicas),
    sum(status.availableReplicas),
    ageOf(object, now),
    ...containerCells(spec.template),
    selector === none ? '' : selector,
  ];
});

export const replicaSetCells = cellsOf<View<WorkloadSpec, ReplicaStatus>>((object, now) => {
  const { spec = {}, status = {} } = object;
  return [
    nameOf(object),
    sum(spec.replicas),
    sum(status.replicas),
    sum(status.readyReplicas),
    ageOf(object, now),
    ...containerCells(spec.template),
    selectorText(spec.selector),
  ];
});

interface ReplicationControllerSpec extends Omit<WorkloadSpec, 'selector'> {
  readonly selector?: Readonly<Record<string, string>>;
}

export const replicationControllerCells = cellsOf<View<ReplicationControllerSpec, ReplicaStatus>>((object, now) => {
  const { spec = {}, status = {} } = object;
  return [
    nameOf(object),
    sum(spec.replicas),
    sum(status.replicas),
    sum(status.readyReplicas),
    ageOf(object, now),
    ...containerCells(spec.template),
    labelsText(spec.selector),
  ];
});

export const statefulSetCells = cellsOf<View<WorkloadSpec, ReplicaStatus>>((object, now) => {
  const { spec = {}, status = {} } = object;
  return [
    nameOf(object),
    `${sum(status.readyReplicas)}/${sum(spec.replicas)}`,
    ageOf(object, now),
    ...containerCells(spec.template),
  ];
});

interface DaemonSetStatus {
  readonly desiredNumberScheduled?: number;
  readonly currentNumberScheduled?: number;
  readonly numberReady?: number;
  readonly updatedNumberScheduled?: number;
  readonly numberAvailable?: number;
}

export const daemonSetCells = cellsOf<View<WorkloadSpec, DaemonSetStatus>>((object, now) => {
  const { spec = {}, status = {} } = object;
  return [
    nameOf(object),
    sum(status.desiredNumberScheduled),
    sum(status.currentNumberScheduled),
    sum(status.numberReady),
    sum(status.updatedNumberScheduled),
    sum(status.numberAvailable),
    labelsText(spec.template?.spec?.nodeSelector),
    ageOf(object, now),
    ...containerCells(spec.template),
    selectorText(spec.selector),
  ];
});

interface JobSpec extends WorkloadSpec {
  readonly completions?: number;
  readonly parallelism?: number;
}

interface JobStatus {
  readonly succeeded?: number;
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
}

/** Conditions that name a Job's status, the strongest first; being deleted comes before `Suspended`. */
const jobEnds = ['Complete', 'Failed'];
const jobStates = ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'];

function jobState({ conditions = [] }: JobStatus, deleted: boolean): string {
  const holds = (type: string) => conditions.some((each) => each.type === type && each.status === 'True');
  const end = jobEnds.find(holds);
  if (end) return end;
  return deleted ? 'Terminating' : (jobStates.find(holds) ?? 'Running');
}

function jobDuration({ startTime, completionTime }: JobStatus, now: number): string {
  if (!startTime) return '';
  return humanDuration((completionTime ? parseTime(completionTime) : now) - parseTime(startTime));
}

function jobCompletions({ completions, parallelism = 0 }: JobSpec, { succeeded = 0 }: JobStatus): string {
  if (completions !== undefined) return `${succeeded}/${completions}`;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

export const jobCells = cellsOf<View<JobSpec, JobStatus>>((object, now) => {
  const { spec = {}, status = {}, metadata } = object;
  return [
    nameOf(object),
    jobState(status, metadata.deletionTimestamp !== undefined),
    jobCompletions(spec, status),
    jobDuration(status, now),
    ageOf(object, now),
    ...containerCells(spec.template),
    selectorText(spec.selector),
  ];
});

interface CronJobSpec {
  readonly schedule?: string;
  readonly timeZone?: string;
  readonly suspend?: boolean;
  readonly jobTemplate?: { readonly spec?: WorkloadSpec };
}

interface CronJobStatus {
  readonly active?: readonly unknown[];
  readonly lastScheduleTime?: string;
}

export const cronJobCells = cellsOf<View<CronJobSpec, CronJobStatus>>((object, now) => {
  const { spec = {}, status = {} } = object;
  const job = spec.jobTemplate?.spec;
  const cells: readonly Cell[] = [
    nameOf(object),
    spec.schedule ?? '',
    spec.timeZone ?? none,
    boolText(spec.suspend),
    status.active?.length ?? 0,
    status.lastScheduleTime ? since(status.lastScheduleTime, now) : none,
    ageOf(object, now),
  ];
  return [...cells, ...containerCells(job?.template), job?.selector ? selectorText(job.selector) : none];
});

export const podTemplateCells = cellsOf<View<unknown> & { readonly template?: PodTemplate }>((object) => [
  nameOf(object),
  ...containerCells(object.template),
  labelsText(object.template?.metadata?.labels),
]);
