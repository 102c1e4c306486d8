/** Plans of a simulated member: what is taken over, what its dry run says, what is left where it is. */
import { describe, expect, test } from 'vitest';
import { knownKind } from '#app/kinds.ts';
import { informerFactory } from '#client/informer/factory.ts';
import { kindFinder } from '#client/kinds.ts';
import { restMapper } from '#client/mapper/mapper.ts';
import { interpreterOf } from '#interpreter/interpreter.ts';
import { nativeSource } from '#interpreter/native/native.ts';
import type { GroupVersionKind } from '#kube/meta/kind.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { createIn, deployment, requesting, startTestMember, type TestMember } from '#member/member.fixture.ts';
import { memoryDisk } from '#world/disk/memory.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { noControlPlane } from '../control/control-plane.ts';
import { readPlan, readPolicies, readTemplates, writePlan } from '../directory/directory.ts';
import { isAdopted, type PlannedObject, type PlanScope, titleOf } from '../model.ts';
import { definedBy } from './obstacles.ts';
import { makePlan, type PlanOptions } from './run.ts';

const web = { namespace: 'default', name: 'web' };
const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { ...web, name: 'pass' },
  stringData: { token: 'geheim' },
};
const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...web, name: 'settings' }, data: { a: 'b' } };
const reading = (name: string) => ({
  ...requesting('100m'),
  volumes: [{ name: 'settings', configMap: { name } }],
});

async function planOf(member: TestMember, more: Partial<PlanOptions> = {}, scope: PlanScope = {}) {
  const { client, clock } = member;
  const informers = informerFactory(client, { clock, random: seededRandom(3) });
  const kindOf = kindFinder({ informers, known: knownKind, ready: (definitions) => definitions });
  await clock.settle();
  const made = await makePlan({
    name: 'p',
    from: { client, mapper: restMapper(client, { clock }), kindOf, cluster: 'member1', id: 'x' },
    to: ['member1'],
    scope,
    withClosure: false,
    target: async () => Promise.reject(new Error('no way to it')),
    interpreter: interpreterOf([nativeSource]),
    control: async () => noControlPlane,
    clock,
    progress: { reading: () => {}, deciding: () => {} },
    ...more,
  });
  informers.stop();
  const find = (title: string): PlannedObject => made.plan.objects.find((each) => titleOf(each) === title)!;
  const template = (title: string) => made.templates[made.plan.objects.indexOf(find(title))];
  return { ...made, find, template };
}

