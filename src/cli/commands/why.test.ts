import { beforeAll, describe, expect, it } from 'vitest';
import { flotilla } from '../served.cases.ts';

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: asked, namespace: default}
spec:
  selector: {matchLabels: {app: asked}}
  template:
    metadata: {labels: {app: asked}}
    spec: {containers: [{name: main, image: nginx}]}
`;
const sentence = 'No policy matches Deployment default/asked: it stays in the control plane.';

describe('why', () => {
  beforeAll(async () => {
    expect((await flotilla('create -f -', { input: deployment })).stderr).toBe('');
  });

  it.each(['deployment/asked', 'deploy asked'])('answers %s with the first thing that blocks', async (words) => {
    const { code, stdout, stderr } = await flotilla(`why ${words} -n default`);
    expect([code, stderr]).toEqual([2, '']);
    expect(stdout).toBe(`${sentence}
Propagate it by a policy: flotilla get deployment/asked -n default -o yaml | flotilla apply -f - -C CLUSTER

├─ ✓ template  Deployment default/asked
└─ ✗ policy    there is no policy
`);
  });

  it('answers as JSON and YAML', async () => {
    const { code, stdout } = await flotilla('why deployment/asked -o json');
    expect([code, JSON.parse(stdout).blocked.sentence]).toEqual([2, sentence]);
    expect((await flotilla('why deployment/asked -o yaml')).stdout).toContain(`sentence: '${sentence}'`);
  });

  it.each([
    ['why', 'error: which object? name one: why KIND/NAME [-n NAMESPACE]\n'],
    ['why deployments', 'error: which object? name one: why KIND/NAME [-n NAMESPACE]\n'],
    ['why deployment/asked -o wide', "error: --output must be 'json' or 'yaml'\n"],
    [
      'why deploymnt/asked',
      `error: the server doesn't have a resource type "deploymnt"\n\nDid you mean this?\n\tflotilla why deployment/asked\n`,
    ],
    [
      'why deployment/aksed -n shop',
      'Error from server (NotFound): deployments.apps "aksed" not found\n\nDid you mean this?\n\tflotilla why deployment/asked -n default\n',
    ],
    ['why deployment/asked -C member1,member2', 'error: --clusters: name one member\n'],
    ['why deployment/asked -C member1', 'Error from server (NotFound): deployments.apps "asked" not found\n'],
    ['why deployment/nobody', 'Error from server (NotFound): deployments.apps "nobody" not found\n'],
  ])('refuses %s', async (words, errors) => {
    const { code, stderr } = await flotilla(words);
    expect([code, stderr]).toEqual([1, errors]);
  });
});
