/** The built-in meaning of built-in kinds: one table of kind to interpreter (compatibility.md section 6.1). */
import type { InterpreterSource, KindInterpreter } from '../interpreter.ts';
import { jobInterpreter } from './job.ts';
import { ingressInterpreter, serviceInterpreter } from './load-balancer.ts';
import {
  persistentVolumeClaimInterpreter,
  podDisruptionBudgetInterpreter,
  podInterpreter,
  secretInterpreter,
  serviceAccountInterpreter,
} from './members-own.ts';
import {
  daemonSetInterpreter,
  deploymentInterpreter,
  replicaSetInterpreter,
  statefulSetInterpreter,
} from './workloads.ts';

const table: Readonly<Record<string, KindInterpreter>> = {
  'apps/v1/Deployment': deploymentInterpreter,
  'apps/v1/ReplicaSet': replicaSetInterpreter,
  'apps/v1/StatefulSet': statefulSetInterpreter,
  'apps/v1/DaemonSet': daemonSetInterpreter,
  'batch/v1/Job': jobInterpreter,
  'v1/Pod': podInterpreter,
  'v1/Service': serviceInterpreter,
  'v1/Secret': secretInterpreter,
  'v1/ServiceAccount': serviceAccountInterpreter,
  'v1/PersistentVolumeClaim': persistentVolumeClaimInterpreter,
  'networking.k8s.io/v1/Ingress': ingressInterpreter,
  'policy/v1/PodDisruptionBudget': podDisruptionBudgetInterpreter,
};

export const nativeSource: InterpreterSource = (apiVersion, kind) => table[`${apiVersion}/${kind}`];