describe('a plan', () => {
  test('takes over what people made, in waves, and changes nothing of it', async () => {
    const member = await startTestMember();
    await createIn(member, settings, deployment('web', 2, reading('settings')));
    await member.clock.advance(1_000);
    const writes = member.writes.length;
    const { plan, find } = await planOf(member);
    expect(plan.objects.filter(isAdopted).map((each) => [titleOf(each), each.wave, each.verdict.is])).toEqual([
      ['ConfigMap default/settings', 1, 'adopt'],
      ['Deployment default/web', 2, 'adopt'],
    ]);
    expect(plan.waves.map(({ title, objects }) => [title, objects])).toEqual([
      ['configuration', 1],
      ['workloads', 1],
    ]);
    expect(find('Namespace kube-system').verdict).toEqual({ is: 'skip', reason: "the cluster's own" });
    // Only dry runs went there.
    expect(member.writes.slice(writes).every((write) => write.startsWith('patch'))).toBe(true);
    expect(
      (
        await member.client
          .resource({
            ...web,
            group: 'apps',
            version: 'v1',
            kind: 'Deployment',
            resource: 'deployments',
            namespaced: true,
          })
          .get(web)
      ).metadata.labels,
    ).toBeUndefined();
  });

  test('writes templates without what servers and controllers filled in', async () => {
    const member = await startTestMember();
    const scaler = {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: web,
      spec: {
        minReplicas: 3,
        maxReplicas: 6,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      },
    };
    const { replicas: _, ...spec } = deployment('web', 1, requesting('100m')).spec;
    await createIn(member, { ...deployment('web', 1), spec } as KubeObject, scaler);
    await member.clock.advance(20_000);
    const { find, template } = await planOf(member);
    expect(template('Deployment default/web')).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: web,
      spec,
    });
    expect(find('Deployment default/web')).toMatchObject({
      verdict: { is: 'adopt' },
      kept: [{ path: '.spec.replicas', managers: ['kube-controller-manager'] }],
    });
  });

  test('tells what stands in the way, what is missing and what stays home', async () => {
    const member = await startTestMember();
    const set = {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { ...web, name: 'db' },
      spec: {
        serviceName: 'db',
        selector: { matchLabels: { app: 'db' } },
        template: { metadata: { labels: { app: 'db' } }, spec: reading('gone') },
      },
    };
    await createIn(member, settings, set, deployment('web', 1, requesting('100m')));
    const there = { ...settings, metadata: { ...settings.metadata, uid: '1' } };
    const { find, policies } = await planOf(member, {
      to: ['member1', 'member2'],
      control: async () => ({
        ...noControlPlane,
        templateOf: (object) => (object.kind === 'ConfigMap' ? there : undefined),
      }),
    });
    expect(find('ConfigMap default/settings').verdict).toMatchObject({ is: 'conflict' });
    expect(find('StatefulSet default/db').notes).toEqual([expect.stringContaining('stays in member1 alone')]);
    expect(find('StatefulSet default/db').lacks).toMatchObject([
      { kind: 'ConfigMap', name: 'gone', is: 'missing', clusters: ['member1'] },
      { kind: 'Service', name: 'db', is: 'missing', because: 'gives Pods of StatefulSet default/db their names' },
    ]);
    expect(
      policies.map(({ policy }) => [policy.metadata.name, policy.spec.placement!.clusterAffinity!.clusterNames]),
    ).toEqual([
      ['p-1', ['member1', 'member2']],
      ['p-home-1', ['member1']],
    ]);
  });

  test('leaves a Namespace alone that the control plane has the same, and advises nobody to delete one', async () => {
    const member = await startTestMember();
    const shop = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { mesh: 'on' } } };
    await createIn(member, shop, { ...settings, metadata: { namespace: 'shop', name: 'settings' } });
    const planWith = async (there: typeof shop) =>
      planOf(member, {
        control: async () => ({
          ...noControlPlane,
          templateOf: ({ kind, metadata }) => (kind === 'Namespace' && metadata.name === 'shop' ? there : undefined),
          tried: async () => ({ live: there, answer: shop }),
        }),
      });
    const same = await planWith(shop);
    expect(same.find('Namespace shop').verdict).toMatchObject({ is: 'skip', reason: expect.stringContaining('same') });
    expect(same.find('ConfigMap shop/settings')).toMatchObject({ verdict: { is: 'adopt' } });
    expect(same.find('ConfigMap shop/settings')).not.toHaveProperty('lacks');
    const other = await planWith({ ...shop, metadata: { name: 'shop', labels: { mesh: 'off' } } });
    const { verdict, changes } = other.find('Namespace shop');
    expect(verdict).toMatchObject({ is: 'conflict', reason: expect.not.stringContaining('delete') });
    expect(changes).toMatchObject([{ path: '.metadata.labels.mesh', before: 'off', after: 'on' }]);
    expect(other.find('ConfigMap shop/settings').verdict).toEqual({ is: 'adopt' });
  });

  test('refuses what the control plane has no kind for, unless its definition comes along', async () => {
    const member = await startTestMember();
    await createIn(member, deployment('web', 1, requesting('100m')), settings);
    const control = async () => ({ ...noControlPlane, serves: ({ group }: GroupVersionKind) => group !== 'apps' });
    const { find } = await planOf(member, { control });
    expect(find('Deployment default/web').verdict).toEqual({
      is: 'blocked',
      reason: expect.stringContaining('the control plane does not know Deployment of apps/v1: take its definition'),
    });
    expect(find('ConfigMap default/settings').verdict).toEqual({ is: 'adopt' });
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'widgets.example.com' },
      spec: {
        group: 'example.com',
        names: { kind: 'Widget' },
        versions: [
          { name: 'v1', served: true },
          { name: 'v0', served: false },
        ],
      },
    };
    const defines = definedBy([definition]);
    const widget = (version: string) => defines({ group: 'example.com', version, kind: 'Widget' });
    expect([widget('v1'), widget('v0')]).toEqual([true, false]);
  });

  test('is of what was asked for only', async () => {
    const member = await startTestMember();
    const elsewhere = { ...settings, metadata: { namespace: 'shop', name: 'settings', labels: { app: 'web' } } };
    await createIn(member, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }, settings, elsewhere);
    const taken = async (scope: PlanScope) =>
      (await planOf(member, {}, scope)).plan.objects.filter(isAdopted).map(titleOf);
    expect(await taken({ namespaces: ['shop'] })).toEqual(['Namespace shop', 'ConfigMap shop/settings']);
    expect(await taken({ labelSelector: 'app=web' })).toEqual(['ConfigMap shop/settings']);
    expect(await taken({ kinds: ['ns'] })).toEqual(['Namespace shop']);
    await expect(taken({ kinds: ['nonsense'] })).rejects.toThrow('nonsense');
  });

  test('is a folder that is read back whole, without the data of Secrets', async () => {
    const member = await startTestMember();
    await createIn(member, settings, secret as unknown as KubeObject, deployment('web', 2));
    const made = await planOf(member);
    const disk = memoryDisk();
    await writePlan(disk, '/plan', made, false);
    const plan = await readPlan(disk, '/plan');
    const adopted = plan.objects.filter(isAdopted);
    const templates = await readTemplates(disk, '/plan', adopted);
    const without = (object: UnstructuredObject | undefined) => ({ ...object, data: undefined });
    expect(templates.map(without)).toEqual(made.templates.filter((each) => each !== undefined).map(without));
    expect(templates.find(({ kind }) => kind === 'Secret')?.data).toBeUndefined();
    expect(await readPolicies(disk, '/plan', plan)).toEqual(
      new Map(made.policies.map(({ wave, policy }) => [wave, [policy]])),
    );
    for (const file of adopted.map((each) => each.file!)) {
      const text = await disk.readText(`/plan/${file}`);
      expect(text).not.toContain('geheim');
      expect(text).not.toContain(Buffer.from('geheim').toString('base64'));
    }
    await expect(writePlan(disk, '/plan', made, false)).rejects.toThrow('holds a plan already');
    await writePlan(disk, '/plan', made, true);
    await expect(readPlan(disk, '/elsewhere')).rejects.toThrow('holds no plan');
    const [{ file }] = adopted as [PlannedObject];
    for (const path of [file!, 'plan.yaml']) await disk.write(`/plan/${path}`, 'a: [');
    await expect(readTemplates(disk, '/plan', adopted)).rejects.toThrow(`/plan/${file}: yaml: line 1: a list`);
    await expect(readPlan(disk, '/plan')).rejects.toThrow('/plan/plan.yaml: yaml: line 1: a list');
  });
});
