/** The native controllers by name: a member cluster runs them all, the control plane those its own objects need. */
import { type RestMapper, restMapper } from '#client/mapper/mapper.ts';
import type { Controller } from '#runtime/reconciler.ts';
import { autoscalingController } from './autoscaling/controller.ts';
import { certificatesController } from './certificates/controller.ts';
import { cronJobController } from './cronjob/controller.ts';
import { daemonSetController } from './daemonset/controller.ts';
import { deploymentController } from './deployment/controller.ts';
import { disruptionController } from './disruption/controller.ts';
import { garbageController } from './gc/controller.ts';
import { jobController } from './job/controller.ts';
import { namespaceController } from './namespace/controller.ts';
import type { WorkloadOptions } from './options.ts';
import { policyStatusController } from './policystatus/controller.ts';
import { quotaController } from './quota/controller.ts';
import { replicaSetController } from './replicaset/controller.ts';
import { type ServedResources, servedResources } from './served-resources.ts';
import { endpointSliceController, endpointsController } from './service/controller.ts';
import { serviceAccountController } from './serviceaccount/controller.ts';
import { statefulSetController } from './statefulset/controller.ts';

/** What several controllers look at together. */
interface Shared {
  readonly mapper: RestMapper;
  /** Followed only where somebody asks: it watches everything. */
  readonly served: () => ServedResources;
}

const factories = {
  deployment: deploymentController,
  replicaset: replicaSetController,
  statefulset: statefulSetController,
  daemonset: daemonSetController,
  job: jobController,
  cronjob: cronJobController,
  disruption: disruptionController,
  autoscaling: (options, { mapper }) => autoscalingController(options, mapper),
  endpointslice: endpointSliceController,
  endpoint: endpointsController,
  gc: (options, { served }) => garbageController(options, served()),
  namespace: (options, { served, mapper }) => namespaceController(options, served(), mapper),
  serviceaccount: serviceAccountController,
  policystatus: policyStatusController,
  certificates: certificatesController,
  resourcequota: (options, { served }) => quotaController(options, served()),
} as const satisfies Record<string, (options: WorkloadOptions, shared: Shared) => Controller>;

export type WorkloadName = keyof typeof factories;

export interface WorkloadControllersOptions extends WorkloadOptions {
  /** Which to run; all when absent. */
  readonly names?: readonly WorkloadName[];
}

export function workloadControllers(options: WorkloadControllersOptions): readonly Controller[] {
  const { names = Object.keys(factories) as WorkloadName[], ...rest } = options;
  const mapper = rest.mapper ?? restMapper(rest.client, { clock: rest.clock });
  let resources: ServedResources | undefined;
  const served = () => {
    resources ??= servedResources({ ...rest, mapper });
    return resources;
  };
  return names.map((name) => factories[name](rest, { mapper, served }));
}
