/** The Pods of a Job: what marks them as counted or not, and which index they work on. Pure but for the end of names. */
import type { Container, Job, Pod } from '#apis/kubernetes/types.ts';
import type { Random } from '#world/random/random.ts';
import { podFrom } from '../../pod-control.ts';

/** Held until the Job has counted how the Pod ended. */
export const trackingFinalizer = 'batch.kubernetes.io/job-tracking';
const indexKey = 'batch.kubernetes.io/job-completion-index';
const failureCountKey = 'batch.kubernetes.io/job-index-failure-count';
const indexVariable = 'JOB_COMPLETION_INDEX';

export const isTracked = ({ metadata }: Pod): boolean => metadata.finalizers?.includes(trackingFinalizer) ?? false;

export const isIndexed = ({ spec }: Job): boolean => spec.completionMode === 'Indexed';

/** Undefined for a Pod that has none. */
export function indexOf({ metadata }: Pod): number | undefined {
  const text = metadata.annotations?.[indexKey] ?? metadata.labels?.[indexKey];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** How often its index had failed before this Pod tried it. */
export const failuresBefore = ({ metadata }: Pod): number => Number(metadata.annotations?.[failureCountKey] ?? 0) || 0;

export interface Task {
  /** In an indexed Job only. */
  readonly index?: number;
  /** Of the index so far; only where the Job limits them for each index. */
  readonly failures?: number;
}

export function jobPod(job: Job, { index, failures }: Task, random: Random): Pod {
  const owner =
    index === undefined ? job : { ...job, metadata: { ...job.metadata, name: `${job.metadata.name}-${index}` } };
  const made = podFrom(job.spec.template, owner, random);
  // The reference must name the Job itself.
  const pod = podFrom(job.spec.template, job, random);
  const metadata = {
    ...pod.metadata,
    name: made.metadata.name!,
    generateName: made.metadata.generateName!,
    finalizers: [...(pod.metadata.finalizers ?? []), trackingFinalizer],
  };
  if (index === undefined) return { ...pod, metadata };
  const mark = { [indexKey]: String(index) };
  return {
    ...pod,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, ...mark },
      annotations: {
        ...metadata.annotations,
        ...mark,
        ...(failures === undefined ? {} : { [failureCountKey]: String(failures) }),
      },
    },
    spec: { ...withIndexVariable(pod.spec), hostname: `${job.metadata.name}-${index}` },
  };
}

function withIndexVariable(spec: Pod['spec']): Pod['spec'] {
  const source = { fieldRef: { apiVersion: 'v1', fieldPath: `metadata.labels['${indexKey}']` } };
  const tell = (container: Container): Container =>
    container.env?.some(({ name }) => name === indexVariable)
      ? container
      : { ...container, env: [...(container.env ?? []), { name: indexVariable, valueFrom: source }] };
  return {
    ...spec,
    containers: spec.containers.map(tell),
    ...(spec.initContainers ? { initContainers: spec.initContainers.map(tell) } : {}),
  };
}
