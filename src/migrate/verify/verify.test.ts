import { describe, expect, test } from 'vitest';
import type { Binding } from '#apis/work/binding.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import type { EvidenceSet, ObjectEvidence } from '../evidence/evidence.ts';
import { evidenceKeyOf } from '../evidence/key.ts';
import type { MigrationPlan, PlannedObject } from '../model.ts';
import type { MigrationRecord, WaveState } from '../record/record.ts';
import { attribute, reasonsFor, type Scene } from './attribute.ts';
import { verificationPage } from './page.ts';
import { faultsOf, reportOf } from './report.ts';
import { bindingsByTemplate, whyUnmanaged } from './standing.ts';
import { type VerifyInput, verification } from './verify.ts';

const key = evidenceKeyOf('0a'.repeat(32));

const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' };
const plan = {
  metadata: { name: 'p' },
  spec: { from: { cluster: 'member1', id: 'x' }, to: ['member1'] },
  waves: [],
  objects: [{ ...web, uid: 'd', resourceVersion: '1', wave: 1, verdict: { is: 'adopt' } } satisfies PlannedObject],
} as unknown as MigrationPlan;

const object = (more: Partial<ObjectEvidence> = {}): ObjectEvidence => ({
  ...web,
  uid: 'd',
  generation: 1,
  hash: 'abc',
  fields: { '.spec': 'a' },
  managed: true,
  revisions: [{ name: 'web-1', created: 't' }],
  pods: [
    {
      name: 'web-1-x',
      uid: 'p',
      startTime: 't',
      node: 'n',
      ip: '10.1.0.1',
      ready: true,
      containers: [{ name: 'c', id: 'i', restarts: 0, started: 't' }],
    },
  ],
  ...more,
});
const of = (cluster: string, ...objects: readonly ObjectEvidence[]) => ({ cluster, takenAt: 't', objects });
const sets = (...clusters: readonly ReturnType<typeof of>[]): EvidenceSet => ({
  plan: 'p',
  key: key.id,
  takenAt: 't',
  clusters,
  unseen: [],
});
const evidence = (...objects: readonly ObjectEvidence[]) => sets(of('member1', ...objects));

const scheduled = { type: 'Scheduled', status: 'True' };
const binding = (status: object): Binding =>
  ({ spec: { resource: web }, status: { conditions: [scheduled], ...status } }) as unknown as Binding;
const applied = binding({ aggregatedStatus: [{ clusterName: 'member1', applied: true }] });

describe('under management', () => {
  test.each<[string, ObjectEvidence, readonly Binding[], string | undefined]>([
    ['applied and marked', object(), [applied], undefined],
    ['without a binding', object(), [], 'has no template that a policy claims in the control plane'],
    [
      'not scheduled',
      object(),
      [binding({ conditions: [{ type: 'Scheduled', status: 'False', message: '0/1 clusters are available' }] })],
      'is not scheduled: 0/1 clusters are available',
    ],
    ['no status yet', object(), [binding({})], 'has no status from member1 yet'],
    [
      'refused',
      object(),
      [binding({ aggregatedStatus: [{ clusterName: 'member1', applied: false, appliedMessage: 'it exists' }] })],
      'is not applied in member1: it exists',
    ],
    [
      'without the mark',
      object({ managed: undefined } as never),
      [applied],
      'is applied, but carries no mark of it in member1',
    ],
  ])('%s', (_, own, bindings, why) =>
    expect(whyUnmanaged(web, own, 'member1', bindingsByTemplate(bindings))).toBe(why),
  );
});

const verify = (after: EvidenceSet, bindings: readonly Binding[] = [applied], more: Partial<VerifyInput> = {}) =>
  verification({ plan, before: evidence(object()), after, bindings: bindingsByTemplate(bindings), ...more });

