import { beforeAll, describe, expect, it } from 'vitest';
import { deploymentAndService, migratePolicy } from '../seed.cases.ts';
import { flotilla, kubectl, needsKubectl, printed } from '../served.cases.ts';

beforeAll(async () => {
  await printed('apply -f - --context member1', { input: deploymentAndService });
  await printed('apply -f -', { input: deploymentAndService });
  await printed('apply -f -', { input: migratePolicy });
});

describe('get, held against kubectl', () => {
  it.for([
    'get deploy',
    'get deploy -o wide',
    'get deploy,svc',
    'get deploy,svc -A',
    'get all',
    'get svc nginx-svc -o wide',
    'get svc/nginx-svc deploy/nginx-deploy',
    'get deploy nginx-deploy nope',
    'get deploy nope',
    'get deploy nope --ignore-not-found',
    'get deploy --show-labels',
    'get deploy -L app,kubernetes.io/name',
    'get deploy --no-headers',
    'get deploy --show-kind',
    'get deployments.v1.apps,propagationpolicies.policy.karmada.io',
    'get pp',
    'get pp -o wide',
    'get clusters',
    'get pods',
    'get pods -A',
    'get pods -n nowhere',
    'get ns --sort-by=.metadata.name',
    'get ns --sort-by={.metadata.creationTimestamp}',
    'get deploy nginx-deploy -o yaml',
    'get deploy nginx-deploy -o json',
    'get deploy nginx-deploy -o yaml --show-managed-fields',
    'get deploy,svc -o name',
    'get deploy -o yaml',
    'get pods -o yaml',
    "get deploy -o jsonpath='{.items[*].spec.replicas}'",
    'get deploy,svc -o custom-columns=NAME:.metadata.name,LABELS:.spec.selector,NONE:.spec.foo',
    'get deploy nginx-deploy -o custom-columns=N:.metadata.name --no-headers',
    'get deploy -l app=nginx',
    "get deploy -l 'a b'",
    'get pods --field-selector foo=bar',
    'get foo',
    'get deploy nginx-deploy -A',
    'get deploy/nginx-deploy svc',
    'get deploy,svc nginx-deploy',
  ])('kubectl %s', async (words, context) => {
    await needsKubectl(context);
    await expectSame(words);
  });
});

async function expectSame(words: string): Promise<void> {
  const [theirs, ours] = await Promise.all([kubectl(words), flotilla(words)]);
  expect(ours).toEqual(theirs);
}
