/** Accurate estimators in the process: a decision by what nodes really take, where summaries say otherwise. */
import { afterEach, expect, it } from 'vitest';
import { parseComponentFlags } from '#app/components/flags.ts';
import { type Flow, startFlow } from '#harness/flow.ts';
import type { Anything, Kubectl } from '#harness/kubectl.ts';
import { bindingOf, handsOn, nginx, onMembers, policyFor } from '#harness/samples.ts';

let flow: Flow;
afterEach(() => flow.stop());

const nodeOf = (name: string, cpu: string, disk: string): Anything => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { disk } },
  status: { allocatable: { cpu, memory: '64Gi', pods: '110' } },
});

/** Six replicas of one CPU each, on fast disks only. */
const picky: Anything = {
  ...nginx,
  spec: {
    ...nginx.spec,
    replicas: 6,
    template: {
      ...nginx.spec.template,
      spec: {
        nodeSelector: { disk: 'fast' },
        containers: [{ name: 'nginx', image: 'nginx', resources: { requests: { cpu: '1' } } }],
      },
    },
  },
};
const policy = policyFor('pp', [picky], {
  placement: {
    ...onMembers('member1', 'member2'),
    replicaScheduling: {
      replicaSchedulingType: 'Divided',
      replicaDivisionPreference: 'Weighted',
      weightPreference: { dynamicWeight: 'AvailableReplicas' },
    },
  },
});

/** As the scheduler's flag means it. */
function estimating() {
  const parsed = parseComponentFlags('karmada-scheduler', ['--enable-scheduler-estimator']);
  if ('error' in parsed) throw new Error(parsed.error);
  return parsed.settings;
}

it('divides by the nodes that Pods may run on', async () => {
  flow = await startFlow({ scheduler: estimating() });
  const { control, member1, member2 } = handsOn(flow);
  const started = async (member: Kubectl, node: Anything) => {
    await member.apply(node);
    // New nodes are tainted as not ready, and here is nobody who would say that they are.
    await member.patch(node, { spec: { taints: null } });
  };
  await started(member1, nodeOf('fast', '4', 'fast'));
  await started(member1, nodeOf('slow', '32', 'slow'));
  await started(member2, nodeOf('fast', '2', 'fast'));
  await flow.until('both summaries count all nodes', async () => {
    const clusters = await control.list('cluster.karmada.io/v1alpha1', 'Cluster');
    const cpus = new Set(clusters.map(({ status }) => status?.resourceSummary?.allocatable?.cpu));
    return cpus.has('36') && cpus.has('2');
  });
  await control.apply(picky);
  await control.apply(policy);
  const binding = await flow.until('it is scheduled', async () => {
    const found = await control.find(bindingOf(picky));
    return found?.spec.clusters && found;
  });
  expect(binding.spec.clusters).toEqual([
    { name: 'member1', replicas: 4 },
    { name: 'member2', replicas: 2 },
  ]);
});
