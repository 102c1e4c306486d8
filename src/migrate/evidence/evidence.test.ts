import { describe, expect, test } from 'vitest';
import { Deployments, Pods } from '#apis/kubernetes/types.ts';
import { restMapper } from '#client/mapper/mapper.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { createIn, deployment, startTestMember } from '#member/member.fixture.ts';
import { memoryDisk } from '#world/disk/memory.ts';
import type { MigrationPlan, PlannedObject } from '../model.ts';
import type { Reasons } from './change.ts';
import { compareEvidence, type Known } from './compare.ts';
import type { Evidence, EvidenceSet, ObjectEvidence, PodEvidence } from './evidence.ts';
import { evidenceKeyOf } from './key.ts';
import { statedIn } from './read.ts';
import { hasEvidence, readEvidence, writeEvidence } from './store.ts';
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

const container = (more: Partial<PodEvidence['containers'][number]> = {}) => ({
  name: 'main',
  id: 'c',
  restarts: 1,
  started: '2026-01-01T00:00:00Z',
  ...more,
});
const pod = (more: Partial<PodEvidence> = {}): PodEvidence => ({
  name: 'web-1',
  uid: 'p',
  startTime: '2026-01-01T00:00:00Z',
  node: 'n',
  ip: '10.1.0.1',
  ready: true,
  containers: [container()],
  ...more,
});
const object = (more: Partial<ObjectEvidence> = {}): ObjectEvidence => ({
  ...web,
  uid: 'd',
  generation: 1,
  hash: 'h',
  fields: { '.spec': { '.image': 'a', '.replicas': 'b' } },
  revisions: [{ name: 'web-abc', created: '2026-01-01T00:00:00Z' }],
  pods: [pod()],
  ...more,
});
const otherImage = object({ hash: 'i', fields: { '.spec': { '.image': 'x', '.replicas': 'b' } } });
const otherReplicas = object({ hash: 'i', fields: { '.spec': { '.image': 'a', '.replicas': 'x' } } });
const evidence = (...objects: readonly ObjectEvidence[]): Evidence => ({ cluster: 'member1', takenAt: '', objects });

describe('what differs', () => {
  const scaled = planned({ kept: [{ path: '.spec.replicas', managers: ['kube-controller-manager'] }] });
  test.each<[string, ObjectEvidence | undefined, readonly string[], PlannedObject?]>([
    ['nothing', object(), []],
    ['a Pod that is gone', object({ pods: [] }), ['restart Pod web-1 (uid p) is gone']],
    [
      'a Pod that an autoscaler took away',
      object({ pods: [] }),
      ['note Pod web-1 (uid p) is gone; scaled by kube-controller-manager'],
      scaled,
    ],
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
      object({ pods: [pod({ containers: [container({ id: 'x', restarts: 3 })] })] }),
      ['restart container main of Pod web-1 restarted 2 times'],
    ],
    [
      'another container',
      object({ pods: [pod({ containers: [container({ id: 'x' })] })] }),
      ['restart container main of Pod web-1 is another one (x)'],
    ],
    ['a Pod that is not ready', object({ pods: [pod({ ready: false })] }), ['change Pod web-1 is not ready any more']],
    [
      'a new revision',
      object({ revisions: [...object().revisions!, { name: 'web-def', created: '2026-02-01T00:00:00Z' }] }),
      ['restart web-def is a new revision of its Pods'],
    ],
    ['other content', otherImage, ['change states something else than before: .spec.image']],
    [
      'content that no field tells',
      object({ hash: 'i' }),
      ['change states something else than before: the order of its lists, or all of it'],
      scaled,
    ],
    ['what its autoscaler set', otherReplicas, ['note set by kube-controller-manager: .spec.replicas'], scaled],
    ['another field of what is scaled', otherImage, ['change states something else than before: .spec.image'], scaled],
    [
      'a deletion that waits',
      object({ generation: 5, deleting: { since: '2026-01-02T00:00:00Z', finalizers: ['example.com/hold'] } }),
      ['drift is being deleted since 2026-01-02T00:00:00Z; it waits for example.com/hold'],
    ],
    [
      'written and put right',
      object({ generation: 6 }),
      [
        'note was changed meanwhile and put right, or taken over more than once: its generation rose from 1 to 6, and it states what it did',
      ],
    ],
    [
      'content that was to change',
      otherImage,
      ['note changed as the plan said: .spec.image'],
      planned({ verdict: { is: 'change', fields: ['.spec.image'] } }),
    ],
    ['marked by us, which Deployments count', object({ generation: 3 }), []],
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
      { is: 'note', cluster: 'member1', object: 'Job default/once', what: 'Pod web-1 (uid p) is gone' },
      { is: 'change', cluster: 'member1', object: 'Service default/web', what: 'no longer leads to a:1' },
      { is: 'note', cluster: 'member1', object: 'Service default/web', what: 'leads to c:1 too' },
    ]);
  });
});

