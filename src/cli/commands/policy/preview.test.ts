import { beforeAll, describe, expect, it } from 'vitest';
import { flotilla } from '../../served.cases.ts';

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: shown, namespace: default}
spec:
  selector: {matchLabels: {app: shown}}
  template:
    metadata: {labels: {app: shown}}
    spec: {containers: [{name: main, image: nginx}]}
`;
const policy = `apiVersion: policy.karmada.io/v1alpha1
kind: PropagationPolicy
metadata: {name: shown}
spec:
  placement: {clusterAffinity: {clusterNames: [member1]}}
  resourceSelectors: [{apiVersion: apps/v1, kind: Deployment, name: shown}]
`;
const cluster = (name: string) => `apiVersion: cluster.karmada.io/v1alpha1
kind: Cluster
metadata: {name: ${name}}
spec: {syncMode: Push}
`;
const preview = (words: string, input = policy) => flotilla(`policy preview -f - ${words}`, { input });

describe('policy preview', () => {
  beforeAll(async () => {
    for (const input of [deployment, cluster('member1')])
      expect((await flotilla('create -f -', { input })).stderr).toBe('');
  });

  it('says what no cluster takes', async () => {
    const { code, stdout, stderr } = await preview('');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`PropagationPolicy default/shown (new)
1 template affected: 0 Works created, 0 removed, 0 changed, no Pod stops or restarts

TEMPLATE                   POLICY                                    CLUSTER   REPLICAS   WHAT
Deployment default/shown   none -> PropagationPolicy default/shown                        claimed

Deployment default/shown
  0/1 clusters are available: 1 cluster(s) did not have the API resource.

Next: flotilla apply -f -
`);
  });

  it('answers as JSON and YAML, and writes nothing', async () => {
    const { stdout } = await preview('-o json');
    expect(JSON.parse(stdout).templates[0].owner).toEqual({ after: 'PropagationPolicy default/shown', is: 'claimed' });
    expect((await preview('-o yaml')).stdout).toContain('is: claimed');
    expect((await flotilla('get propagationpolicies -n default')).stdout).toBe('');
  });

  it.each([
    [
      '',
      deployment,
      'error: Deployment in "STDIN" is no policy: a preview is of PropagationPolicies, ClusterPropagationPolicies, OverridePolicies and ClusterOverridePolicies\n',
    ],
    ['more', policy, 'error: which policies? give their file: policy preview -f policy.yaml, or --delete KIND/NAME\n'],
    ['-o wide', policy, "error: --output must be 'json' or 'yaml'\n"],
  ])('refuses %s', async (words, input, errors) => {
    const { code, stderr } = await preview(words, input);
    expect([code, stderr]).toEqual([1, errors]);
  });

  it('is of policies that would be deleted, by their names', async () => {
    expect((await flotilla('create -f -', { input: policy.replace('name: shown}', 'name: gone}') })).stderr).toBe('');
    const { code, stdout } = await flotilla('policy preview --delete pp/gone');
    expect(code).toBe(0);
    expect(stdout).toContain('PropagationPolicy default/gone (deleted)');
    expect(stdout).toContain('Next: flotilla delete propagationpolicy/gone -n default');
    expect((await flotilla('get propagationpolicies -n default')).stdout).toContain('gone');
    expect((await flotilla('policy preview --delete deploy/shown')).stderr).toContain('name policies by KIND/NAME');
    expect((await flotilla('policy preview --delete pp/other')).stderr).toContain('"other" not found');
  });

  it('ends with 2 where the API server would refuse the policy', async () => {
    const { code, stdout } = await preview('', policy.replace('apiVersion: apps/v1, ', ''));
    expect(code).toBe(2);
    expect(stdout).toContain('PropagationPolicy default/shown would be refused: ');
    expect(stdout).toContain('Nothing would change.');
  });
});
