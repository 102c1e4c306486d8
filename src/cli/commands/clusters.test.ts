import { beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import { Deployments } from '#apis/kubernetes/types.ts';
import { deploymentAndService } from '../seed.cases.ts';
import { clientOf, flotilla, printed, urlOf } from '../served.cases.ts';

const control = () => clientOf('karmada-apiserver').resource<Cluster>(ClusterKind);

beforeAll(async () => {
  await printed('apply -f -', { input: deploymentAndService });
  await printed('apply -f - --context member1', { input: deploymentAndService });
  const managed = { metadata: { labels: { 'karmada.io/managed': 'true' } } };
  const deployments = clientOf('member1').resource(Deployments);
  await deployments.patch({ namespace: 'default', name: 'nginx-deploy' }, 'merge', managed);
  await control().create({
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name: 'member1' },
    spec: { syncMode: 'Push', apiEndpoint: urlOf('member1') },
  });
});

const karmadactl = (words: string) => printed(words, { program: 'karmadactl' });

describe('karmadactl get', () => {
  it('shows the control plane, with the columns', async () => {
    expect(await karmadactl('get deploy')).toBe(
      'NAME           CLUSTER   READY   UP-TO-DATE   AVAILABLE   AGE   ADOPTION\n' +
        'nginx-deploy   Karmada   0/2     0            0           0s    -\n',
    );
  });

  it.each([
    ['get deploy --operation-scope all -A', ['default Karmada -', 'default member1 Y']],
    ['get svc --operation-scope members -A', ['default member1 N']],
    ['get svc -C member1 -n default nginx-svc', ['member1 N']],
  ])('%s', async (words, rows) => {
    const shown = (await karmadactl(words)).trim().split('\n').slice(1);
    const brief = shown
      .map((line) => line.split(/\s{2,}/))
      .map((cells) => {
        const cluster = cells.find((cell) => /^(Karmada|member1)$/.test(cell));
        return [...(words.includes('-A') ? [cells[0]] : []), cluster, cells.at(-1)].join(' ');
      });
    expect(brief).toEqual(rows);
  });

  it('has them under its own name where they are asked for', async () => {
    const ours = { program: 'flotilla' };
    expect(await printed('get deploy', ours)).not.toContain('CLUSTER');
    expect(await printed('get deploy --operation-scope karmada', ours)).toContain('CLUSTER');
    expect(await printed('get deploy -C member1 -o name', ours)).toBe('deployment.apps/nginx-deploy\n');
    expect(await printed('get deploy --context karmada-apiserver', { program: 'karmadactl' })).not.toContain('CLUSTER');
  });

  it.each([
    ['get deploy -C nope', `error: clusters don't exist: nope\n`],
    [
      'get deploy --operation-scope moon',
      'error: invalid operation scope "moon": it is one of karmada, members, all\n',
    ],
  ])('%s', async (words, stderr) => {
    expect(await flotilla(words)).toEqual({ code: 1, stdout: '', stderr });
  });

  it('says which cluster has no context', async () => {
    await control().create({
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name: 'far' },
      spec: { syncMode: 'Push', apiEndpoint: 'https://127.0.0.1:1' },
    });
    const { stderr } = await flotilla('get deploy --operation-scope members');
    expect(stderr).toMatch(/^error: cluster\(far\) is inaccessible: no context of that name in the kubeconfig/);
    await control().delete({ name: 'far' });
  });
});

describe('apply -C', () => {
  it('makes a policy for each resource', async () => {
    expect(await printed('apply -f - -C member1', { input: deploymentAndService })).toMatch(
      /^deployment\.apps\/nginx-deploy unchanged\npropagationpolicy\.policy\.karmada\.io\/nginx-deploy-\w+ created\nservice\/nginx-svc unchanged\npropagationpolicy\.policy\.karmada\.io\/nginx-svc-\w+ created\n$/,
    );
    expect(await printed('apply -f - --all-clusters', { input: deploymentAndService })).toContain('configured');
    const { items } = JSON.parse(await printed('get pp -o json'));
    expect(items[0].spec).toMatchObject({
      placement: { clusterAffinity: {} },
      resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'nginx-deploy', namespace: 'default' }],
    });
  });

  it('refuses clusters that are not joined', async () => {
    const { code, stderr } = await flotilla('apply -f - -C member1,nope', { input: deploymentAndService });
    expect([code, stderr]).toEqual([1, 'error: cluster nope does not exist\n']);
    const both = await flotilla('apply -f - -C member1 --all-clusters', { input: deploymentAndService });
    expect(both.stderr).toBe('error: --all-clusters and --cluster cannot be used together\n');
  });
});

