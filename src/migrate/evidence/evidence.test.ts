import { describe, expect, test } from 'vitest';
import { Deployments, Pods } from '#apis/kubernetes/types.ts';
import { restMapper } from '#client/mapper/mapper.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { createIn, deployment, startTestMember } from '#member/member.fixture.ts';
import { memoryDisk } from '#world/disk/memory.ts';
import type { MigrationPlan, PlannedObject } from '../model.ts';
import { compareEvidence } from './compare.ts';
import type { Evidence, ObjectEvidence, PodEvidence } from './evidence.ts';
import { statedText } from './read.ts';
import { readEvidence, writeEvidence } from './store.ts';
import { takeEvidence } from './take.ts';

const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' };
const planned = (more: Partial<PlannedObject> = {}): PlannedObject => ({
  ...web,
  uid: 'd',
  resourceVersion: '1',
  verdict: { is: 'adopt' },
  ...more,
});
const planOf = (...objects: readonly PlannedObject[]) => ({ objects }) as unknown as MigrationPlan;

const pod = (more: Partial<PodEvidence> = {}): PodEvidence => ({
  name: 'web-1',
  uid: 'p',
  startTime: '2026-01-01T00:00:00Z',
  node: 'n',
  ready: true,
  containers: [{ name: 'main', id: 'c', restarts: 1 }],
  ...more,
});
const object = (more: Partial<ObjectEvidence> = {}): ObjectEvidence => ({
  ...web,
  uid: 'd',
  generation: 1,
  hash: 'h',
  revisions: ['web-abc'],
  pods: [pod()],
  ...more,
});
const evidence = (...objects: readonly ObjectEvidence[]): Evidence => ({ cluster: 'member1', takenAt: '', objects });

describe('what differs', () => {
  const scaled = planned({ kept: [{ path: '.spec.replicas', managers: ['kube-controller-manager'] }] });
  test.each<[string, ObjectEvidence | undefined, readonly string[], PlannedObject?]>([
    ['nothing', object(), []],
    ['a Pod that is gone', object({ pods: [] }), ['restart Pod web-1 (uid p) is gone']],
    ['a Pod that an autoscaler took away', object({ pods: [] }), ['note Pod web-1 (uid p) is gone'], scaled],
    [
      'a Pod made anew',
      object({ pods: [pod({ uid: 'q' })] }),
      ['restart Pod web-1 (uid p) is gone', 'change Pod web-1 is new'],
    ],
    [
      'a later start',
      object({ pods: [pod({ startTime: 'later' })] }),
      ['restart Pod web-1 started at later, before at 2026-01-01T00:00:00Z'],
    ],
    [
      'a container that restarted',
      object({ pods: [pod({ containers: [{ name: 'main', id: 'x', restarts: 3 }] })] }),
      ['restart container main of Pod web-1 restarted 2 times'],
    ],
    [
      'another container',
      object({ pods: [pod({ containers: [{ name: 'main', id: 'x', restarts: 1 }] })] }),
      ['restart container main of Pod web-1 is another one (x)'],
    ],
    ['a Pod that is not ready', object({ pods: [pod({ ready: false })] }), ['change Pod web-1 is not ready any more']],
    [
      'a new revision',
      object({ revisions: ['web-abc', 'web-def'] }),
      ['restart web-def is a new revision of its Pods'],
    ],
    ['other content', object({ hash: 'i' }), ['change states something else than before']],
    [
      'content that was to change',
      object({ hash: 'i' }),
      ['note states something else than before'],
      planned({ verdict: { is: 'change', fields: [] } }),
    ],
    ['an object that is gone', undefined, ['change is gone']],
    ['an object made anew', object({ uid: 'e' }), ['change was made anew (uid e, before d)']],
  ])('%s', (_, after, found, own = planned()) => {
    const differences = compareEvidence(planOf(own), evidence(object()), evidence(...(after ? [after] : [])));
    expect(differences.map(({ is, what }) => `${is} ${what}`)).toEqual(found);
  });

  test('a Job runs to its end by itself, and a Service may gain endpoints but not lose any', () => {
    const job = { apiVersion: 'batch/v1', kind: 'Job', namespace: 'default', name: 'once' };
    const service = { apiVersion: 'v1', kind: 'Service', namespace: 'default', name: 'web' };
    const own = planOf({ ...planned(), ...job }, { ...planned(), ...service });
    const before = evidence(object(job), { ...object(service), pods: undefined, endpoints: ['a:1', 'b:1'] } as never);
    const after = evidence(object({ ...job, pods: [] }), {
      ...object(service),
      pods: undefined,
      endpoints: ['b:1', 'c:1'],
    } as never);
    expect(compareEvidence(own, before, after)).toEqual([
      { is: 'note', object: 'Job default/once', what: 'Pod web-1 (uid p) is gone' },
      { is: 'change', object: 'Service default/web', what: 'no longer leads to a:1' },
      { is: 'note', object: 'Service default/web', what: 'leads to c:1 too' },
    ]);
  });
});

