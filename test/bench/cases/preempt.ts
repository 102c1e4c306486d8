/** A policy of higher priority takes bound Deployments and sends them to a second member. */
import { PropagationPolicyKind } from '#apis/policy/propagation-policy.ts';
import type { Bench } from '../bench.ts';
import { measured } from '../measured.ts';
import { migrate, patience, readyReplicas, runWorkloads, settle } from '../migration.ts';
import { fieldManager, policy } from '../objects.ts';
import { controlPlane, makeHome, memberName, startProduct } from '../product.ts';
import { track } from '../progress.ts';

const defaultCount = 500;

export const preempt: Bench = {
  name: 'preempt',
  summary: '--n bound Deployments go to a second member by a policy of higher priority',
  runs: 3,
  defaultCount,
  run: async (bench) => {
    const { options, program } = bench;
    const count = options.n ?? defaultCount;
    const home = await makeHome(options);
    const product = await startProduct(program, home, options, options.profile !== undefined);
    try {
      await runWorkloads(product, count);
      await migrate(product, count);
      await settle();
      const client = product.client(controlPlane);
      const clusters = [memberName(0), memberName(1)];
      const tracking = await track(client, { count, clusters: 2, ready: await readyReplicas(product, 2) });
      const { figures, writes } = await measured(bench, product, 'preempted', async () => {
        const rival = policy({ name: 'spread', clusters, preempts: { count, priority: 10 } });
        await client.resource(PropagationPolicyKind).create(rival, { fieldManager });
        await tracking.finished(patience(count));
      });
      tracking.stop();
      return [...figures, { name: 'writes per template', unit: '', value: writes / count }];
    } finally {
      await product.stop();
      await home.remove();
    }
  },
};
