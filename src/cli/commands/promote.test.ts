/** `promote` on servers without controllers: each flag, what is printed, and what is refused. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import { OverridePolicyKind } from '#apis/policy/override-policy.ts';
import { PropagationPolicyKind } from '#apis/policy/propagation-policy.ts';
import { parseYamlDocuments } from '#kube/yaml/yaml.ts';
import { clientOf, flotilla, folder, kubeconfigPath, printed, urlOf } from '../served.cases.ts';

const controlPlane = () => clientOf('karmada-apiserver');

const application = `
kind: List
apiVersion: v1
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {a: b}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: kube-root-ca.crt, labels: {of: cluster}}}
- {apiVersion: v1, kind: Secret, metadata: {name: pass, annotations: {copy: 'token: geheim', owner: shop}}, stringData: {token: geheim}}
- {apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: 80}]}}
- apiVersion: apps/v1
  kind: Deployment
  metadata: {name: web, labels: {tier: front}}
  spec:
    selector: {matchLabels: {app: web}}
    template:
      metadata: {labels: {app: web}}
      spec:
        containers: [{name: web, image: nginx, envFrom: [{configMapRef: {name: settings}}, {secretRef: {name: pass}}]}]
- apiVersion: apps/v1
  kind: Deployment
  metadata: {name: lost, labels: {tier: front}}
  spec:
    selector: {matchLabels: {app: lost}}
    template:
      metadata: {labels: {app: lost}}
      spec: {containers: [{name: web, image: nginx, envFrom: [{configMapRef: {name: nowhere}}]}]}
- {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: shop-reader}, rules: []}
`;

const kinds = 'deploy,cm,secret,svc,clusterroles,pp,cpp,op';
const made = async () =>
  (await printed(`get ${kinds} -A -o name`))
    .trim()
    .split('\n')
    .filter(
      (name) =>
        !/clusterrole.*\/(system:|admin|edit|view|cluster-admin|karmada)|root-ca|service\/kubernetes|-authentication/.test(
          name,
        ),
    )
    .map((name) => name.replace(/-[a-z2-9]{8,10}$/, '-HASH'));

beforeAll(async () => {
  await printed('apply -f - --context member1', { input: application });
  await controlPlane()
    .resource<Cluster>(ClusterKind)
    .create({
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name: 'member1' },
      spec: { syncMode: 'Push', apiEndpoint: urlOf('member1') },
    });
});

/** The control plane without anything that was promoted. */
beforeEach(async () => {
  const names = 'deployment/web deployment/lost cm/settings secret/pass svc/web clusterrole/shop-reader';
  await printed(`delete ${names} --ignore-not-found`);
  await printed('delete pp --all');
  await printed('delete cpp --all');
});

const hidden = /nginx|geheim|Z2VoZWlt/;

