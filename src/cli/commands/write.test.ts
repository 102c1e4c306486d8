import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Deployments, Namespaces, Services } from '#apis/kubernetes/types.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { deploymentAndService, migratePolicy } from '../seed.cases.ts';
import { type Answered, clientOf, flotilla, folder, kubectl, needsKubectl, printed } from '../served.cases.ts';

/** kubectl writes into one namespace, the program into the other. */
const [theirs, ours] = ['theirs', 'ours-x'];
const control = () => clientOf('karmada-apiserver');

beforeAll(async () => {
  for (const name of [theirs, ours])
    await control().resource(Namespaces).create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name }, spec: {} });
});

/** What differs from one object to the next, taken out. */
function plain(object: KubeObject): unknown {
  const text = JSON.stringify(object)
    .replaceAll(theirs!, 'NS')
    .replaceAll(ours!, 'NS')
    .replace(/\\"(uid|resourceVersion)\\":\\"[^"]*\\"/g, '')
    .replace(/"(uid|resourceVersion|clusterIP|time)":"[^"]*"/g, '"$1":""')
    .replace(/"clusterIPs":\[[^\]]*\]/g, '"clusterIPs":[]')
    .replace(/"nodePort":\d+/g, '"nodePort":0');
  return JSON.parse(text);
}

const neutral = ({ code, stdout, stderr }: Answered): Answered => ({
  code,
  stdout: stdout.replaceAll(theirs!, 'NS').replaceAll(ours!, 'NS'),
  stderr: stderr.replaceAll(theirs!, 'NS').replaceAll(ours!, 'NS'),
});

/** Both do the same, say the same, and leave the same. */
async function expectSame(words: string, input = ''): Promise<Answered> {
  const [kubectlSaid, weSaid] = [
    neutral(await kubectl(`${words} -n ${theirs}`, input)),
    neutral(await flotilla(`${words} -n ${ours}`, { input })),
  ];
  expect(weSaid).toEqual(kubectlSaid);
  for (const resource of [Deployments, Services]) {
    const api = control().resource<KubeObject>(resource);
    const [left, right] = [await api.list({ namespace: theirs! }), await api.list({ namespace: ours! })];
    expect(right.items.map(plain)).toEqual(left.items.map(plain));
  }
  return weSaid;
}

const edited = deploymentAndService
  .replace('replicas: 2', 'replicas: 3')
  .replace('containerPort: 80', 'containerPort: 80\n          env:\n            - {name: A, value: <b> & c}');