test('a Pod that has run to its end is not ready, and nothing has happened to it', () => {
  const job = { apiVersion: 'batch/v1', kind: 'Job', namespace: 'default', name: 'once' };
  const after = evidence(object({ ...job, pods: [pod({ ready: false })] }));
  const found = compareEvidence(planOf({ ...planned(), ...job }), evidence(object(job)), after);
  expect(found).toEqual([]);
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
  expect(statedIn(marked as UnstructuredObject)).toEqual(statedIn(plain as UnstructuredObject));
  expect(statedIn({ ...plain, data: { a: 'c' } } as UnstructuredObject)).not.toEqual(
    statedIn(plain as UnstructuredObject),
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
  const take = () => takeEvidence({ source, objects, clock, key });
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

  const name = { namespace: 'default', name: 'web' };
  await client.resource(Deployments).patch(name, 'merge', { metadata: { labels: { new: 'label' } } });
  const [first] = await member.pods();
  await client.resource(Pods).delete({ ...name, name: first!.metadata.name! }, { gracePeriodSeconds: 0 });
  await clock.advance(2_000);
  const found = compareEvidence(planOf(...objects), before, await take()).map(
    ({ is, what }) => `${is} ${what.replace(/ .*/, '')}`,
  );
  expect(found).toEqual(['change states', 'restart Pod', 'change Pod', 'change no', 'note leads']);
  expect((await take()).objects[0]!.fields).toHaveProperty(['.spec', '.template', '.spec', '.containers']);
});

const key = evidenceKeyOf('0a'.repeat(32));
const set = (...clusters: readonly Evidence[]): EvidenceSet => ({
  plan: 'p',
  key: key.id,
  takenAt: '2026-01-01T00:00:00Z',
  clusters,
  unseen: [],
});

describe('the file of it', () => {
  const path = '/plan/evidence/before.json';
  const write = async () => {
    const disk = memoryDisk();
    await writeEvidence(disk, '/plan', 'before', set(evidence(object(), object({ name: 'other' }))), key);
    return { disk, text: (await disk.readText(path))! };
  };

  test('is read as it was written', async () => {
    const { disk, text } = await write();
    expect(await readEvidence(disk, '/none', 'before', key)).toBeUndefined();
    expect(await readEvidence(disk, '/plan', 'before', key)).toEqual({
      set: set(evidence(object(), object({ name: 'other' }))),
      text,
    });
    expect(await hasEvidence(disk, '/plan', 'before')).toBe(true);
  });

  test.each<[string, (text: string) => string, string]>([
    ['cut short', (text) => text.slice(0, 100), 'is no evidence any more'],
    ['edited', (text) => text.replace('"uid":"p"', '"uid":"q"'), 'is not what was taken: it was changed by hand'],
    ['shortened by an object', (text) => text.replace(/,\n\{[^\n]*other[^\n]*/, ''), 'is not what was taken'],
    [
      'of an earlier release',
      () => '{"cluster":"member1","takenAt":"","objects":[]}',
      'was written by an earlier release',
    ],
    ['of a later release', (text) => text.replace('"format":2', '"format":3'), 'is evidence of format 3'],
    ['of another control plane', (text) => text.replace(key.id, '0000000000000000'), 'key of another control plane'],
  ])('%s is refused', async (_, change, why) => {
    const { disk, text } = await write();
    expect(change(text)).not.toBe(text);
    await disk.write(path, change(text));
    await expect(readEvidence(disk, '/plan', 'before', key)).rejects.toThrow(why);
  });
});

describe('whose doing', () => {
  const ended = '2026-01-02T00:00:00Z';
  const later = '2026-01-03T00:00:00Z';
  const rolled = (created: string) =>
    object({
      hash: 'i',
      fields: { '.spec': { '.image': 'a', '.replicas': 'b', '.template': 'new' } },
      revisions: [...object().revisions!, { name: 'web-def', created }],
      pods: [pod({ name: 'web-2', uid: 'q', startTime: created, ip: '10.1.0.2' })],
    });
  const reasons = (by: 'template' | 'somebody' | 'migration', time?: string): Reasons => ({
    fields: [{ path: '.spec.template', by, manager: 'kubectl-edit', ...(time ? { time } : {}) }],
  });
  const severities = (after: ObjectEvidence, known: Known, own = planned()) =>
    [...new Set(compareEvidence(planOf(own), evidence(object()), evidence(after), known).map(({ is }) => is))].sort();
  const knowing = (each?: Reasons): Known => ({
    times: { endedAt: ended },
    ...(each ? { reasonsOf: () => each } : {}),
  });

  test.each<[string, ObjectEvidence, Known, readonly string[]]>([
    ['a rollout of an edited template is none of ours', rolled(later), knowing(reasons('template', later)), ['note']],
    ['one that somebody began in the cluster is drift', rolled(later), knowing(reasons('somebody', later)), ['drift']],
    [
      'one from before the edit is ours',
      rolled('2026-01-01T12:00:00Z'),
      knowing(reasons('template', later)),
      ['change', 'note', 'restart'],
    ],
    ['one that the migration caused is a restart', rolled(later), knowing(reasons('migration')), ['change', 'restart']],
    [
      'Pods replaced after the end, of the same revision',
      object({ pods: [pod({ uid: 'q', startTime: later })] }),
      knowing(),
      ['drift'],
    ],
    [
      'Pods replaced before the end',
      object({ pods: [pod({ uid: 'q', startTime: '2026-01-01T12:00:00Z' })] }),
      knowing(),
      ['change', 'restart'],
    ],
    [
      'an edit that was taken back, by its revisions',
      object({ ...rolled(later), hash: 'h', fields: object().fields }),
      knowing({ fields: [], edit: { manager: 'kubectl-edit', time: later } }),
      ['note'],
    ],
    [
      'a container that restarted long after',
      object({ pods: [pod({ containers: [container({ restarts: 2, started: later })] })] }),
      knowing(),
      ['drift'],
    ],
    [
      'Pods replaced after the end, one of which waits for a node',
      object({ pods: [pod({ uid: 'q', startTime: '' }), pod({ uid: 'r', startTime: later })] }),
      knowing(),
      ['drift'],
    ],
    [
      'who fights with us',
      object(),
      knowing({ fields: [], remark: '"x" keeps changing .spec.replicas back' }),
      ['drift'],
    ],
  ])('%s', (_, after, known, found) => expect(severities(after, known)).toEqual(found));

  test('what is scaled up and down by its autoscaler, Pods and endpoints, is expected', () => {
    const scaled = planned({ kept: [{ path: '.spec.replicas', managers: ['hpa'] }] });
    const service = { apiVersion: 'v1', kind: 'Service', namespace: 'default', name: 'web' };
    const serviceOf = (...endpoints: readonly string[]) => {
      const { pods: _, revisions: _revisions, ...rest } = object(service);
      return { ...rest, endpoints };
    };
    const found = compareEvidence(
      planOf(scaled, planned(service)),
      evidence(
        object({ pods: [pod(), pod({ name: 'web-2', uid: 'q', ip: '10.1.0.2' })] }),
        serviceOf('10.1.0.1:80', '10.1.0.2:80'),
      ),
      evidence(object(), serviceOf('10.1.0.1:80')),
    );
    expect(found.map(({ is, object: of, what }) => `${is} ${of}: ${what}`)).toEqual([
      'note Deployment default/web: Pod web-2 (uid q) is gone; scaled by hpa',
      'note Service default/web: no longer leads to 10.1.0.2:80; scaled by hpa',
    ]);
  });
});
