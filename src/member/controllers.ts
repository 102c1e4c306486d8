/** Every control loop of a member: those of kube-controller-manager, the scheduler, the kubelets. */
import type { InformerFactory } from '#client/informer/informer.ts';
import type { EventBroadcaster } from '#runtime/events.ts';
import type { Controller } from '#runtime/reconciler.ts';
import { cloudController } from '#workloads/cloud/controller.ts';
import { workloadControllers } from '#workloads/controllers.ts';
import { kubeletController, type Machines } from '#workloads/pods/life/controller.ts';
import { evictionController } from '#workloads/pods/nodes/eviction.ts';
import { heartbeatController } from '#workloads/pods/nodes/heartbeat.ts';
import { nodeLifecycleController } from '#workloads/pods/nodes/lifecycle.ts';
import { schedulerController } from '#workloads/pods/scheduler/controller.ts';
import { volumeController } from '#workloads/pods/volumes/controller.ts';
import { claimProtection, volumeProtection } from '#workloads/pods/volumes/protection.ts';
import type { Actors } from './actors.ts';
import { memberNetwork } from './network.ts';
import type { MemberOptions } from './options.ts';

export interface ControllerParts {
  readonly informers: InformerFactory;
  readonly clients: Actors;
  readonly events: Readonly<Record<'manager' | 'scheduler' | 'kubelets', EventBroadcaster>>;
  readonly machines: Machines;
}

export function memberControllers(
  { index, world, stages, rootCertificate, authority }: MemberOptions,
  { informers, clients, events, machines }: ControllerParts,
): readonly Controller[] {
  const shared = { ...world, informers, machines };
  const managed = { ...shared, client: clients.manager };
  const { recorder } = events.manager;
  return [
    ...workloadControllers({
      ...managed,
      events: recorder,
      ...(rootCertificate ? { rootCertificate } : {}),
      ...(authority ? { authority } : {}),
    }),
    cloudController({ ...managed, events: recorder }, memberNetwork(index).loadBalancers),
    volumeController(managed),
    claimProtection(managed),
    volumeProtection(managed),
    nodeLifecycleController({ ...managed, events: recorder('node-controller') }),
    evictionController({ ...managed, events: recorder('taint-eviction-controller') }),
    schedulerController({
      ...shared,
      client: clients.scheduler,
      events: events.scheduler.recorder('default-scheduler'),
    }),
    kubeletController({ ...shared, clientOf: clients.kubelet, events: events.kubelets.recorder('kubelet'), stages }),
    heartbeatController({ ...shared, clientOf: clients.kubelet, life: stages.nodes }),
  ];
}