describe('writing, held against kubectl', () => {
  it('applies, applies again, applies a change, and takes it back', async (context) => {
    await needsKubectl(context);
    expect((await expectSame('apply -f -', deploymentAndService)).stdout).toBe(
      'deployment.apps/nginx-deploy created\nservice/nginx-svc created\n',
    );
    expect((await expectSame('apply -f -', deploymentAndService)).stdout).toContain('nginx-deploy unchanged');
    expect((await expectSame('apply -f -', edited)).stdout).toContain('nginx-deploy configured');
    await expectSame('apply -f - --dry-run=server', deploymentAndService);
    await expectSame('apply -f - --dry-run=client', deploymentAndService);
    await expectSame('apply -f -', deploymentAndService);
    await expectSame('apply -f - -o name', deploymentAndService);
    await expectSame('apply -f - -l app=nginx', deploymentAndService);
  });

  it.for([
    'label deploy nginx-deploy tier=front a/b=c',
    'label deploy nginx-deploy tier=front',
    'label deploy nginx-deploy tier=back',
    'label deploy nginx-deploy tier=back --overwrite',
    'label deploy/nginx-deploy tier- none-',
    'label deploy --all x=y',
    'label deploy nginx-deploy',
    'label deploy nginx-deploy _=b',
    'annotate svc nginx-svc note=hello',
    'annotate svc nginx-svc note-',
    `patch deploy nginx-deploy -p '{"spec":{"paused":true}}'`,
    `patch deploy nginx-deploy -p '{"spec":{"paused":true}}'`,
    `patch deploy nginx-deploy --type merge -p '{"spec":{"paused":null}}'`,
    `patch deploy nginx-deploy --type json -p '[{"op":"replace","path":"/spec/replicas","value":5}]'`,
    `patch deploy nginx-deploy --type json -p '[{"op":"test","path":"/spec/replicas","value":7}]'`,
    `patch deploy nope -p '{}'`,
    'create -f -',
    'delete deploy',
    'delete',
    'delete svc nope',
    'delete svc nope --ignore-not-found',
    'delete svc --all',
    'delete -f -',
  ])('kubectl %s', async (words, context) => {
    await needsKubectl(context);
    await expectSame(words, words.includes('-f -') ? deploymentAndService : '');
  });

  it('creates, replaces, and deletes by file', async (context) => {
    await needsKubectl(context);
    await expectSame('create -f - --save-config', deploymentAndService);
    await expectSame('create -f -', deploymentAndService);
    const [left, right] = await Promise.all([theirs, ours].map((namespace) => manifestOf(namespace!)));
    expect(neutral(await flotilla('replace -f -', { input: right! }))).toEqual(
      neutral(await kubectl('replace -f -', left!)),
    );
    await expectSame('replace -f -', deploymentAndService.replaceAll('nginx-', 'other-'));
    await expectSame('delete deploy,svc -l none=such');
    await expectSame('delete deploy/nginx-deploy svc/nginx-svc');
  });

  it('applies custom resources by merge patch', async (context) => {
    await needsKubectl(context);
    await expectSame('apply -f -', migratePolicy);
    await expectSame('apply -f -', migratePolicy);
    await expectSame('apply -f -', migratePolicy.replace('priority: 0', 'priority: 5'));
    const [left, right] = await Promise.all(
      [theirs, ours].map((namespace) => printed(`get pp migrate-pp -n ${namespace} -o yaml --show-managed-fields`)),
    );
    const drop = (text: string) =>
      text
        .replace(/(uid|resourceVersion|time): .*/g, '')
        .replaceAll(theirs!, 'NS')
        .replaceAll(ours!, 'NS');
    expect(drop(right!)).toBe(drop(left!));
  });

  it('applies server-side, and says who else owns a field', async (context) => {
    await needsKubectl(context);
    await expectSame('apply -f - --server-side', deploymentAndService);
    await expectSame('apply -f - --server-side', deploymentAndService);
    await expectSame('apply -f - --server-side --field-manager other', edited);
    await expectSame('apply -f - --server-side --field-manager other --force-conflicts', edited);
    await expectSame('apply -f - --server-side --dry-run=client', deploymentAndService);
    await expectSame('delete -f -', deploymentAndService);
  });

  it('warns of an object that nobody applied', async (context) => {
    await needsKubectl(context);
    await expectSame('create -f -', deploymentAndService);
    expect((await expectSame('apply -f -', edited)).stderr).toContain('is missing the kubectl.kubernetes.io');
    await expectSame('delete -f -', deploymentAndService);
  });
});

/** As the seeds' pipeline does: what get printed, with a change, goes into replace. */
const manifestOf = async (namespace: string): Promise<string> =>
  (await printed(`get deploy nginx-deploy -n ${namespace} -o yaml`)).replace('replicas: 2', 'replicas: 4');

describe('bad input, held against kubectl', () => {
  const file = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  it.for([
    ['no kind', 'apiVersion: v1\nmetadata: {name: x}\n'],
    ['an unknown kind', 'apiVersion: x.io/v1\nkind: Foo\nmetadata: {name: x}\n'],
    ['an unknown field', deploymentAndService.replace('replicas: 2', 'replicas: 2\n  foo: bar')],
    ['a wrong type', deploymentAndService.replace('replicas: 2', 'replicas: two')],
    ['an invalid value', deploymentAndService.replace('replicas: 2', 'replicas: -2')],
    ['several invalid values', deploymentAndService.replace('replicas: 2', 'replicas: -2\n  minReadySeconds: -1')],
    ['a name that is too long', deploymentAndService.replaceAll('nginx-deploy', 'n'.repeat(300))],
    [
      'another namespace',
      deploymentAndService.replace('name: nginx-deploy', 'name: nginx-deploy\n  namespace: default'),
    ],
    ['nothing', ''],
  ] as const)('%s', async ([, text], context) => {
    await needsKubectl(context);
    const path = file('bad.yaml', text);
    await expectSame(`apply -f ${path}`);
    await expectSame(`delete --ignore-not-found -f ${path}`);
  });

  it('a file that is not there', async (context) => {
    await needsKubectl(context);
    await expectSame('apply -f nowhere.yaml');
  });
});
