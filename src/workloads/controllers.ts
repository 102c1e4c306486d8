/** The native controllers by name: a member cluster runs them all, the control plane those its own objects need. */
import type { Controller } from '#runtime/reconciler.ts';
import { deploymentController } from './deployment/controller.ts';
import type { WorkloadOptions } from './options.ts';
import { replicaSetController } from './replicaset/controller.ts';

const factories = {
  deployment: deploymentController,
  replicaset: replicaSetController,
} as const satisfies Record<string, (options: WorkloadOptions) => Controller>;

export type WorkloadName = keyof typeof factories;

export interface WorkloadControllersOptions extends WorkloadOptions {
  /** Which to run; all when absent. */
  readonly names?: readonly WorkloadName[];
}

export function workloadControllers(options: WorkloadControllersOptions): readonly Controller[] {
  const { names = Object.keys(factories) as WorkloadName[], ...rest } = options;
  return names.map((name) => factories[name](rest));
}
