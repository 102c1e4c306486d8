/**
 * Workloads whose status is counters: Deployment, ReplicaSet, StatefulSet, DaemonSet. One table says which counters a
 * kind has and whether the collected status carries observedGeneration (compatibility.md section 6.1).
 */
import { templateGeneration } from '#apis/names/annotations.ts';
import type { AggregatedStatusItem } from '#apis/work/binding-spec.ts';
import type { JsonObject, UnstructuredObject } from '#kube/meta/object.ts';
import type { KindInterpreter } from '../interpreter.ts';

interface CounterKind {
  readonly counters: readonly string[];
  /** Copied as they are when one cluster reports them. */
  readonly texts: readonly string[];
  readonly reflectsObservedGeneration: boolean;
}

export const counterKinds: Readonly<Record<string, CounterKind>> = {
  Deployment: {
    counters: ['replicas', 'readyReplicas', 'updatedReplicas', 'availableReplicas', 'unavailableReplicas'],
    texts: [],
    reflectsObservedGeneration: true,
  },
  ReplicaSet: {
    counters: ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'],
    texts: [],
    reflectsObservedGeneration: true,
  },
  StatefulSet: {
    counters: ['availableReplicas', 'currentReplicas', 'readyReplicas', 'replicas', 'updatedReplicas'],
    texts: ['currentRevision', 'updateRevision'],
    reflectsObservedGeneration: false,
  },
  DaemonSet: {
    counters: [
      'currentNumberScheduled',
      'numberMisscheduled',
      'desiredNumberScheduled',
      'numberReady',
      'updatedNumberScheduled',
      'numberAvailable',
      'numberUnavailable',
    ],
    texts: [],
    reflectsObservedGeneration: true,
  },
};

type Fields = Readonly<Record<string, unknown>>;
const numberOf = (fields: Fields | undefined, name: string): number => {
  const value = fields?.[name];
  return typeof value === 'number' ? value : 0;
};

/** The counters that are not zero, and the generations by which a status is told from an older one. */
export function reflectCounters(kind: CounterKind): NonNullable<KindInterpreter['reflectStatus']> {
  return (observed) => {
    const status = observed.status as Fields | undefined;
    if (status === undefined) return undefined;
    const result: Record<string, string | number> = {};
    for (const name of kind.counters) if (numberOf(status, name) !== 0) result[name] = numberOf(status, name);
    for (const name of kind.texts) if (typeof status[name] === 'string') result[name] = status[name];
    const generation = observed.metadata.generation ?? 0;
    if (generation !== 0) result.generation = generation;
    if (kind.reflectsObservedGeneration && numberOf(status, 'observedGeneration') !== 0) {
      result.observedGeneration = numberOf(status, 'observedGeneration');
    }
    const resourceTemplateGeneration = Number(observed.metadata.annotations?.[templateGeneration]);
    if (resourceTemplateGeneration > 0) result.resourceTemplateGeneration = resourceTemplateGeneration;
    return result;
  };
}

/** A cluster has seen the template's newest generation, and its controller has seen the member's. */
function isLatest(item: AggregatedStatusItem, templateGenerationNow: number): boolean {
  const status = item.status as Fields | undefined;
  return (
    numberOf(status, 'resourceTemplateGeneration') === templateGenerationNow &&
    numberOf(status, 'generation') === numberOf(status, 'observedGeneration')
  );
}

const sameFields = (left: Fields, right: Fields): boolean =>
  Object.keys(left).length === Object.keys(right).length &&
  Object.entries(left).every(([key, value]) => right[key] === value);

/** Sums; observedGeneration follows only when every cluster has reported on the newest template. */
export function aggregateCounters(kind: CounterKind): NonNullable<KindInterpreter['aggregateStatus']> {
  return (template, items) => {
    const old = (template.status ?? {}) as Fields;
    const generation = template.metadata.generation ?? 0;
    const collected = items.filter((item) => item.status !== undefined);
    const result: Record<string, string | number> = {};
    for (const name of kind.counters) {
      const total = collected.reduce((sum, item) => sum + numberOf(item.status as Fields, name), 0);
      if (total !== 0) result[name] = total;
    }
    for (const name of kind.texts) {
      const value = collected.map((item) => (item.status as Fields)[name]).findLast((text) => typeof text === 'string');
      if (typeof value === 'string') result[name] = value;
    }
    const latest = items.every((item) => item.status !== undefined && isLatest(item, generation));
    const observed = latest ? generation : numberOf(old, 'observedGeneration');
    if (observed !== 0) result.observedGeneration = observed;
    return sameFields(old, result) ? (template.status as JsonObject | undefined) : result;
  };
}

/** The observed object runs what its spec asks for (`replicas` of the spec against updated and available ones). */
export function replicasHealthy(observed: UnstructuredObject): boolean {
  const spec = observed.spec as Fields | undefined;
  const status = observed.status as Fields | undefined;
  if (numberOf(status, 'observedGeneration') !== (observed.metadata.generation ?? 0)) return false;
  const wanted = spec?.replicas === undefined ? 0 : numberOf(spec, 'replicas');
  const updated = numberOf(status, 'updatedReplicas');
  return updated >= wanted && numberOf(status, 'availableReplicas') >= updated;
}

export function daemonSetHealthy(observed: UnstructuredObject): boolean {
  const status = observed.status as Fields | undefined;
  if (numberOf(status, 'observedGeneration') !== (observed.metadata.generation ?? 0)) return false;
  const updated = numberOf(status, 'updatedNumberScheduled');
  return updated >= numberOf(status, 'desiredNumberScheduled') && numberOf(status, 'numberAvailable') >= updated;
}

export const availableHealthy = (observed: UnstructuredObject): boolean =>
  numberOf(observed.status as Fields | undefined, 'observedGeneration') === (observed.metadata.generation ?? 0) &&
  numberOf(observed.status as Fields | undefined, 'availableReplicas') >=
    numberOf(observed.spec as Fields | undefined, 'replicas');
