/** Running workloads in a member, and their migration: the ground other benches stand on. */
import { Deployments, Nodes } from '#apis/kubernetes/types.ts';
import { PropagationPolicyKind } from '#apis/policy/propagation-policy.ts';
import { checklist, follow, within } from './follow.ts';
import { inParallel, sleep } from './load.ts';
import { deployment, fieldManager, policy } from './objects.ts';
import { controlPlane, memberName, type Product } from './product.ts';
import { type Tracking, track } from './progress.ts';

/** Longest we wait for one template, whatever is measured. */
const patienceMs = 100;
const leastPatienceMs = 60_000;
export const patience = (count: number) => Math.max(leastPatienceMs, count * patienceMs);

/** What trails after a start or a load is let go by. */
const settleMs = 2_000;
export const settle = () => sleep(settleMs);

/** Members run Pods when they have nodes. */
async function runsPods(product: Product): Promise<boolean> {
  const { items } = await product.client(memberName(0)).resource(Nodes).list();
  return items.length > 0;
}

/** Replicas ready in all clusters, for a goal; undefined without Pods. */
export const readyReplicas = async (product: Product, clusters: number) =>
  (await runsPods(product)) ? clusters : undefined;

/** Makes Deployments `from` … `from + count - 1` in member1 and waits until their Pods run. */
export async function runWorkloads(product: Product, count: number, from = 0): Promise<void> {
  const client = product.client(memberName(0));
  const running = checklist(from + count);
  const pods = await runsPods(product);
  const following = await follow(client, Deployments, ({ object }) => {
    if (!pods || object.status?.readyReplicas === object.spec?.replicas) running.tick(object.metadata.name!);
  });
  await inParallel(count, (index) => client.resource(Deployments).create(deployment(from + index), { fieldManager }));
  await within<unknown>(patience(count), () => `${running.size()} run`, running.done, following.failed);
  following.stop();
}

export interface Migration {
  readonly started: number;
  readonly ended: number;
  readonly tracking: Tracking;
}

export const policyName = 'migrate';

/** Templates first, then one policy that takes over what runs in member1; until all statuses are back. */
export async function migrate(product: Product, count: number, from = 0): Promise<Migration> {
  const client = product.client(controlPlane);
  const tracking = await track(client, { count: from + count, clusters: 1, ready: await readyReplicas(product, 1) });
  const started = performance.now();
  await inParallel(count, (index) => client.resource(Deployments).create(deployment(from + index), { fieldManager }));
  if (from === 0) {
    await client
      .resource(PropagationPolicyKind)
      .create(policy({ name: policyName, clusters: [memberName(0)] }), { fieldManager });
  }
  await tracking.finished(patience(count));
  const ended = performance.now();
  tracking.stop();
  return { started, ended, tracking };
}
