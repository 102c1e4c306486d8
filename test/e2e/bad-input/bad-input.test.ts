/** Mistakes of all kinds, on one running control plane: each is said in words, and nothing that stands is touched. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ClusterKind } from '#apis/cluster/cluster.ts';
import { ConfigMaps, Deployments, Namespaces } from '#apis/kubernetes/types.ts';
import { PropagationPolicyKind } from '#apis/policy/propagation-policy.ts';
import { WorkKind } from '#apis/work/work.ts';
import type { ApiClient, TypedResource } from '#client/api-client.ts';
import { runShell } from '#harness/command.ts';
import { clientOf } from '#harness/contexts.ts';
import { flotillaCommand } from '#harness/program.ts';
import { newHome, type RunningUp, runningUp } from '#harness/running-up.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { type Mistake, misspoken, ours, refused, unreadable } from './cases.ts';
import { files } from './files.ts';

const home = newHome();
const folder = mkdtempSync(join(tmpdir(), 'flotilla-mistakes-'));
const hasKubectl = (await runShell('command -v kubectl')).code === 0;
const kinds = [ConfigMaps, Deployments, Namespaces, PropagationPolicyKind, WorkKind] as const;
const standing = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: standing, labels: {a: b}}\ndata: {a: b}\n';
let up: RunningUp;
let client: ApiClient;

const run = (program: string, { command, input = '' }: Pick<Mistake, 'command' | 'input'>) => {
  // A kubeconfig of their own is what some mistakes are about.
  const context =
    command.includes('--kubeconfig') || command.includes('--context') ? '' : ' --context karmada-apiserver';
  const [name, ...rest] = command.split(' ');
  return runShell(`${program} ${name}${context} ${rest.join(' ')}`, { environment: home.environment, folder, input });
};

/** `kind namespace/name resourceVersion` of all that a person may have made; a cluster's status goes on by itself. */
async function everything(): Promise<readonly string[]> {
  const lists = await Promise.all(
    kinds.map((kind) => client.resource<KubeObject>(kind as TypedResource<KubeObject>).list()),
  );
  const clusters = await client.resource(ClusterKind).list();
  return [
    ...lists.flatMap(({ items }) =>
      items.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name} ${metadata.resourceVersion}`),
    ),
    ...clusters.items.map(({ metadata, spec }) => `${metadata.name} ${JSON.stringify([metadata.labels, spec])}`),
  ].sort();
}

beforeAll(async () => {
  for (const [name, text] of Object.entries({ ...files, 'standing.yaml': standing })) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  up = await runningUp(home);
  client = clientOf(home, 'karmada-apiserver');
  const made = await run(flotillaCommand, { command: 'apply -f standing.yaml' });
  expect(made).toMatchObject({ code: 0, errors: '' });
});
afterAll(async () => {
  client?.close();
  await up?.stop();
  home.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function meets(program: string, mistake: Mistake, words: string | RegExp, makes: readonly string[]) {
  const before = await everything();
  const { code, errors } = await run(program, mistake);
  if (typeof words === 'string') expect(errors).toBe(words);
  else expect(errors).toMatch(words);
  expect(code).toBe(1);
  const made = (await everything()).filter((each) => !before.includes(each));
  expect(made.map((each) => each.split(' ')[1])).toEqual(makes.map((name) => `default/${name}`));
  for (const name of makes) await client.resource(ConfigMaps).delete({ namespace: 'default', name });
  expect(await everything()).toEqual(before);
}

describe.each(Object.entries({ unreadable, refused, misspoken }))('%s, told by kubectl', (_name, mistakes) => {
  const told = mistakes.filter(({ kubectl }) => kubectl !== undefined);
  test.for(told)('$command', async (mistake, { skip }) => {
    skip(!hasKubectl, 'kubectl is not on PATH');
    await meets('kubectl', mistake, mistake.kubectl!, [...(mistake.makes ?? []), ...(mistake.kubectlMakes ?? [])]);
  });
});

describe.each(Object.entries({ unreadable, refused, misspoken, ours }))('%s, told by flotilla', (_name, mistakes) => {
  test.each(mistakes)('$command', async (mistake) => {
    await meets(flotillaCommand, mistake, (mistake.flotilla ?? mistake.kubectl)!, mistake.makes ?? []);
  });
});