test('proven when all is as it was and managed; not when a Pod is another, or one is not managed', () => {
  expect(verify(evidence(object()))).toMatchObject({
    proven: true,
    coverage: { objects: 1, pods: 1, containers: 1, revisions: 1, endpoints: 0 },
    differences: [],
    unmanaged: [],
  });
  expect(verify(evidence(object({ pods: [] }))).proven).toBe(false);
  expect(verify(evidence(object()), []).proven).toBe(false);
});

const record = (state: WaveState, more: Partial<MigrationRecord> = {}): MigrationRecord => ({
  plan: 'p',
  hash: '',
  from: plan.spec.from,
  to: ['member1'],
  startedAt: '2026-01-01T00:00:00Z',
  allowedRestarts: [],
  dropped: [],
  waves: [{ number: 1, title: 'workloads', objects: 1, applied: 1, state, since: '2026-01-01T00:00:00Z' }],
  ...more,
});

describe('how far the migration is', () => {
  const free = () => {
    const { managed: _, ...rest } = object();
    return evidence(rest);
  };
  test.each<[string, EvidenceSet, readonly Binding[], MigrationRecord | undefined, object]>([
    [
      'applied',
      evidence(object()),
      [applied],
      record('applied'),
      { proven: true, verdict: expect.stringMatching(/^Proven: .* under management/) },
    ],
    [
      'begun',
      free(),
      [],
      record('paused'),
      { proven: false, open: 1, unmanaged: [], verdict: 'Not proven: 1 not taken over yet. The migration is paused.' },
    ],
    ['begun, and this one is done', evidence(object()), [applied], record('paused'), { proven: false, open: 0 }],
    [
      'rolled back',
      free(),
      [],
      record('rolled-back'),
      { proven: true, verdict: expect.stringContaining('has been given back') },
    ],
    [
      'rolled back, and marks are left',
      evidence(object()),
      [],
      record('rolled-back'),
      {
        proven: false,
        unmanaged: [
          {
            object: 'Deployment default/web',
            cluster: 'member1',
            why: 'was rolled back, and carries our mark in member1 still',
          },
        ],
      },
    ],
    [
      'one object rolled back',
      free(),
      [],
      record('applied', { objects: [{ object: 'Deployment/default/web', is: 'rolled-back' }] }),
      { proven: true, unmanaged: [] },
    ],
    [
      'without a record',
      free(),
      [],
      undefined,
      { proven: false, unmanaged: [{ why: expect.stringContaining('no template') }] },
    ],
  ])('%s', (_, after, bindings, own, result) => expect(verify(after, bindings, { record: own })).toMatchObject(result));

  test('what was given back counts as nothing that is under management', () => {
    const db = { ...web, name: 'db' };
    const two = { ...plan, objects: [...plan.objects, { ...plan.objects[0]!, name: 'db' }] };
    const back = record('applied', { objects: [{ object: 'Deployment/default/db', is: 'rolled-back' }] });
    const both = (more: Partial<ObjectEvidence>) => evidence(object(), object({ ...db, ...more }));
    const found = verify(both({ managed: undefined } as never), [applied], {
      plan: two,
      before: both({}),
      record: back,
    });
    expect(found).toMatchObject({
      proven: true,
      coverage: { objects: 2, managed: 1, givenBack: 1 },
      verdict: 'Proven: what ran in member1 before runs as it did, and is under management but for 1 given back.',
    });
  });

  test('what would restart and was left out is told, and no failure', () => {
    const restarting = {
      ...plan,
      objects: plan.objects.map((each) => ({ ...each, verdict: { is: 'restart' as const, fields: [] } })),
    };
    expect(verify(free(), [], { plan: restarting, record: record('applied') })).toMatchObject({
      proven: true,
      leftOut: ['Deployment default/web'],
    });
  });
});

