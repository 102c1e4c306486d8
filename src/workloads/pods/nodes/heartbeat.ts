/**
 * How nodes say that they are there: a light Lease every few seconds, the status only when it changed or is old. All
 * nodes on one clock do so at the same moments, so that one flush of the store serves them all.
 */
import { type Lease, Leases, type Node, Nodes } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { InformerFactory } from '#client/informer/informer.ts';
import { parseTime } from '#kube/meta/time.ts';
import { type Controller, done, requeueAfter } from '#runtime/reconciler.ts';
import { type Clock, microTimestamp, timestamp } from '#world/clock/clock.ts';
import { priorityOf } from '../../wake.ts';
import { ifFound } from '../if-found.ts';
import type { Machines } from '../life/controller.ts';
import type { NodeLife } from '../life/stages.ts';
import { nodeConditions } from './conditions.ts';

export interface HeartbeatOptions {
  /** Acts as `system:node:<name>`. */
  readonly clientOf: (node: string) => ApiClient;
  readonly informers: InformerFactory;
  readonly life: NodeLife;
  readonly machines: Machines;
  readonly clock: Clock;
}

export const leaseNamespace = 'kube-node-lease';
const fieldManager = 'kubelet';
const workers = 4;

export function heartbeatController(options: HeartbeatOptions): Controller {
  const { informers, life, machines, clock } = options;
  const nodes = informers.informer(Nodes);
  /** As last answered, one for each node: renewing it needs no read. */
  const leases = new Map<string, Lease>();
  const period = life.renewSeconds * 1_000;
  return {
    name: 'node-heartbeat',
    workers,
    setUp: (enqueue) => {
      nodes.onChange((change) => {
        const name = change.object.metadata.name!;
        if (change.type === 'deleted') leases.delete(name);
        else if (change.type === 'added') enqueue(name, priorityOf(change));
      });
      machines.onChange((node) => enqueue(node));
    },
    reconcile: async (name) => {
      const node = nodes.get(name);
      if (!node || !machines.isUp(name)) return done;
      await renew(options, leases, node);
      if (isDue(node, life, clock.now())) await report(options, node);
      return requeueAfter(period - (clock.monotonic() % period), 'heartbeat');
    },
  };
}

async function renew(
  { clientOf, life, clock }: HeartbeatOptions,
  leases: Map<string, Lease>,
  node: Node,
): Promise<void> {
  const name = node.metadata.name!;
  const client = clientOf(name).resource(Leases);
  const renewed = (lease: Lease): Lease => ({
    ...lease,
    spec: {
      holderIdentity: name,
      leaseDurationSeconds: life.leaseSeconds,
      renewTime: microTimestamp(clock.now()),
    },
  });
  const known = leases.get(name) ?? (await ifFound(client.get({ namespace: leaseNamespace, name })));
  try {
    const lease = known
      ? await client.update(renewed(known), { fieldManager })
      : await client.create(renewed(newLease(node)), { fieldManager });
    leases.set(name, lease);
  } catch (error) {
    leases.delete(name);
    throw error;
  }
}

/** It goes with its node. */
const newLease = ({ metadata: { name = '', uid = '' } }: Node): Lease => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name, namespace: leaseNamespace, ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }] },
  spec: {},
});

/** Something else is true than is said, or it was said long ago; a time in the future was said by another clock. */
function isDue(node: Node, { conditions, statusSeconds }: NodeLife, now: number): boolean {
  const said = node.status?.conditions ?? [];
  return conditions.some(({ type, status }) => {
    const before = said.find((each) => each.type === type);
    if (before?.status !== status) return true;
    const age = now - parseTime(before.lastHeartbeatTime ?? '');
    return !(age >= 0 && age < statusSeconds * 1_000);
  });
}

async function report({ clientOf, informers, life, clock }: HeartbeatOptions, node: Node): Promise<void> {
  const conditions = nodeConditions(life.conditions, node.status?.conditions ?? [], timestamp(clock.now()));
  const reported = { ...node, status: { ...node.status, conditions } };
  const client = clientOf(node.metadata.name!).resource(Nodes);
  informers.informer(Nodes).observe(await client.update(reported, { subresource: 'status', fieldManager }));
}
