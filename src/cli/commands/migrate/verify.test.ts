/** What `migrate verify` says and exits with, before apply, after a rollback, and of evidence that is not what it was. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import { ConfigMaps, Namespaces, Secrets } from '#apis/kubernetes/types.ts';
import { parseYaml } from '#kube/yaml/yaml.ts';
import { clientOf, flotilla, folder, kubeconfigPath, urlOf } from '../../served.cases.ts';

const ours = { program: 'flotilla' };
const plan = join(folder, 'proof');
const verify = (words = '') => flotilla(`migrate verify ${plan} ${words}`, ours);
const settings = { namespace: 'proof', name: 'settings' };
const evidence = join(plan, 'evidence', 'before.json');
const report = join(plan, 'evidence', 'report.json');

const ready = { type: 'Ready', status: 'True', reason: 'R', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' };

beforeAll(async () => {
  const member = clientOf('member1');
  for (const name of ['kube-system', 'proof']) {
    await member
      .resource(Namespaces)
      .create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name }, spec: {} })
      .catch(() => {});
  }
  await member
    .resource(ConfigMaps)
    .create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: settings, data: { a: '1' } });
  const clusters = clientOf('karmada-apiserver').resource<Cluster>(ClusterKind);
  await clusters.create({
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name: 'member1' },
    spec: { syncMode: 'Push' },
  });
  await clusters.patch({ name: 'member1' }, 'merge', { status: { conditions: [ready] } }, { subresource: 'status' });
  await flotilla(`migrate plan --from member1 -n proof --kinds configmaps --out ${plan}`, ours);
});

describe('migrate verify', () => {
  it('names apply where nothing was applied yet', async () => {
    const { code, stderr } = await verify();
    expect([code, stderr]).toEqual([1, expect.stringContaining(`next: flotilla migrate apply ${plan}`)]);
  });

  it('proves that a wave that was taken back left nothing, and names the next command', async () => {
    // Nobody takes anything over here: the wave fails, and is rolled back.
    await flotilla(`migrate apply ${plan} --yes --timeout 100ms`, ours);
    const { code, stdout, stderr } = await verify();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Proven: what ran in member1 before runs as it did, and has been given back.');
    expect(stdout).toContain(`flotilla migrate apply ${plan}`);
  });

  it('proves a report, and tells one that was edited or is of other evidence', async () => {
    expect(await verify(`--check ${report}`)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('belongs to this folder'),
    });
    const { after: at, verdict } = JSON.parse(readFileSync(report, 'utf8'));
    expect(JSON.parse((await verify(`--check ${report} -o json`)).stdout)).toEqual({
      report,
      belongs: true,
      faults: [],
      at,
      verdict,
      superseded: false,
    });
    const text = readFileSync(report, 'utf8');
    const copy = join(folder, 'copy.json');
    writeFileSync(copy, text.replace('"member1"', '"member9"'));
    expect(await verify(`--check ${copy}`)).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('it was edited'),
    });
    expect(parseYaml((await verify(`--check ${copy} -o yaml`)).stdout)).toMatchObject({ belongs: false });
    // An older one stands, whoever has looked again: it is sealed.
    const older = { ...JSON.parse(text), inputs: { ...JSON.parse(text).inputs, 'evidence/after.json': 'other' } };
    writeFileSync(copy, JSON.stringify(older));
    expect(await verify(`--check ${copy}`)).toMatchObject({ code: 2 });
    writeFileSync(copy, text);
    const maps = clientOf('member1').resource(ConfigMaps);
    await maps.patch(settings, 'merge', { data: { a: '3' } });
    await verify();
    expect(await verify(`--check ${copy}`)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('has been looked at again since'),
    });
    await maps.patch(settings, 'merge', { data: { a: '1' } });
    expect(await verify('--check /nope')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`there is no /nope; verify keeps its own as ${report}`),
    });
  });

  it('proves nothing where the running cluster does not answer, and says so', async () => {
    const path = join(folder, 'away');
    writeFileSync(path, readFileSync(kubeconfigPath, 'utf8').replaceAll(urlOf('member1'), 'https://127.0.0.1:1'));
    const { code, stdout } = await verify(`--kubeconfig ${path}`);
    expect([code, stdout]).toEqual([2, expect.stringContaining('Not proven: member1 could not be looked into.')]);
  });

  it('tells what changed since, by field', async () => {
    const maps = clientOf('member1').resource(ConfigMaps);
    await maps.patch(settings, 'merge', { data: { a: '2' } }, { fieldManager: 'kubectl-edit' });
    const { code, stdout } = await verify();
    expect([code, stdout]).toEqual([
      2,
      expect.stringMatching(/changed in the cluster by kubectl-edit at [^:]+:.*\.data\.a/),
    ]);
    await maps.patch(settings, 'merge', { data: { a: '1' } });
  });

  it('refuses evidence that was edited, is gone, or has no key', async () => {
    const text = readFileSync(evidence, 'utf8');
    writeFileSync(evidence, text.replace('"generation":0', '"generation":7'));
    expect(await verify()).toMatchObject({ code: 1, stderr: expect.stringContaining('it was changed by hand') });
    writeFileSync(evidence, '{"cluster":"member1","takenAt":"","objects":[]}');
    expect(await verify()).toMatchObject({ code: 1, stderr: expect.stringContaining('by an earlier release') });
    writeFileSync(evidence, text);
    const key = { namespace: 'karmada-system', name: 'migration-proof-evidence' };
    await clientOf('karmada-apiserver').resource(Secrets).delete(key);
    expect(await verify()).toMatchObject({ code: 1, stderr: expect.stringContaining('has no key to this evidence') });
  });
});
