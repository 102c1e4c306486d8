/** WorkloadRebalancer: has the scheduler place these workloads anew, as if for the first time, once. */
import { defineKind, type KindOf } from '#apis/define.ts';
import { array, dateTime, int32, int64, object, required, string } from '#kube/schema/build.ts';

const workload = object({
  apiVersion: required(string()),
  kind: required(string()),
  name: required(string()),
  namespace: string(),
});

export const WorkloadRebalancerKind = defineKind({
  group: 'apps.karmada.io',
  version: 'v1alpha1',
  kind: 'WorkloadRebalancer',
  plural: 'workloadrebalancers',
  scope: 'Cluster',
  columns: [],
  subresources: { status: true },
  schema: object({
    spec: required(object({ ttlSecondsAfterFinished: int32(), workloads: required(array(workload, { minItems: 1 })) })),
    status: object({
      finishTime: dateTime(),
      observedGeneration: int64(),
      observedWorkloads: array(object({ reason: string(), result: string(), workload: required(workload) })),
    }),
  }),
});

export interface WorkloadRebalancer extends KindOf<typeof WorkloadRebalancerKind> {}