test('a Pod that has run to its end is not ready, and nothing has happened to it', () => {
  const job = { apiVersion: 'batch/v1', kind: 'Job', namespace: 'default', name: 'once' };
  const after = evidence(object({ ...job, pods: [pod({ ready: false })] }));
  const found = compareEvidence(planOf({ ...planned(), ...job }), evidence(object(job)), after);
  expect(found.map(({ is }) => is)).toEqual(['note']);
});

test('our marks, status and what servers count are no part of what an object states', () => {
  const plain = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', labels: { own: 'x' } },
    data: { a: 'b' },
  };
  const marked = {
    ...plain,
    metadata: {
      name: 'a',
      uid: '1',
      resourceVersion: '9',
      generation: 3,
      labels: { own: 'x', 'karmada.io/managed': 'true', 'work.karmada.io/permanent-id': 'y' },
      annotations: { 'work.karmada.io/name': 'w', 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
    },
    status: { any: 'thing' },
  };
  expect(statedText(marked as UnstructuredObject)).toBe(statedText(plain as UnstructuredObject));
  expect(statedText({ ...plain, data: { a: 'c' } } as UnstructuredObject)).not.toBe(
    statedText(plain as UnstructuredObject),
  );
});

test('taken of a living cluster it finds Pods over their ReplicaSets, and tells a restart', async () => {
  const member = await startTestMember();
  const { client, clock } = member;
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'default', name: 'web' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
  };
  await createIn(member, deployment('web', 2), service);
  await clock.advance(1_000);
  const objects = [planned(), planned({ apiVersion: 'v1', kind: 'Service' }), planned({ name: 'gone' })];
  const source = { client, mapper: restMapper(client, { clock }), cluster: 'member1' };
  const take = () => takeEvidence({ source, objects, clock });
  const before = await take();
  expect(
    before.objects.map(({ kind, pods, revisions, endpoints }) => [
      kind,
      pods?.length,
      revisions?.length,
      endpoints?.length,
    ]),
  ).toEqual([
    ['Deployment', 2, 1, undefined],
    ['Service', undefined, undefined, 2],
  ]);
  expect(before.objects[0]!.pods![0]).toMatchObject({ ready: true, containers: [{ name: 'web', restarts: 0 }] });
  expect(compareEvidence(planOf(...objects), before, await take())).toEqual([]);

  const key = { namespace: 'default', name: 'web' };
  await client.resource(Deployments).patch(key, 'merge', { metadata: { labels: { new: 'label' } } });
  const [first] = await member.pods();
  await client.resource(Pods).delete({ ...key, name: first!.metadata.name! }, { gracePeriodSeconds: 0 });
  await clock.advance(2_000);
  const found = compareEvidence(planOf(...objects), before, await take()).map(
    ({ is, what }) => `${is} ${what.replace(/ .*/, '')}`,
  );
  expect(found).toEqual(['change states', 'restart Pod', 'change Pod', 'change no', 'note leads']);
});

test('it is kept in the folder of its plan, and what was cut short is told', async () => {
  const disk = memoryDisk();
  const before = evidence(object());
  expect(await readEvidence(disk, '/plan', 'before')).toBeUndefined();
  await writeEvidence(disk, '/plan', 'before', before);
  expect(await readEvidence(disk, '/plan', 'before')).toEqual(before);
  await disk.write('/plan/evidence/before.json', '{"cluster":');
  await expect(readEvidence(disk, '/plan', 'before')).rejects.toThrow('/plan/evidence/before.json');
});
