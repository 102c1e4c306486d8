/** DaemonSets, the wiring: their own changes, their Pods' at the end of the turn, and nodes that come, go or change. */
import { ControllerRevisions, DaemonSets, type Node, Nodes } from '#apis/kubernetes/types.ts';
import type { Change } from '#client/informer/informer.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { keyOf } from '#kube/meta/key.ts';
import { gathering } from '#runtime/gather.ts';
import type { Controller } from '#runtime/reconciler.ts';
import { revisionLabel } from '../history.ts';
import type { WorkloadOptions } from '../options.ts';
import { indexByController } from '../ownership.ts';
import { podControl } from '../pod-control.ts';
import { components } from '../reasons.ts';
import { managedResource } from '../resources.ts';
import { selectorOf } from '../selectors.ts';
import { priorityOf, wakeOwners } from '../wake.ts';
import { type DaemonSetContext, reconcileDaemonSet } from './reconcile.ts';

const workers = 4;

export function daemonSetController(options: WorkloadOptions): Controller {
  const { informers, clock, random } = options;
  const events = options.events(components.daemonSet);
  const owners = managedResource(options, DaemonSets);
  const context: DaemonSetContext = {
    owners,
    revisions: managedResource(options, ControllerRevisions),
    nodes: informers.informer(Nodes),
    control: podControl({ ...options, events }),
    hashLabel: revisionLabel,
    events,
    clock,
    random,
  };
  const pods = context.control.pods.informer;
  return {
    name: 'daemonset',
    workers,
    setUp: (enqueue) => {
      const later = gathering(clock, enqueue);
      indexByController(pods);
      indexByController(context.revisions.informer);
      owners.informer.onChange((change) => {
        if (change.type !== 'deleted') enqueue(keyOf(change.object), priorityOf(change));
      });
      wakeOwners({
        dependents: pods,
        owners: owners.informer,
        selector: ({ spec }) => selectorOf(spec.selector),
        enqueue: later,
      });
      context.nodes.onChange((change) => {
        if (!nodeMatters(change)) return;
        for (const set of owners.informer.list()) later(keyOf(set), 'low');
      });
    },
    reconcile: (key) => reconcileDaemonSet(context, key),
  };
}

/** Heartbeats change nodes all the time; where daemons run follows from their labels and taints. */
const nodeMatters = (change: Change<Node>): boolean =>
  change.type !== 'updated' ||
  !deepEqual(change.old.metadata.labels, change.object.metadata.labels) ||
  !deepEqual(change.old.spec, change.object.spec);
