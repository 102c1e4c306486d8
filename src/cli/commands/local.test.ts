import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mostMembers } from '#app/up/places.ts';
import { parseYamlDocuments } from '#kube/yaml/yaml.ts';
import { memberNetwork } from '#member/network.ts';
import { flotilla, printed, surroundingsFor } from '../served.cases.ts';
import { demoView } from './demo.ts';

const folder = mkdtempSync(join(tmpdir(), 'flotilla-local-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ours = { program: 'flotilla' };

describe('env', () => {
  // Whatever runs for whoever runs the tests is no matter of theirs.
  const home = process.env.HOME;
  beforeEach(() => {
    process.env.HOME = folder;
  });
  afterEach(() => {
    process.env.HOME = home;
  });

  it('sets PATH and KUBECONFIG', async () => {
    const { stdout, stderr } = await flotilla(`env --kubeconfig-dir ${folder}`, ours);
    expect(stdout).toMatch(/^export PATH=\/\S+\/bin:"\$PATH"\n/);
    expect(stdout).toContain(`export KUBECONFIG=${folder}/karmada.config:${folder}/members.config\n`);
    // A comment, so that eval of everything does no harm.
    expect(stderr).toMatch(/^# .*karmada\.config is not there yet/);
    expect(await printed('env', ours)).toContain('/.flotilla/demo/kube/karmada.config');
    expect(await printed(`env --data-dir ${folder}`, ours)).toContain('/.kube/karmada.config');
  });

  it('means what runs, not a demo that has ended', async () => {
    const record = { pid: process.pid, startedAt: 0, kubeconfigFolder: '/elsewhere', contexts: [], ready: true };
    mkdirSync(join(folder, '.flotilla'));
    writeFileSync(join(folder, '.flotilla', 'run.json'), JSON.stringify(record));
    expect(await printed('env', ours)).toContain('export KUBECONFIG=/elsewhere/karmada.config:');
  });
});

describe('crds', () => {
  it('prints what can be applied, and says what Cluster lacks', async () => {
    const text = await printed('crds', ours);
    const documents = parseYamlDocuments(text) as unknown as { kind: string; metadata: { name: string } }[];
    expect(documents.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([
      'Namespace/karmada-system',
      'Namespace/karmada-cluster',
      'CustomResourceDefinition/propagationpolicies.policy.karmada.io',
      'CustomResourceDefinition/clusterpropagationpolicies.policy.karmada.io',
      'CustomResourceDefinition/overridepolicies.policy.karmada.io',
      'CustomResourceDefinition/clusteroverridepolicies.policy.karmada.io',
      'CustomResourceDefinition/federatedresourcequotas.policy.karmada.io',
      'CustomResourceDefinition/clustertaintpolicies.policy.karmada.io',
      'CustomResourceDefinition/resourcebindings.work.karmada.io',
      'CustomResourceDefinition/clusterresourcebindings.work.karmada.io',
      'CustomResourceDefinition/works.work.karmada.io',
      'CustomResourceDefinition/workloadrebalancers.apps.karmada.io',
      'CustomResourceDefinition/resourceinterpretercustomizations.config.karmada.io',
      'CustomResourceDefinition/resourceinterpreterwebhookconfigurations.config.karmada.io',
      'CustomResourceDefinition/clusters.cluster.karmada.io',
    ]);
    expect(text).toContain('# Cluster as a CustomResourceDefinition is for tests: it has no proxy');
  });

  it('adds webhook configurations for an address', async () => {
    const ca = join(folder, 'ca.crt');
    writeFileSync(ca, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    const text = await printed(`crds --webhook-url https://10.0.0.5:8443/ --ca-bundle ${ca}`, ours);
    expect(text).toContain('kind: MutatingWebhookConfiguration');
    expect(text).toContain('kind: ValidatingWebhookConfiguration');
    expect(text).toContain('url: https://10.0.0.5:8443/mutate-propagationpolicy');
    expect(text).toMatch(/caBundle: LS0tLS1CRUdJTi/);
  });

  it.each([
    ['crds --webhook-url http://x', '--webhook-url must be an https URL'],
    ['crds --ca-bundle x', '--ca-bundle goes with --webhook-url'],
    ['crds --webhook-url https://x --ca-bundle /nope', 'stat /nope: no such file or directory'],
  ])('%s', async (words, why) => {
    expect((await flotilla(words, ours)).stderr).toContain(`error: ${why}`);
  });
});

describe('up, down and status', () => {
  it.each([
    ['up now', 'up takes no arguments, only flags: "now"'],
    ['up --members 1000', '--members must be from 0 to 89, not 1000'],
    ['up --members=-1', '--members must be from 0 to 89, not -1'],
    ['up --scheduler-flags=--plugins=Nope', 'karmada-scheduler: invalid argument "Nope" for "--plugins" flag: unknown'],
    ['up --scheduler-flags=plugins=*', 'karmada-scheduler: unknown command "plugins=*"'],
    ['up --feature-gates=Nope=true', 'karmada-controller-manager: invalid argument "Nope=true" for "--feature-gates"'],
    ['up --port 70000', '--port must be from 1 to 65535, not 70000'],
    [`status --data-dir ${folder}`, `nothing is running in ${folder}: start it with flotilla up --data-dir ${folder}`],
    ['status -o wide', `--output must be 'yaml' or 'json'`],
    ['status --context member1', 'context "member1" is no control plane that flotilla up started'],
  ])('%s', async (words, why) => {
    const { code, stderr } = await flotilla(words, ours);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`error: ${why}`)]);
  });

  it('says how many members there can be, and means it', async () => {
    expect((await flotilla('up --help', ours)).stdout).toContain(`at most ${mostMembers}\n`);
    expect(() => memberNetwork(mostMembers)).not.toThrow();
    expect(() => memberNetwork(mostMembers + 1)).toThrow(RangeError);
  });

  it('has nothing to stop', async () => {
    expect(await printed(`down --data-dir ${folder}`, ours)).toContain(`Nothing is running in ${folder}\n`);
  });
});

describe('version', () => {
  it('is of the program and of the server', async () => {
    expect(await printed('version', ours)).toMatch(/^Client Version: v\d+\.\d+\.\d+\nServer Version: v1\.35\.3\n$/);
    expect(await printed('--version', ours)).toMatch(/^Client Version: v\d+\.\d+\.\d+\n$/);
    expect(JSON.parse(await printed('version -o json', ours)).serverVersion.gitVersion).toBe('v1.35.3');
    expect(await printed('version -o yaml --client', ours)).toMatch(/^clientVersion:\n {2}gitVersion: v/);
  });
});

describe('the demo', () => {
  const row = {
    workload: 'Deployment/web',
    uidsBefore: ['aaaaaaaa-1', 'bbbbbbbb-2'],
    uidsAfter: ['bbbbbbbb-2', 'aaaaaaaa-1'],
    restartsBefore: 1,
    restartsAfter: 1,
    unchanged: true,
    runsIn: ['member1', 'member2'],
  };

  it('says finished steps in plain lines, and what to try next', () => {
    const { around, said } = surroundingsFor(ours);
    const view = demoView(around, false);
    view.title('A chapter');
    view.step('Pods ready', 1, 2);
    view.step('Pods ready', 2, 2);
    view.result([row]);
    view.staying();
    expect(said.stdout).toContain('\nA chapter\n✓ Pods ready: 2 of 2\n');
    expect(said.stdout).not.toContain('1 of 2');
    expect(said.stdout).toContain(
      'Deployment/web   aaaaaaaa,bbbbbbbb   aaaaaaaa,bbbbbbbb   1 -> 1     yes         member1,member2',
    );
    expect(said.stdout).toContain('✓ No Pod was restarted or replaced');
    expect(said.stdout).toContain('eval "$(bin/flotilla env)"');
    expect(said.stdout).toContain('bin/flotilla --context karmada-apiserver get rb');
  });

  it('rewrites its line on a terminal, and does not hide a change', () => {
    const { around, said } = surroundingsFor(ours);
    const view = demoView({ ...around, output: { ...around.output, interactive: true } }, true);
    view.step('Pods ready', 1, 2);
    view.result([{ ...row, unchanged: false }]);
    view.already({ pid: 7, startedAt: 0, kubeconfigFolder: '', contexts: ['member1'], ready: true });
    expect(said.stdout).toContain('\r\u001b[2K');
    expect(said.stdout).toContain('1 of 1 workloads have other Pods, or restarted ones');
    expect(said.stdout).toContain('The demo runs already (process 7); contexts: member1');
    expect(said.stdout).toContain('kubectl --context karmada-apiserver get rb');
  });
});
