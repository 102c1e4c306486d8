/** Pod: what a member's scheduling and admission wrote into it stays; all clusters' Pods together are as well as the worst. */
import type { AggregatedStatusItem } from '#apis/work/binding-spec.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { Condition, JsonObject, UnstructuredObject } from '#kube/meta/object.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { podDependencies } from './dependencies.ts';
import { type Fields, fieldsOf, keep, worstOf } from './fields.ts';
import { type PodTemplate, requirementsOf } from './requirements.ts';

function keepMounts(desired: unknown, observed: unknown): readonly Fields[] {
  const live = new Map(((observed ?? []) as readonly Fields[]).map((each) => [each.name, each]));
  return ((desired ?? []) as readonly Fields[]).map((each) => keep(each, live.get(each.name), ['volumeMounts']));
}

function retain(desired: UnstructuredObject, observed: UnstructuredObject): UnstructuredObject {
  const [wanted, live] = [fieldsOf(desired.spec), fieldsOf(observed.spec)];
  return {
    ...desired,
    spec: {
      ...keep(wanted, live, ['nodeName', 'serviceAccountName', 'volumes']),
      containers: keepMounts(wanted.containers, live.containers),
      ...(wanted.initContainers ? { initContainers: keepMounts(wanted.initContainers, live.initContainers) } : {}),
    },
  };
}

function isHealthy(pod: UnstructuredObject): boolean {
  const status = fieldsOf(pod.status);
  if (status.phase === 'Succeeded') return true;
  const conditions = (status.conditions ?? []) as readonly Condition[];
  return status.phase === 'Running' && conditions.some((each) => each.type === 'Ready' && each.status === 'True');
}

const worstFirst = ['Failed', 'Pending', 'Running', 'Succeeded'];

/**
 * Of each container only whether it is ready and in what state: names and ids are one cluster's own. The rest is there
 * and empty, as a server keeps it, else every look would find a difference.
 */
const containersOf = (statuses: readonly Fields[], name: string): readonly Fields[] =>
  statuses
    .flatMap((status) => (status[name] ?? []) as readonly Fields[])
    .map(({ ready, state }) => ({
      image: '',
      imageID: '',
      lastState: {},
      name: '',
      ready: ready ?? false,
      restartCount: 0,
      state: state ?? {},
    }));

function aggregate(template: UnstructuredObject, items: readonly AggregatedStatusItem[]): JsonObject | undefined {
  const statuses = items.map((item) => fieldsOf(item.status));
  // A cluster that has told nothing yet has the Pod still before it.
  const phases = statuses.map((status) => status.phase ?? 'Pending');
  const old = template.status as JsonObject | undefined;
  // The server gives every Pod its class and keeps it: a status without it would be written again and again.
  const kept = old?.qosClass === undefined ? {} : { qosClass: old.qosClass };
  const result: Record<string, unknown> = { ...kept, phase: worstOf(worstFirst, phases) ?? 'Pending' };
  for (const name of ['containerStatuses', 'initContainerStatuses']) {
    const found = containersOf(statuses, name);
    if (found.length > 0) result[name] = found;
  }
  return deepEqual(result, old) ? old : (result as JsonObject);
}

export const podInterpreter: KindInterpreter = {
  getReplicas: (pod) => {
    const requirements = requirementsOf({ spec: pod.spec as PodTemplate['spec'] });
    return { replicas: 1, ...(requirements ? { requirements } : {}) };
  },
  retain,
  interpretHealth: (pod) => (isHealthy(pod) ? 'Healthy' : 'Unhealthy'),
  aggregateStatus: aggregate,
  getDependencies: podDependencies,
};