describe('other clusters', () => {
  const wide = { ...plan, spec: { ...plan.spec, to: ['member1', 'member2'] } };
  const inBoth = (more: object) =>
    binding({
      aggregatedStatus: [
        { clusterName: 'member1', applied: true },
        { clusterName: 'member2', applied: true, ...more },
      ],
    });
  const copy = object({ uid: 'e', pods: [], revisions: [] });
  const run = (there: readonly ObjectEvidence[], now: readonly ObjectEvidence[], more: object = {}) =>
    verify(sets(of('member1', object()), of('member2', ...now)), [inBoth(more)], {
      plan: wide,
      before: sets(of('member1', object()), of('member2', ...there)),
    });

  test.each<[string, ReturnType<typeof run>, object]>([
    ['a copy that is well', run([], [copy]), { proven: true, coverage: { copies: 1, there: 0 } }],
    [
      'one that is not there',
      run([], []),
      { proven: false, unmanaged: [{ cluster: 'member2', why: 'is applied, and is not there any more in member2' }] },
    ],
    [
      'one that is not healthy',
      run([], [copy], { health: 'Unhealthy' }),
      { proven: false, unmanaged: [{ why: 'is not healthy in member2' }] },
    ],
    ['what was there before and is ours now', run([copy], [copy]), { proven: true, coverage: { copies: 1, there: 1 } }],
    [
      'what was there before and lost its Pods',
      run([object({ uid: 'e' })], [copy]),
      { proven: false, differences: [{ is: 'restart', cluster: 'member2' }] },
    ],
  ])('%s', (_, result, expected) => expect(result).toMatchObject(expected));

  test('one that nobody can look into leaves it unproven, and is named', () => {
    const after = { ...evidence(object()), unseen: [{ cluster: 'member2', why: 'nobody here can reach it' }] };
    expect(verify(after, [inBoth({})], { plan: wide })).toMatchObject({
      proven: false,
      unseen: after.unseen,
      verdict: 'Not proven: member2 could not be looked into.',
    });
  });
});

describe('the report', () => {
  const sha256 = (text: string) => `${text.length}`;
  const inputs = { 'plan.yaml': 'a', 'evidence/before.json': 'b', 'evidence/after.json': 'c' };
  const report = reportOf(verify(evidence(object())), inputs, key, sha256);
  const read = JSON.parse(JSON.stringify(report));

  test.each<[string, unknown, object, readonly string[]]>([
    ['as it was written', read, inputs, []],
    ['edited', { ...read, proven: false }, inputs, ['it was edited, or is of another control plane']],
    [
      'of other evidence',
      read,
      { ...inputs, 'evidence/before.json': 'd' },
      ['evidence/before.json is not the file that it was computed from'],
    ],
    ['before another look', read, { ...inputs, 'evidence/after.json': 'd' }, []],
    ['nothing of the sort', [], inputs, ['it is no report of migrate verify: its JSON or YAML has no seal']],
    ['nothing at all', null, inputs, ['it is no report of migrate verify: its JSON or YAML has no seal']],
  ])('%s', (_, own, files, faults) => expect(faultsOf(own, files as never, key)).toEqual(faults));

  test('as a page stands by itself, and shows hostile names and values as text', () => {
    const hostile = '"><script>alert(1)</script>';
    const result = verify(evidence(object({ pods: [], hash: 'x', fields: { '.spec': 'b' } })), [applied], {
      reasons: new Map([
        [
          'member1',
          new Map([
            [
              'apps/v1/Deployment/default/web',
              {
                fields: [{ path: '.spec', by: 'somebody' as const, manager: hostile, before: hostile, after: hostile }],
              },
            ],
          ]),
        ],
      ]),
    });
    const named = {
      ...plan,
      objects: [{ ...plan.objects[0]!, wave: 1 }],
      waves: [{ number: 1, title: hostile, objects: 1 }],
    };
    const page = verificationPage(
      { ...reportOf(result, inputs, key, sha256), unseen: [{ cluster: hostile, why: hostile }] },
      named,
      evidence(object({ pods: [{ ...object().pods![0]!, name: hostile, node: hostile }] })),
    );
    expect(page).toContain('Pod web-1-x (uid p) is gone');
    expect(page.match(/&lt;script&gt;/g)!.length).toBeGreaterThan(7);
    expect(page).not.toMatch(/<script|https?:\/\/|<link|<img|onerror=/);
    for (const tag of ['details', 'summary', 'table', 'ul', 'li', 'div', 'p', 'main'])
      expect([tag, page.split(`<${tag}`).length]).toEqual([tag, page.split(`</${tag}>`).length]);
  });
});

