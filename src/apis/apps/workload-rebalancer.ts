/** WorkloadRebalancer: has the scheduler place these workloads anew, as if for the first time, once. */
import { defineKind, type KindOf } from '#apis/define.ts';
import { array, dateTime, int32, int64, object, required, string } from '#kube/schema/build.ts';
import { described } from '#kube/schema/described.ts';

const workload = described(
  object({
    apiVersion: required(string()),
    kind: required(string()),
    name: required(string()),
    namespace: string(),
  }),
  {
    apiVersion: 'Group and version, as manifests have them: apps/v1.',
    kind: 'Kind, as manifests have it: Deployment.',
    name: 'Name of the template.',
    namespace: 'Namespace of the template; absent for one that is of none.',
  },
);

export const WorkloadRebalancerKind = defineKind({
  group: 'apps.karmada.io',
  version: 'v1alpha1',
  kind: 'WorkloadRebalancer',
  description: 'Has workloads placed anew, once, as if for the first time.',
  plural: 'workloadrebalancers',
  scope: 'Cluster',
  columns: [],
  subresources: { status: true },
  schema: described(
    object({
      spec: required(
        object({ ttlSecondsAfterFinished: int32(), workloads: required(array(workload, { minItems: 1 })) }),
      ),
      status: object({
        finishTime: dateTime(),
        observedGeneration: int64(),
        observedWorkloads: array(object({ reason: string(), result: string(), workload: required(workload) })),
      }),
    }),
    {
      spec: 'What is placed anew.',
      'spec.ttlSecondsAfterFinished': 'How many seconds after finishTime it is deleted; it stays when absent.',
      'spec.workloads': 'The templates that are placed anew.',
      status: 'What came of it.',
      'status.finishTime': 'When the last workload was dealt with; absent before.',
      'status.observedGeneration': 'The metadata.generation that this status is about.',
      'status.observedWorkloads': 'What came of each workload.',
      'status.observedWorkloads.reason': 'Why it failed: ReferencedBindingNotFound.',
      'status.observedWorkloads.result': 'Successful or Failed; empty before.',
      'status.observedWorkloads.workload': 'The template.',
    },
  ),
});

export interface WorkloadRebalancer extends KindOf<typeof WorkloadRebalancerKind> {}
