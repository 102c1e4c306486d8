/** Going back at once: the flag is set, the templates are deleted, nobody waits in between, and no workload is lost. */
import { Deployments } from '#apis/kubernetes/types.ts';
import { PropagationPolicyKind } from '#apis/policy/propagation-policy.ts';
import { ResourceBindingKind } from '#apis/work/resource-binding.ts';
import { WorkKind } from '#apis/work/work.ts';
import type { TypedResource } from '#client/api-client.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { Bench } from '../bench.ts';
import { checklist, follow, within } from '../follow.ts';
import { inParallel } from '../load.ts';
import { measured } from '../measured.ts';
import { migrate, patience, policyName, runWorkloads, settle } from '../migration.ts';
import { deploymentName, namespace } from '../objects.ts';
import { controlPlane, makeHome, memberName, type Product, startProduct } from '../product.ts';

const defaultCount = 1_000;

/** Uids of the workloads in member1 that still are what they were, by name. */
async function workloads(product: Product): Promise<ReadonlyMap<string, string>> {
  const { items } = await product.client(memberName(0)).resource(Deployments).list({ namespace });
  return new Map(items.map(({ metadata }) => [metadata.name!, metadata.uid!]));
}

/** Ticks off what is deleted of a resource. */
async function followEnds<T extends KubeObject>(product: Product, resource: TypedResource<T>, count: number) {
  const gone = checklist(count);
  const following = await follow<T>(product.client(controlPlane), resource, ({ type, object }) => {
    if (type === 'DELETED') gone.tick(object.metadata.name!);
  });
  return { gone, following };
}

async function rollBack(product: Product, count: number): Promise<void> {
  const client = product.client(controlPlane);
  const bindings = await followEnds(product, ResourceBindingKind, count);
  const works = await followEnds(product, WorkKind, count);
  const flag = { spec: { preserveResourcesOnDeletion: true } };
  await client.resource(PropagationPolicyKind).patch({ namespace, name: policyName }, 'merge', flag);
  await inParallel(count, (index) => client.resource(Deployments).delete({ namespace, name: deploymentName(index) }));
  const left = () => `${bindings.gone.size()} bindings and ${works.gone.size()} Works of ${count} are gone`;
  const all = Promise.all([bindings.gone.done, works.gone.done]);
  await within<unknown>(patience(count), left, all, bindings.following.failed, works.following.failed);
  bindings.following.stop();
  works.following.stop();
}

export const rollback: Bench = {
  name: 'rollback',
  summary: '--n managed Deployments are let go: flag and deletions at once, until bindings and Works are gone',
  runs: 3,
  defaultCount,
  run: async (bench) => {
    const { options, program } = bench;
    const count = options.n ?? defaultCount;
    const home = await makeHome(options);
    const product = await startProduct(program, home, options, options.profile !== undefined);
    try {
      await runWorkloads(product, count);
      const before = await workloads(product);
      await migrate(product, count);
      await settle();
      const { figures, writes } = await measured(bench, product, 'rolled back', () => rollBack(product, count));
      const after = await workloads(product);
      const lost = [...before].filter(([name, uid]) => after.get(name) !== uid).length;
      return [
        ...figures,
        { name: 'writes per template', unit: '', value: writes / count },
        { name: 'workloads lost', unit: '', value: lost },
      ];
    } finally {
      await product.stop();
      await home.remove();
    }
  },
};
