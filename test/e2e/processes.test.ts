/**
 * The controllers as processes of their own, over HTTPS: the embedded ones are scaled away, `flotilla
 * controller-manager` and `flotilla scheduler` take their leases, and a migration goes on through kill -9.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProgram, type StartedCommand, start } from '#harness/command.ts';
import { flotilla } from '#harness/program.ts';
import { newHome, type RunningUp, runningUp } from '#harness/running-up.ts';
import { until } from '#harness/until.ts';

const home = newHome();
const processes: StartedCommand[] = [];
let up: RunningUp;

beforeAll(async () => {
  up = await runningUp(home);
});

afterAll(async () => {
  for (const each of processes) each.signal('SIGKILL');
  await up.stop();
  home.remove();
});

/** One call of the program; fails with its own words. */
async function flotillaSays(words: readonly string[], input = ''): Promise<string> {
  const { node, script } = await flotilla();
  const { code, output, errors } = await runProgram(node, [script, ...words], { environment: home.environment, input });
  if (code !== 0) throw new Error(errors);
  return output;
}

async function component(name: string): Promise<StartedCommand> {
  const { node, script } = await flotilla();
  const nowhere = ['--metrics-bind-address', '0', '--health-probe-bind-address', '0'];
  // A lease that ends soon: the next one need not wait for 15 s after a kill. A busy machine may be seconds late.
  const election = [
    '--leader-elect-lease-duration',
    '8s',
    '--leader-elect-renew-deadline',
    '6s',
    '--leader-elect-retry-period',
    '200ms',
  ];
  const kubeconfig = ['--kubeconfig', join(home.kubeconfigs, 'karmada.config'), '--context', 'karmada-apiserver'];
  const started = start(node, [script, name, ...kubeconfig, ...nowhere, ...election], {
    environment: home.environment,
  });
  processes.push(started);
  return started;
}

const count = 20;
const manifests = Array.from({ length: count }, (_, i) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: `web-${i}` },
  spec: {
    selector: { matchLabels: { app: `web-${i}` } },
    template: { metadata: { labels: { app: `web-${i}` } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
  },
}));
const policy = {
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'PropagationPolicy',
  metadata: { name: 'migrate-pp' },
  spec: {
    conflictResolution: 'Overwrite',
    placement: { clusterAffinity: { clusterNames: ['member1'] } },
    resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment' }],
  },
};
const yaml = (objects: readonly object[]) => objects.map((object) => JSON.stringify(object)).join('\n---\n');

interface Listed {
  readonly items: readonly {
    readonly metadata: { readonly uid: string };
    readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  }[];
}
const list = async (...words: readonly string[]) =>
  JSON.parse(await flotillaSays(['get', ...words, '-o', 'json'])) as Listed;

/** With the flag set; the controllers' process dies on the way. */
async function rollBack(controllers: StartedCommand): Promise<void> {
  await flotillaSays(
    ['apply', '-f', '-'],
    yaml([{ ...policy, spec: { ...policy.spec, preserveResourcesOnDeletion: true } }]),
  );
  await flotillaSays(['delete', '-f', '-'], yaml(manifests));
  controllers.signal('SIGKILL');
  await controllers.ended;
  await component('controller-manager');
  await until('the bindings are gone', async () => (await list('rb')).items.length === 0);
  const { items } = await list('deployments', '--context', 'member1');
  expect(items).toHaveLength(count);
  expect(JSON.stringify(items)).not.toContain('karmada.io');
}

test('migration and rollback go on through the death of a controller process, and restart no Pod', async () => {
  for (const name of ['karmada-controller-manager', 'karmada-scheduler']) {
    const scaled = JSON.stringify({ spec: { replicas: 0 } });
    await flotillaSays([
      'patch',
      'deployment',
      name,
      '-n',
      'karmada-system',
      '--context',
      'karmada-host',
      '--type',
      'merge',
      '-p',
      scaled,
    ]);
  }
  await flotillaSays(['apply', '--context', 'member1', '-f', '-'], yaml(manifests));
  const pods = () => list('pods', '--context', 'member1');
  const before = await until('all Pods are there', async () => {
    const { items } = await pods();
    const ready = items.filter((pod) =>
      pod.status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True'),
    );
    return ready.length === count && items.map(({ metadata }) => metadata.uid).sort();
  });

  await component('scheduler');
  const first = await component('controller-manager');
  await flotillaSays(['apply', '-f', '-'], yaml([...manifests, policy]));
  const applied = async () => {
    const { items } = await list('rb');
    return items.filter((binding) =>
      binding.status?.conditions?.some((each) => each.type === 'FullyApplied' && each.status === 'True'),
    ).length;
  };
  await until('the migration has begun', async () => (await list('rb')).items.length > 0);
  first.signal('SIGKILL');
  await first.ended;
  const second = await component('controller-manager');
  await until('everything is taken over', async () => (await applied()) === count);
  expect((await pods()).items.map(({ metadata }) => metadata.uid).sort()).toEqual(before);
  await rollBack(second);
  expect((await pods()).items.map(({ metadata }) => metadata.uid).sort()).toEqual(before);
});
