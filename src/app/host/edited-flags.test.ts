/** What an edit on karmada-host does to the control plane that really runs: the whole of `flotilla up`, and real kubectl. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Deployments } from '#apis/kubernetes/types.ts';
import { policyName } from '#apis/names/annotations.ts';
import { type PropagationPolicy, PropagationPolicyKind } from '#apis/policy/propagation-policy.ts';
import { until } from '#harness/until.ts';
import { silentLog } from '#runtime/telemetry/log.ts';
import { systemClock } from '#world/clock/system.ts';
import { systemDisk } from '#world/disk/system.ts';
import { findOnPath } from '#world/process/path.ts';
import { systemRandom } from '#world/random/system.ts';
import { silent } from '../up/progress.ts';
import { type Up, up } from '../up/up.ts';
import { withFlags } from './host.cases.ts';

const open: { readonly running: Up; readonly folder: string }[] = [];
afterEach(async () => {
  for (const { running, folder } of open.splice(0)) {
    await running.stop();
    rmSync(folder, { recursive: true });
  }
});

async function start(): Promise<{ readonly running: Up; readonly folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-host-'));
  const running = await up({
    world: { clock: systemClock, random: systemRandom },
    disk: systemDisk,
    log: silentLog,
    progress: silent,
    members: ['member1'],
    dataDirectory: join(folder, 'data'),
    ephemeral: true,
    kubeconfigFolder: join(folder, 'kube'),
  });
  open.push({ running, folder });
  await running.ready;
  return { running, folder };
}

const manager = { namespace: 'karmada-system', name: 'karmada-controller-manager' };

const template = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'default', name: 'web' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
  },
};

const policy = (name: string, priority: number, selected: readonly string[]) =>
  ({
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'PropagationPolicy',
    metadata: { namespace: 'default', name },
    spec: {
      priority,
      preemption: 'Always',
      placement: { clusterAffinity: { clusterNames: ['member1'] } },
      resourceSelectors: selected.map((each) => ({ apiVersion: 'apps/v1', kind: 'Deployment', name: each })),
    },
  }) as unknown as PropagationPolicy;

describe('a feature gate', () => {
  it('is what the running controllers go by, from the edit on', async () => {
    const { running } = await start();
    const control = running.client('karmada-apiserver', 'kubectl');
    const host = running.client('karmada-host', 'kubectl').resource(Deployments);
    const claimant = async () =>
      (await control.resource(Deployments).get(template.metadata)).metadata.annotations?.[policyName];
    const edit = async (value: boolean) => {
      const gate = `--feature-gates=PropagationPolicyPreemption=${value}`;
      const change = withFlags((flags) => [...flags.filter((flag) => !flag.startsWith('--feature-gates')), gate]);
      const { metadata } = await host.update(change(await host.get(manager)));
      await until('the edit is rolled out', async () => {
        const { status = {} } = await host.get(manager);
        const { observedGeneration, updatedReplicas, availableReplicas, replicas } = status;
        return (
          observedGeneration === metadata.generation &&
          [updatedReplicas, availableReplicas, replicas].every((count) => count === 1)
        );
      });
    };
    await edit(false);
    await control.resource(Deployments).create(template);
    await control.resource<PropagationPolicy>(PropagationPolicyKind).create(policy('first', 1, ['web']));
    await until('the first policy claims', async () => (await claimant()) === 'first');
    await control.resource<PropagationPolicy>(PropagationPolicyKind).create(policy('second', 2, ['web', 'late']));
    // Only what is looked at can be told: a template that came later shows that the policy has been.
    const late = { ...template, metadata: { ...template.metadata, name: 'late' } };
    await control.resource(Deployments).create(late);
    await until('the second policy claims what comes later', async () => {
      const { metadata } = await control.resource(Deployments).get(late.metadata);
      return metadata.annotations?.[policyName] === 'second';
    });
    expect(await claimant()).toBe('first');
    await edit(true);
    await until('the second policy preempts', async () => (await claimant()) === 'second');
  });
});

describe('karmada-webhook', () => {
  it('at 0 replicas answers nobody, and says where to look', async () => {
    const { running } = await start();
    const control = running.client('karmada-apiserver', 'kubectl').resource<PropagationPolicy>(PropagationPolicyKind);
    const host = running.client('karmada-host', 'kubectl').resource(Deployments);
    const webhook = { namespace: 'karmada-system', name: 'karmada-webhook' };
    const scale = async (replicas: number) => {
      await host.patch(webhook, 'merge', { spec: { replicas } });
      await until(
        'its Pods are as many',
        async () => ((await host.get(webhook)).status?.readyReplicas ?? 0) === replicas,
      );
    };
    await scale(0);
    await expect(control.create(policy('first', 1, ['web']))).rejects.toThrow(
      /failed calling webhook .*: no Pod of karmada-webhook runs on karmada-host$/,
    );
    await scale(1);
    await control.create(policy('first', 1, ['web']));
  });
});

/** As the tutorials have it. */
const pipeline = String.raw`kubectl --context karmada-host get deploy karmada-controller-manager -n karmada-system -o yaml | sed '/- --failover-eviction-timeout=30s/{n;s/- --v=4/- --feature-gates=PropagationPolicyPreemption=true\n        &/g}' | kubectl --context karmada-host replace -f -`;

describe('the tutorials', () => {
  it('set the gate with sed', async (context) => {
    if (!findOnPath('kubectl')) context.skip('kubectl is not on PATH');
    const { running, folder } = await start();
    const environment = { PATH: process.env.PATH, HOME: folder, KUBECONFIG: join(folder, 'kube', 'karmada.config') };
    const shell = (script: string) =>
      new Promise<string>((resolve, reject) => {
        execFile('sh', ['-c', script], { env: environment }, (error, output) =>
          error ? reject(error) : resolve(output),
        );
      });
    const host = running.client('karmada-host').resource(Deployments);
    await until('the Deployment rests', async () => (await host.get(manager)).status?.availableReplicas === 1);
    expect(await shell(pipeline)).toBe('deployment.apps/karmada-controller-manager replaced\n');
    const { command = [] } = (await host.get(manager)).spec.template.spec.containers[0]!;
    const at = command.indexOf('--failover-eviction-timeout=30s');
    expect(command.slice(at + 1)).toEqual(['--feature-gates=PropagationPolicyPreemption=true', '--v=4']);
    const rollout = 'kubectl --context karmada-host -n karmada-system rollout status deploy karmada-controller-manager';
    expect(await shell(rollout)).toContain('deployment "karmada-controller-manager" successfully rolled out');
    await until('it runs again', () =>
      running.status().then(({ components }) => components.every((each) => each.running)),
    );
  });
});
