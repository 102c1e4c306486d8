/** What `migrate plan` says, writes and exits with, on servers where nothing schedules or executes. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ConfigMaps, Namespaces, Secrets } from '#apis/kubernetes/types.ts';
import { OverridePolicyKind } from '#apis/policy/override-policy.ts';
import type { AnyOverridePolicy } from '#apis/policy/overrides/select.ts';
import { parseYaml } from '#kube/yaml/yaml.ts';
import type { MigrationPlan } from '#migrate/model.ts';
import { runProgram } from '../../program.ts';
import { clientOf, flotilla, folder, kubeconfigPath, printed, surroundingsFor } from '../../served.cases.ts';

const ours = { program: 'flotilla' };
const out = join(folder, 'shop');
const plan = (words = '') => flotilla(`migrate plan --from member1 -n shop --out ${out} --force ${words}`, ours);

const secrets = ['geheim-one', 'geheim-two', 'geheim-new'];
const encoded = (text: string) => Buffer.from(text).toString('base64');
const hasSecret = (text: string) => secrets.some((each) => text.includes(each) || text.includes(encoded(each)));

beforeAll(async () => {
  const [member, control] = [clientOf('member1'), clientOf('karmada-apiserver')];
  const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name }, spec: {} });
  await member.resource(Namespaces).create(namespace('shop'));
  await control.resource(Namespaces).create(namespace('shop'));
  const named = (name: string, annotations = {}) => ({ namespace: 'shop', name, annotations });
  const configMap = (name: string, data: Record<string, string>, annotations = {}) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: named(name, annotations),
    data,
  });
  const secret = (name: string, token: string) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: named(name, {
      'kubectl.kubernetes.io/last-applied-configuration': `{"stringData":{"token":"${token}"}}`,
    }),
    data: { token: encoded(token) },
  });
  for (const name of ['a', 'b', 'c', 'd', 'e'])
    await member.resource(ConfigMaps).create(configMap(name, { color: 'red' }));
  const tracked = { 'argocd.argoproj.io/tracking-id': 'shop:/ConfigMap:shop/settings' };
  await member.resource(ConfigMaps).create(configMap('settings', { color: 'red', size: 'L' }, tracked));
  await member.resource(ConfigMaps).create(configMap('taken', { color: 'red' }));
  await control.resource(ConfigMaps).create(configMap('taken', { color: 'blue' }));
  await member.resource(Secrets).create(secret('pass', secrets[0]!));
  await member.resource(Secrets).create(secret('clash', secrets[0]!));
  await control.resource(Secrets).create(secret('clash', secrets[1]!));
  const policy = (name: string, kind: string, names: readonly string[], plaintext: readonly object[]) => ({
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'OverridePolicy',
    metadata: { namespace: 'shop', name },
    spec: {
      resourceSelectors: names.map((each) => ({ apiVersion: 'v1', kind, name: each })),
      overrideRules: [{ overriders: { plaintext } }],
    },
  });
  const overrides = control.resource<AnyOverridePolicy>(OverridePolicyKind);
  const green = [{ path: '/data/color', operator: 'replace', value: 'green' }];
  await overrides.create(policy('green', 'ConfigMap', ['a', 'b', 'c', 'd', 'e'], green) as never);
  const token = [{ path: '/data/token', operator: 'replace', value: encoded(secrets[2]!) }];
  await overrides.create(policy('token', 'Secret', ['pass'], token) as never);
});

describe('migrate plan', () => {
  it.each([
    ['migrate plan --out x', 'which cluster? give --from CLUSTER'],
    ['migrate plan --from member1', 'where to? give --out DIR'],
    ['migrate plan --from member1 --out x -o table', "--output must be 'json' or 'yaml'"],
    ['migrate plan --from member1 --to member2 --out x', '--to must name member1 too'],
    ['migrate plan --from member1 -n shop -A --out x', 'give -n or -A, not both'],
    ['migrate plan --from member1 -n shop,shpo --out x', 'there is no namespace shpo in member1'],
    [
      `migrate plan --from member1 -n shop --out ${kubeconfigPath}`,
      `the plan cannot be written to ${kubeconfigPath}: a file is in the way; choose another folder with --out`,
    ],
  ])('%s is refused', async (words, why) => {
    const { code, stdout, stderr } = await flotilla(words, ours);
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringContaining(`error: ${why}`)]);
  });

  it.each([
    ['member7', 'The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?'],
    ['membr7', 'error: there is no Cluster "membr7" and no context of that name; did you mean member7?'],
  ])('does not wait for a cluster that does not answer, nor for none: %s', async (from, why) => {
    const away = join(folder, 'away');
    const clusters = [{ name: 'away', cluster: { server: 'https://127.0.0.1:1' } }];
    const contexts = [{ name: 'member7', context: { cluster: 'away', user: '' } }];
    writeFileSync(away, JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters, contexts }));
    const environment = { KUBECONFIG: `${kubeconfigPath}:${away}` };
    const { code, stderr } = await flotilla(`migrate plan --from ${from} --out x`, { ...ours, environment });
    expect([code, stderr]).toEqual([1, `${why}\n`]);
  });

  it('shows what changes with values, once for what is alike, and sums up', async () => {
    const { code, stdout } = await plan();
    expect(code).toBe(2);
    expect(stdout).toContain(
      '  ConfigMap shop/a, shop/b, shop/c and 2 more\n    ~ .data.color: "red" -> "green"   owned by test\n',
    );
    expect(stdout).toMatch(/ConfigMap shop\/taken: the control plane has .*\n {4}~ \.data\.color: "blue" -> "red"/);
    expect(stdout).toContain('Secret shop/pass\n    ~ .data.token: "(hidden)" -> "(hidden)"');
    expect(stdout).toContain('Argo CD application shop has 1 of these');
    expect(stdout).toMatch(/^Plan: 1 adopted, 6 adopted with changes, 0 would restart Pods, 2 in conflict, \d+ left/m);
    expect(stdout).toMatch(/ 1 +the control plane has it already, and it says the same +1 Namespace/);
    expect(stdout).toContain('--show-skipped names each of them');
    expect(hasSecret(stdout)).toBe(false);
    expect(stdout).not.toContain('\u001b');
  });

  it('colours on a terminal only', async () => {
    const { around, said } = surroundingsFor(ours);
    const words = ['migrate', 'plan', '--from', 'member1', '-n', 'shop', '--out', out, '--force'];
    await runProgram(words, { ...around, output: { ...around.output, interactive: true } });
    const line = said.stdout.split('\n').find((each) => each.includes('green'))!;
    expect(line).toContain('\u001b[33m~\u001b[39m .data.color');
    expect(line).toContain('\u001b[31m"red"');
    expect(line).toContain('\u001b[32m"green"');
  });

  it('names what is skipped when it is asked to', async () => {
    const { stdout } = await plan('--show-skipped');
    expect(hasSecret(stdout)).toBe(false);
    expect(stdout).not.toContain('--show-skipped names');
    expect(stdout).toMatch(/ {2}Namespace shop +the control plane has it already, and it says the same/);
  });

  it('carries the same as JSON and YAML, and nothing of what Secrets hold anywhere', async () => {
    const { stdout } = await plan('-o json');
    const shown: MigrationPlan = JSON.parse(stdout);
    const find = (name: string) => shown.objects.find((each) => each.name === name)!;
    expect(find('a').changes).toEqual([
      { is: 'changed', path: '.data.color', before: 'red', after: 'green', managers: ['test'] },
    ]);
    expect(find('pass').changes).toMatchObject([{ path: '.data.token', before: '(hidden)', after: '(hidden)' }]);
    expect(find('settings')).not.toHaveProperty('changes');
    expect(parseYaml((await plan('-o yaml')).stdout)).toMatchObject({ objects: shown.objects });
    const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
    const texts = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'));
    expect(texts.length).toBeGreaterThan(4);
    for (const text of [...texts, stdout]) expect(hasSecret(text)).toBe(false);
  });

  it('writes the same page for the same state', async () => {
    const page = () => readFileSync(join(out, 'README.md'), 'utf8');
    const first = page();
    await plan();
    expect(page()).toBe(first);
    expect(first).toContain('  - .data.color: "red"   owned by test\n  + .data.color: "green"\n');
    const only = `migrate plan --from member1 -n shop --kinds configmaps -l none=0 --out ${join(folder, 'none')}`;
    expect(await printed(only, ours)).toContain('There is nothing to take over.');
  });
});
