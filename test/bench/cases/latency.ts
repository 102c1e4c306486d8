/** One new template at a time under a policy for all: until the member has it, and until its status is back. */
import { Deployments } from '#apis/kubernetes/types.ts';
import { PropagationPolicyKind } from '#apis/policy/propagation-policy.ts';
import { type Bench, milliseconds } from '../bench.ts';
import { follow, within } from '../follow.ts';
import { patience, readyReplicas, settle } from '../migration.ts';
import { deployment, fieldManager, policy } from '../objects.ts';
import { controlPlane, makeHome, memberName, startProduct } from '../product.ts';
import { percentile } from '../statistics.ts';

const samples = 200;

/** Resolves for each name once it is told. */
function arrivals() {
  const waiting = new Map<string, PromiseWithResolvers<number>>();
  const of = (name: string) => {
    const known = waiting.get(name) ?? Promise.withResolvers<number>();
    waiting.set(name, known);
    return known;
  };
  return { of: (name: string) => of(name).promise, tell: (name: string) => of(name).resolve(performance.now()) };
}

export const latencyBench: Bench = {
  name: 'latency',
  summary: `${samples} new templates one by one: until the member has each, and until its status is back`,
  runs: 1,
  run: async ({ options, program }) => {
    const home = await makeHome(options);
    const product = await startProduct(program, home, options);
    try {
      const plane = product.client(controlPlane);
      await plane
        .resource(PropagationPolicyKind)
        .create(policy({ name: 'all', clusters: [memberName(0)] }), { fieldManager });
      const [there, back] = [arrivals(), arrivals()];
      const replicas = (await readyReplicas(product, 1)) ?? 0;
      const member = await follow(product.client(memberName(0)), Deployments, ({ object }) =>
        there.tell(object.metadata.name!),
      );
      const control = await follow(plane, Deployments, ({ object }) => {
        const { readyReplicas: ready = 0, observedGeneration = 0 } = object.status ?? {};
        if (observedGeneration > 0 && ready >= replicas) back.tell(object.metadata.name!);
      });
      await settle();
      const [reached, returned]: [number[], number[]] = [[], []];
      for (let sample = 0; sample < samples; sample++) {
        const template = deployment(sample);
        const started = performance.now();
        await plane.resource(Deployments).create(template, { fieldManager });
        const both = Promise.all([there.of(template.metadata.name!), back.of(template.metadata.name!)]);
        const [at, later] = await within(
          patience(1),
          () => `template ${sample}`,
          both,
          Promise.race([member.failed, control.failed]),
        );
        reached.push(at - started);
        returned.push(later - started);
      }
      member.stop();
      control.stop();
      return [
        ...[50, 90, 99].map((p) => milliseconds(`member has it p${p}`, percentile(reached, p / 100))),
        ...[50, 90, 99].map((p) => milliseconds(`status is back p${p}`, percentile(returned, p / 100))),
      ];
    } finally {
      await product.stop();
      await home.remove();
    }
  },
};
