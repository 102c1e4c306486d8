/** Job: replicas are its parallelism; its status is that of all clusters together. */
import type { AggregatedStatusItem } from '#apis/work/binding-spec.ts';
import type { Condition, JsonObject, JsonValue, UnstructuredObject } from '#kube/meta/object.ts';
import { parseTime } from '#kube/meta/time.ts';
import type { KindInterpreter } from '../interpreter.ts';
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

const finalCondition = (type: string, reason: string, message: string, time: string | undefined): JsonObject => ({
  type,
  status: 'True',
  ...(time ? { lastProbeTime: time, lastTransitionTime: time } : {}),
  reason,
  message,
});

/** Conditions of the whole: failed where any cluster failed, complete when all are. */
function conditionsOf(items: readonly AggregatedStatusItem[], finishedAt: string | undefined): JsonObject[] {
  const failed = items.filter((item) => holds(statusOf(item), 'Failed')).map((item) => item.clusterName);
  if (failed.length > 0) {
    const latest = items
      .flatMap((item) => statusOf(item).conditions ?? [])
      .filter((condition) => condition.type === 'Failed')
      .map((condition) => condition.lastTransitionTime)
      .reduce(later, undefined);
    return [
      finalCondition('Failed', 'JobFailed', `Job executed failed in member clusters ${failed.join(',')}`, latest),
    ];
  }
  if (items.length === 0 || !items.every((item) => holds(statusOf(item), 'Complete'))) return [];
  const complete = finalCondition('Complete', 'Completed', 'Job completed', finishedAt);
  return items.every((item) => holds(statusOf(item), 'SuccessCriteriaMet'))
    ? [
        finalCondition(
          'SuccessCriteriaMet',
          'CompletionsReached',
          'Reached expected number of succeeded pods',
          finishedAt,
        ),
        complete,
      ]
    : [complete];
}

/** A finished Job's status is never touched again. */
function aggregate(template: UnstructuredObject, items: readonly AggregatedStatusItem[]): JsonObject | undefined {
  const old = template.status as JsonObject | undefined;
  const collected = items.filter((item) => item.status !== undefined);
  if (finished(statusOf(template)) || collected.length === 0) return old;
  const statuses = collected.map(statusOf);
  const total = (name: 'active' | 'succeeded' | 'failed') =>
    statuses.reduce((sum, status) => sum + (status[name] ?? 0), 0);
  const everyStarted = statuses.every((status) => status.startTime !== undefined);
  const startTime = everyStarted ? statuses.map((status) => status.startTime).reduce(later, undefined) : undefined;
  const everyCompleted = statuses.every((status) => status.completionTime !== undefined);
  const completionTime = everyCompleted
    ? statuses.map((status) => status.completionTime).reduce(later, undefined)
    : undefined;
  const conditions = conditionsOf(collected, completionTime);
  const result: Record<string, JsonValue> = {};
  for (const name of ['active', 'succeeded', 'failed'] as const) if (total(name) > 0) result[name] = total(name);
  if (startTime) result.startTime = startTime;
  if (completionTime) result.completionTime = completionTime;
  if (conditions.length > 0) result.conditions = conditions;
  return JSON.stringify(result) === JSON.stringify(old ?? {}) ? old : result;
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
};
