/** The built-in meaning of built-in kinds: one table of kind to interpreter (compatibility.md section 6.1). */
import type { InterpreterSource, KindInterpreter } from '../interpreter.ts';
import { secretInterpreter, serviceAccountInterpreter } from './accounts.ts';
import { serviceImportInterpreter } from './dependencies.ts';
import { jobInterpreter } from './job.ts';
import { ingressInterpreter, serviceInterpreter } from './load-balancer.ts';
import { podInterpreter } from './pods.ts';
import { cronJobInterpreter, horizontalPodAutoscalerInterpreter, podDisruptionBudgetInterpreter } from './totals.ts';
import { persistentVolumeClaimInterpreter, persistentVolumeInterpreter } from './volumes.ts';
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
  'batch/v1/CronJob': cronJobInterpreter,
  'v1/Pod': podInterpreter,
  'v1/Service': serviceInterpreter,
  'v1/Secret': secretInterpreter,
  'v1/ServiceAccount': serviceAccountInterpreter,
  'v1/PersistentVolume': persistentVolumeInterpreter,
  'v1/PersistentVolumeClaim': persistentVolumeClaimInterpreter,
  'networking.k8s.io/v1/Ingress': ingressInterpreter,
  'autoscaling/v2/HorizontalPodAutoscaler': horizontalPodAutoscalerInterpreter,
  'policy/v1/PodDisruptionBudget': podDisruptionBudgetInterpreter,
  'multicluster.x-k8s.io/v1alpha1/ServiceImport': serviceImportInterpreter,
};

export const nativeSource: InterpreterSource = (apiVersion, kind) => table[`${apiVersion}/${kind}`];
