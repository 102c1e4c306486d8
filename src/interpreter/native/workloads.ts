/** Deployment, ReplicaSet, StatefulSet and DaemonSet: replicas from the spec, counters for status. */
import { retainReplicas } from '#apis/names/labels.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import type { KindInterpreter } from '../interpreter.ts';
import {
  aggregateCounters,
  availableHealthy,
  counterKinds,
  daemonSetHealthy,
  reflectCounters,
  replicasHealthy,
} from './counters.ts';
import { statefulSetDependencies, templateDependencies } from './dependencies.ts';
import { type PodTemplate, requirementsOf } from './requirements.ts';

interface WorkloadSpec {
  readonly replicas?: number;
  readonly template?: PodTemplate;
}

const specOf = (object: UnstructuredObject) => (object.spec ?? {}) as WorkloadSpec;

const replicated: KindInterpreter = {
  getReplicas: (template) => {
    const spec = specOf(template);
    const requirements = requirementsOf(spec.template);
    return { replicas: spec.replicas ?? 0, ...(requirements ? { requirements } : {}) };
  },
  reviseReplica: (manifest, replicas) =>
    specOf(manifest).replicas === undefined ? manifest : { ...manifest, spec: { ...specOf(manifest), replicas } },
};

const counted = (
  kind: keyof typeof counterKinds,
  healthy: (observed: UnstructuredObject) => boolean,
): KindInterpreter => ({
  reflectStatus: reflectCounters(counterKinds[kind]!),
  aggregateStatus: aggregateCounters(counterKinds[kind]!),
  interpretHealth: (observed) => (healthy(observed) ? 'Healthy' : 'Unhealthy'),
});

/** Replicas stay the member's own where the template's label says so (an HPA there, most often). */
function retainLabelledReplicas(desired: UnstructuredObject, observed: UnstructuredObject): UnstructuredObject {
  const kept = specOf(observed).replicas;
  if (desired.metadata.labels?.[retainReplicas] !== 'true' || kept === undefined) return desired;
  return { ...desired, spec: { ...specOf(desired), replicas: kept } };
}

export const deploymentInterpreter: KindInterpreter = {
  ...replicated,
  ...counted('Deployment', replicasHealthy),
  getDependencies: templateDependencies,
  retain: retainLabelledReplicas,
};
export const replicaSetInterpreter: KindInterpreter = {
  ...replicated,
  ...counted('ReplicaSet', availableHealthy),
  getDependencies: templateDependencies,
};
export const statefulSetInterpreter: KindInterpreter = {
  ...replicated,
  ...counted('StatefulSet', replicasHealthy),
  getDependencies: statefulSetDependencies,
};
export const daemonSetInterpreter: KindInterpreter = {
  ...counted('DaemonSet', daemonSetHealthy),
  getDependencies: templateDependencies,
};