describe('promote', () => {
  it('makes the template and its policy, and says so as the reference does', async () => {
    const said = await printed('promote deployment web -C member1');
    expect(said.replaceAll(/web-[a-z2-9]+\)/g, 'web-HASH)')).toBe(
      'ResourceTemplate (default/web) is created successfully\n' +
        'PropagationPolicy (default/web-HASH) is created successfully\n' +
        'Resource "apps/v1, Resource=deployments"(default/web) is promoted successfully\n',
    );
    expect(await made()).toEqual(['deployment.apps/web', 'propagationpolicy.policy.karmada.io/web-HASH']);
    expect(await flotilla('promote deployment web -C member1')).toEqual({
      code: 0,
      stdout: '',
      stderr:
        'Resource "apps/v1, Resource=deployments"(default/web) already exist in karmada control plane, you can edit PropagationPolicy and OverridePolicy to propagate it\n',
    });
  });

  it('makes a ClusterPropagationPolicy for what has no namespace', async () => {
    expect(await printed('promote clusterrole shop-reader -C member1 --policy-name mine')).toBe(
      'ResourceTemplate (shop-reader) is created successfully\n' +
        'ClusterPropagationPolicy mine is created successfully\n' +
        'Resource "rbac.authorization.k8s.io/v1, Resource=clusterroles"(shop-reader) is promoted successfully\n',
    );
  });

  it.each([
    ['promote deployment web lost -C member1', ['deployment.apps/lost', 'deployment.apps/web', 2]],
    ['promote deployment/web svc/web -C member1', ['deployment.apps/web', 'service/web', 2]],
    ['promote deployments -l tier=front -C member1', ['deployment.apps/lost', 'deployment.apps/web', 2]],
    ['promote deployment web -C member1 --auto-create-policy=false', ['deployment.apps/web', 0]],
    [
      'promote deployment web -C member1 --dependencies',
      ['deployment.apps/web', 'configmap/settings', 'secret/pass', 1],
    ],
    ['promote deployment web -C member1 -d=true', ['deployment.apps/web', 'configmap/settings', 'secret/pass', 1]],
    [
      'promote deployment web -C member1 --closure',
      ['deployment.apps/web', 'configmap/settings', 'secret/pass', 'service/web', 1],
    ],
    ['promote deployment web -C member1 --dry-run', [0]],
    ['promote deployment web -C member1 -o json', [0]],
    [`promote deployment web -C member1 --cluster-context member1`, ['deployment.apps/web', 1]],
    [
      `promote deployment web -C member1 --cluster-kubeconfig ${kubeconfigPath} --cluster-context member1`,
      ['deployment.apps/web', 1],
    ],
  ] as const)('%s', async (words, [...expected]) => {
    await printed(words);
    const policies = expected.pop();
    const names = await made();
    expect(names.filter((name) => !name.includes('policy'))).toEqual(expected);
    expect(names.filter((name) => name.includes('policy'))).toHaveLength(policies as number);
  });

  it('takes names from a file, and nothing else of it', async () => {
    const path = join(folder, 'list.yaml');
    writeFileSync(path, 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: other}\n');
    await printed(`promote -f ${path} -C member1`);
    expect(await printed('get cm settings -o jsonpath={.data.a}')).toBe('b');
  });

  it('prints what it would make, companions first', async () => {
    const documents = parseYamlDocuments(await printed('promote deployment web -C member1 -d -o yaml'));
    expect(documents.map((each) => (each as { readonly kind: string }).kind)).toEqual([
      'ConfigMap',
      'Secret',
      'Deployment',
      'PropagationPolicy',
    ]);
  });

  it('shows what would change, and nothing that is secret', async () => {
    const said = await printed('promote deployment web -C member1 -d --dry-run');
    expect(said).toContain('Deployment default/web: only metadata is written, no Pod is restarted\n');
    expect(said).toContain(
      'Secret default/pass: only metadata is written, no Pod is restarted (is needed by Deployment default/web)\n',
    );
    expect(said).toMatch(/marks of management: .*propagationpolicy\.karmada\.io\/name/);
    expect(said).toContain('token: (hidden)');
    expect(said).toContain('owner: shop');
    expect(said.replaceAll('image: nginx', '').replaceAll('"image":"nginx"', '')).not.toMatch(hidden);
  });
});

