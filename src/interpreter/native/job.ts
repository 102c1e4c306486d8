/** Job: replicas are its parallelism; its status is that of all clusters together. */
import type { AggregatedStatusItem } from '#apis/work/binding-spec.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { Condition, JsonObject, JsonValue, UnstructuredObject } from '#kube/meta/object.ts';
import { parseTime } from '#kube/meta/time.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { templateDependencies } from './dependencies.ts';
import { type PodTemplate, requirementsOf } from './requirements.ts';

interface JobSpec {
  readonly parallelism?: number;
  readonly completions?: number;
  readonly template?: PodTemplate;
}

interface JobStatus {
  readonly conditions?: readonly Condition[];
  readonly active?: number;
  readonly succeeded?: number;
  readonly failed?: number;
  readonly startTime?: string;
  readonly completionTime?: string;
}

const specOf = (job: UnstructuredObject) => (job.spec ?? {}) as JobSpec;
const statusOf = (job: object) => ((job as { readonly status?: unknown }).status ?? {}) as JobStatus;

const holds = (status: JobStatus, type: string) =>
  (status.conditions ?? []).some((condition) => condition.type === type && condition.status === 'True');
const finished = (status: JobStatus) => holds(status, 'Complete') || holds(status, 'Failed');

/** The later of two times, whichever of them is there. */
const later = (left: string | undefined, right: string | undefined) =>
  left === undefined || (right !== undefined && parseTime(right) > parseTime(left)) ? right : left;

const earlier = (left: string | undefined, right: string | undefined) =>
  left === undefined || (right !== undefined && parseTime(right) < parseTime(left)) ? right : left;

const finalCondition = (type: string, reason: string, message: string, time: string | undefined): JsonObject => ({
  type,
  status: 'True',
  ...(time ? { lastProbeTime: time, lastTransitionTime: time } : {}),
  reason,
  message,
});

/** When the last of the failed clusters failed. */
const failedAt = (statuses: readonly JobStatus[]) =>
  statuses
    .flatMap((status) => status.conditions ?? [])
    .filter((condition) => condition.type === 'Failed')
    .map((condition) => condition.lastTransitionTime)
    .reduce(later, undefined);

/** A Job that failed in one cluster has failed; servers want FailureTarget said before Failed. */
function failure(items: readonly AggregatedStatusItem[]): JsonObject[] {
  const failed = items.filter((item) => holds(statusOf(item), 'Failed')).map((item) => item.clusterName);
  if (failed.length === 0) return [];
  const statuses = items.map(statusOf);
  const message = `Job executed failed in member clusters ${failed.join(',')}`;
  const types = statuses.some((status) => holds(status, 'FailureTarget')) ? ['FailureTarget', 'Failed'] : ['Failed'];
  return types.map((type) => finalCondition(type, 'JobFailed', message, failedAt(statuses)));
}

/** It is complete when it is in every cluster; servers want SuccessCriteriaMet said before Complete. */
function completion(statuses: readonly JobStatus[], finishedAt: string | undefined): JsonObject[] {
  if (statuses.length === 0 || !statuses.every((status) => holds(status, 'Complete'))) return [];
  const complete = finalCondition('Complete', 'Completed', 'Job completed', finishedAt);
  if (!statuses.every((status) => holds(status, 'SuccessCriteriaMet'))) return [complete];
  const message = 'All member clusters have met success criteria';
  return [finalCondition('SuccessCriteriaMet', 'CompletionsReached', message, finishedAt), complete];
}

/** The earliest start, once all have started; a start that was said is not said anew. */
function startOf(old: JobStatus, statuses: readonly JobStatus[]): string | undefined {
  if (old.startTime !== undefined) return old.startTime;
  const times = statuses.map((status) => status.startTime);
  return times.every((time) => time !== undefined) ? times.reduce(earlier, undefined) : undefined;
}

/** A finished Job's status is never touched again, so a cluster that has told nothing yet holds the end back. */
function aggregate(template: UnstructuredObject, items: readonly AggregatedStatusItem[]): JsonObject | undefined {
  const old = template.status as JsonObject | undefined;
  if (finished(statusOf(template)) || items.every((item) => item.status === undefined)) return old;
  const statuses = items.map(statusOf);
  const everyCompleted = statuses.every((status) => status.completionTime !== undefined);
  const completionTime = everyCompleted
    ? statuses.map((status) => status.completionTime).reduce(later, undefined)
    : undefined;
  const failed = failure(items);
  const conditions = failed.length > 0 ? failed : completion(statuses, completionTime);
  const startTime = startOf(statusOf(template), statuses);
  const result: Record<string, JsonValue> = {};
  for (const name of ['active', 'succeeded', 'failed'] as const) {
    const total = statuses.reduce((sum, status) => sum + (status[name] ?? 0), 0);
    if (total > 0) result[name] = total;
  }
  if (startTime) result.startTime = startTime;
  // A server refuses a completion time on a Job that is not complete.
  if (completionTime && failed.length === 0) result.completionTime = completionTime;
  if (conditions.length > 0) result.conditions = conditions;
  return deepEqual(result, old ?? {}) ? old : result;
}

const generatedLabels = [
  'controller-uid',
  'job-name',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-name',
];

interface LabelledTemplate extends PodTemplate {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
}

/** The selector and the Pod labels that the member's own API server generated. */
function retain(desired: UnstructuredObject, observed: UnstructuredObject): UnstructuredObject {
  const [wanted, live] = [
    desired.spec as { template?: LabelledTemplate } | undefined,
    observed.spec as { selector?: JsonValue; template?: LabelledTemplate } | undefined,
  ];
  const labels = live?.template?.metadata?.labels ?? {};
  const kept = Object.fromEntries(Object.entries(labels).filter(([key]) => generatedLabels.includes(key)));
  const metadata = { ...wanted?.template?.metadata, labels: { ...wanted?.template?.metadata?.labels, ...kept } };
  return {
    ...desired,
    spec: {
      ...wanted,
      ...(live?.selector ? { selector: live.selector } : {}),
      template: { ...wanted?.template, metadata },
    },
  };
}

export const jobInterpreter: KindInterpreter = {
  getReplicas: (job) => {
    const { parallelism = 1, completions, template } = specOf(job);
    const requirements = requirementsOf(template);
    const replicas = completions === undefined ? parallelism : Math.min(parallelism, completions);
    return { replicas, ...(requirements ? { requirements } : {}) };
  },
  reviseReplica: (job, replicas) =>
    specOf(job).parallelism === undefined ? job : { ...job, spec: { ...specOf(job), parallelism: replicas } },
  retain,
  reflectStatus: (job) => {
    const status = job.status as Readonly<Record<string, JsonValue>> | undefined;
    if (!status) return undefined;
    const kept = ['active', 'succeeded', 'failed', 'conditions', 'startTime', 'completionTime'];
    return Object.fromEntries(Object.entries(status).filter(([key]) => kept.includes(key)));
  },
  aggregateStatus: aggregate,
  getDependencies: templateDependencies,
};