describe('taints', () => {
  const taints = async () => (await control().get({ name: 'member1' })).spec.taints ?? [];

  it('cordons and uncordons', async () => {
    expect(await printed('cordon member1 --dry-run')).toBe('member1 cluster cordoned\n');
    expect(await taints()).toEqual([]);
    expect(await printed('cordon member1')).toBe('member1 cluster cordoned\n');
    expect(await taints()).toMatchObject([{ key: 'cluster.karmada.io/unschedulable', effect: 'NoSchedule' }]);
    expect(await printed('cordon member1')).toBe('member1 cluster already cordoned\n');
    expect(await printed('uncordon member1')).toBe('member1 cluster uncordoned\n');
    expect(await printed('uncordon member1')).toBe('member1 cluster already uncordoned\n');
    expect(await taints()).toEqual([]);
    expect((await flotilla('cordon nope')).stderr).toBe(
      'Error from server (NotFound): clusters.cluster.karmada.io "nope" not found\n',
    );
  });

  it('taints and untaints', async () => {
    expect(await printed('taint clusters member1 a=b:NoSchedule c:NoExecute')).toBe('cluster/member1 tainted\n');
    expect(await taints()).toMatchObject([
      { key: 'a', value: 'b', effect: 'NoSchedule' },
      { key: 'c', effect: 'NoExecute' },
    ]);
    expect((await flotilla('taint clusters member1 a=x:NoSchedule')).stderr).toBe(
      'error: cluster member1 already has a taint(s) with same effect(s) and --overwrite is false\n',
    );
    expect(await printed('taint clusters member1 a=x:NoSchedule --overwrite')).toBe('cluster/member1 modified\n');
    expect(await printed('taint clusters member1 a- c:NoExecute-')).toBe('cluster/member1 untainted\n');
    expect(await taints()).toEqual([]);
  });

  it.each([
    ['taint clusters member1', 'at least one taint update is required'],
    ['taint nodes x a:NoSchedule', 'invalid resource type nodes, only ["cluster" "clusters"] are supported'],
    ['taint clusters a:NoSchedule', 'at least one resource name must be specified'],
    ['taint clusters member1 a:Never', 'invalid taint effect: Never'],
    ['taint clusters member1 gone-', 'taint "gone" not found'],
    ['taint clusters member1 a:NoSchedule a-', 'can not both modify and remove the following taint(s)'],
  ])('%s', async (words, why) => {
    const { code, stderr } = await flotilla(words);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`error: ${why}`)]);
  });
});

describe('join and unjoin', () => {
  it.each([
    ['join', 'cluster name is required'],
    ['join a b', 'more than one cluster name is not supported'],
    ['join a', 'which cluster? give --cluster-kubeconfig FILE'],
    ['join a --cluster-kubeconfig /nope', 'stat /nope: no such file or directory'],
    [
      'join a --cluster-context nope',
      'no context exists with the name: "nope" for the cluster; there are: karmada-apiserver, member1',
    ],
    ['join a --cluster-context karmada-apiserver', 'context "karmada-apiserver" is the control plane itself'],
    ['join member1 --cluster-context member1', 'cluster(member1) is joined already'],
    [`join ${'x'.repeat(60)} --cluster-context member1`, `"${'x'.repeat(60)}" cannot be a cluster's name`],
  ])('%s', async (words, why) => {
    const { code, stderr } = await flotilla(words);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`error: ${why}`)]);
  });

  it('say what they would do', async () => {
    expect(await printed('join fresh --cluster-context member1 --dry-run')).toBe(
      'cluster(fresh) is joined successfully (dry run)\n',
    );
    expect((await flotilla('unjoin nope')).stderr).toBe(
      'Error from server (NotFound): clusters.cluster.karmada.io "nope" not found\n',
    );
    expect(await printed('unjoin member1 --wait 5s')).toBe('cluster(member1) is unjoined successfully\n');
  });
});