describe('what promote refuses', () => {
  const nothing = 'nothing is promoted by its type alone\n';
  it.each([
    ['promote deployment web', 'error: the cluster cannot be empty: give -C CLUSTER, where it runs\n'],
    [
      'promote deployment web -C member1 -o wide',
      'error: invalid output format: supported formats are json and yaml\n',
    ],
    ['promote deployment -C member1', nothing],
    ['promote -l tier=front -C member1', nothing],
    ['promote deployment web -C member1 -f x.yaml', 'give names or -f FILE, not both'],
    [
      'promote deployment web -C nope',
      'error: cluster nope is not joined, so nothing could be propagated to it; join it first: kubectl join nope\n',
    ],
    ['promote deployment web lost -C member1 --policy-name p', '--policy-name names one policy, and 2 objects'],
    ['promote deployment web -C member1 --policy-name p --auto-create-policy=false', 'makes none\n'],
    [
      'promote deployment nope -C member1',
      'Error from server (NotFound): failed to get resource in cluster(member1): deployments.apps "nope" not found\n',
    ],
    ['promote deployment web -n nowhere -C member1', 'deployments.apps "web" not found\n'],
    [
      'promote deployment lost -C member1 -d',
      'error: Deployment default/lost is not promoted: ConfigMap default/nowhere, which Deployment default/lost needs, is not there; make it in the cluster, or leave --dependencies out\n',
    ],
    [
      'promote configmap kube-root-ca.crt -C member1',
      "error: ConfigMap default/kube-root-ca.crt is not promoted: it is the cluster's own",
    ],
  ])('%s', async (words, stderr) => {
    const answered = await flotilla(words);
    expect(answered).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(stderr) });
    expect(await made()).toEqual([]);
  });

  it('goes on with the others, and leaves alone what a selector chose but nobody asked for', async () => {
    const { code, stdout, stderr } = await flotilla('promote deployment nope web -C member1');
    expect([code, stdout.includes('(default/web) is promoted'), stderr.includes('"nope" not found')]).toEqual([
      1,
      true,
      true,
    ]);
    const chosen = await flotilla('promote configmaps -l of=cluster -C member1');
    expect(chosen).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('ConfigMap default/kube-root-ca.crt is left where it is'),
    });
  });

  it('says what is missing of a closure, and goes on', async () => {
    const { code, stderr } = await flotilla('promote deployment lost -C member1 --closure');
    expect([code, stderr]).toEqual([
      0,
      'ConfigMap default/nowhere, which Deployment default/lost needs, is not there\n',
    ]);
  });

  it('makes nothing where the policy is there already', async () => {
    await controlPlane()
      .resource(PropagationPolicyKind)
      .create({
        apiVersion: 'policy.karmada.io/v1alpha1',
        kind: 'PropagationPolicy',
        metadata: { namespace: 'default', name: 'mine' },
        spec: { resourceSelectors: [{ apiVersion: 'v1', kind: 'Service' }], placement: {} },
      } as never);
    const foreseen = await flotilla('promote deployment web -C member1 --policy-name mine --dry-run');
    expect([foreseen.code, foreseen.stdout]).toEqual([2, expect.stringContaining('refused: the PropagationPolicy(')]);
    expect(await flotilla('promote deployment web -C member1 -d --policy-name mine')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: the PropagationPolicy(default/mine) already exist, please edit it to propagate resource\n',
    });
    expect(await made()).toEqual(['propagationpolicy.policy.karmada.io/mine']);
  });

  it('restarts no Pod unless it is told to: an override changes the image', async () => {
    const overrides = controlPlane().resource(OverridePolicyKind);
    await overrides.create({
      apiVersion: 'policy.karmada.io/v1alpha1',
      kind: 'OverridePolicy',
      metadata: { namespace: 'default', name: 'mirror' },
      spec: {
        resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment' }],
        overrideRules: [
          { overriders: { imageOverrider: [{ component: 'Registry', operator: 'add', value: 'mirror.example' }] } },
        ],
      },
    } as never);
    try {
      const field = '.spec.template.spec.containers[name="web"].image';
      const shown = await flotilla('promote deployment web -C member1 --dry-run');
      expect(shown.code).toBe(2);
      expect(shown.stdout).toMatch(
        /~ \.spec\.template\.spec\.containers\[name="web"\]\.image: "nginx" -> "mirror\.example\/nginx" {3}owned by kubectl-client-side-apply\n/,
      );
      const refused = await flotilla('promote deployment web -C member1');
      expect(refused.stderr).toContain(
        `Pods of Deployment default/web would be restarted or stopped for ${field} (owned by kubectl`,
      );
      expect((await made()).filter((name) => name.includes('web'))).toEqual([]);
      expect(await printed('promote deployment web -C member1 --allow-restart')).toContain('is promoted successfully');
    } finally {
      await overrides.delete({ namespace: 'default', name: 'mirror' });
    }
  });
});