describe('whose doing a field is', () => {
  const own = (manager: string, fields: object, time = '2026-01-03T00:00:00Z', more: object = {}) => ({
    manager,
    operation: 'Update',
    apiVersion: 'apps/v1',
    time,
    fieldsType: 'FieldsV1',
    fieldsV1: fields,
    ...more,
  });
  const replicas = { 'f:spec': { 'f:replicas': {} } };
  const live = (managedFields: readonly object[], spec: object = { replicas: 3 }) =>
    ({ ...web, metadata: { name: 'web', managedFields }, spec }) as unknown as UnstructuredObject;
  const ours = own('flotilla', replicas, '2026-01-01T00:00:00Z', { operation: 'Apply' });
  const migrated = live([own('flotilla-migrate', replicas)]);
  const scene = (more: Partial<Scene>): Scene => ({
    planned: plan.objects[0]!,
    live: live([ours]),
    original: live([], { replicas: 2 }),
    template: migrated,
    message: undefined,
    migrator: 'flotilla-migrate',
    ...more,
  });
  const values = { before: '2', after: '3' };
  const edit = { manager: 'kubectl-edit', time: '2026-01-03T00:00:00Z' };

  test.each<[string, Partial<Scene>, object]>([
    [
      'the template, edited since',
      { template: live([own('kubectl-edit', replicas)]) },
      { by: 'template', ...edit, ...values },
    ],
    ['the migration, unforetold', {}, { by: 'migration', ...values }],
    [
      'the migration, as the plan said',
      { planned: { ...plan.objects[0]!, verdict: { is: 'change', fields: ['.spec.replicas'] } } },
      { by: 'plan', ...values },
    ],
    [
      'a controller',
      { live: live([own('kube-controller-manager', replicas)]) },
      { by: 'controller', manager: 'kube-controller-manager', ...values },
    ],
    ['somebody', { live: live([own('kubectl-edit', replicas)]) }, { by: 'somebody', ...edit, ...values }],
    ['nobody known', { live: live([]) }, { by: 'unknown', ...values }],
    ['no original kept', { original: undefined }, { by: 'migration', after: '3' }],
  ])('%s', (_, more, expected) =>
    expect(attribute(scene(more), '.spec.replicas')).toEqual({ path: '.spec.replicas', ...expected, ...timeOf(more) }),
  );
  const timeOf = ({ live: member }: Partial<Scene>) =>
    member?.metadata.managedFields?.[0]?.time ? { time: '2026-01-03T00:00:00Z' } : {};

  test('of a Secret names are told, and no value', () => {
    const secret = { ...plan.objects[0]!, apiVersion: 'v1', kind: 'Secret' };
    const holding = (word: string) =>
      ({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'web', labels: { tier: word }, annotations: { copy: word } },
        data: { pin: word },
      }) as unknown as UnstructuredObject;
    const all = ['.data.pin', '.data', '.metadata.annotations.copy', '.metadata', ''];
    const told = all.map((path) =>
      attribute(scene({ planned: secret, original: holding('MTIzNA=='), live: holding('NTY3OA==') }), path),
    );
    expect(told.map(({ before, after }) => [before, after])).toEqual(all.map(() => ['(secret)', '(secret)']));
    expect(JSON.stringify(told)).not.toMatch(/MTIz|NTY3/);
  });

  test('who keeps changing what is taken from the Work', () => {
    const message =
      'Manifest has been successfully applied; "kubectl" keeps changing .spec.replicas back: stop it there';
    expect(reasonsFor(scene({ message }), []).remark).toBe(
      '"kubectl" keeps changing .spec.replicas back: stop it there',
    );
  });
});
