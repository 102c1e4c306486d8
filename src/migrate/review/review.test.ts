/** What a plan says to those who review it: sections, counts and the page. */
import { describe, expect, test } from 'vitest';
import type { MigrationPlan, PlannedObject, Verdict } from '../model.ts';
import { eachSkipped, kindsText, skippedIn, totals } from './counts.ts';
import { isReadme, readmeOf } from './readme.ts';
import { sectionsOf } from './sections.ts';

const object = (name: string, verdict: Verdict, more: Partial<PlannedObject> = {}): PlannedObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: 'shop',
  name,
  uid: name,
  resourceVersion: '1',
  verdict,
  ...more,
});

const plan = (objects: readonly PlannedObject[], created = '2026-01-01T00:00:00Z'): MigrationPlan => ({
  apiVersion: 'migrate.flotilla.io/v1alpha1',
  kind: 'MigrationPlan',
  metadata: { name: 'shop', creationTimestamp: created },
  spec: { from: { cluster: 'member1', id: 'x' }, to: ['member1', 'member2'], scope: {} },
  waves: [{ number: 1, title: 'workloads', objects: objects.filter(({ wave }) => wave === 1).length }],
  objects,
});

const image = '.spec.template.spec.containers[name="web"].image';
const newImage = {
  changes: [{ is: 'changed', path: image, before: 'a', after: 'b', managers: ['helm'] }],
  wave: 1,
} as const;
const restart: Verdict = { is: 'restart', fields: [{ path: image, managers: ['helm'] }] };

describe('sections', () => {
  test('tell objects of which the same is to be said once', () => {
    const objects = ['a', 'b', 'c', 'd', 'e'].map((name) => object(name, restart, newImage));
    const other = object('f', restart, { ...newImage, changes: [{ ...newImage.changes[0], after: 'c' }] });
    const [section] = sectionsOf(plan([...objects, other]), []);
    expect(section!.entries).toEqual([
      { text: 'Deployment shop/a, shop/b, shop/c and 2 more', details: newImage.changes },
      { text: 'Deployment shop/f', details: other.changes },
    ]);
  });

  test('name fields where the plan has no room for values, and what was not told', () => {
    const fields = Array.from({ length: 12 }, (_, i) => `.spec.field${i}`);
    const objects = [
      object('a', { is: 'change', fields }, { moreChanges: 12 }),
      object('b', { is: 'change', fields: ['.spec.paused'] }, { ...newImage, moreChanges: 3 }),
      object('c', { is: 'conflict', reason: 'the control plane has one' }, newImage),
    ];
    const told = sectionsOf(plan(objects), [{ resource: 'widgets', why: 'forbidden' }]);
    expect(told.map(({ title }) => title)).toEqual([
      'In conflict',
      'Taken over with changes, no Pod restarts',
      'Not read',
    ]);
    const [conflict, change, unread] = told;
    expect(conflict!.entries[0]!.text).toBe('Deployment shop/c: the control plane has one');
    expect(change!.entries.map(({ details }) => details)).toEqual([
      [...fields.slice(0, 10), '… and 2 more in plan.yaml'],
      [...newImage.changes, '… and 3 more'],
    ]);
    expect(unread!.entries[0]!.text).toBe('widgets: forbidden');
  });

  test('tell what the control plane changes, and what other clusters would lose', () => {
    const overrides = [{ policy: 'OverridePolicy shop/mirror', clusters: ['member1', 'member2'], fields: [image] }];
    const overwrites = [{ cluster: 'member2', fields: ['.spec.paused'] }];
    const adopt: Verdict = { is: 'adopt' };
    const told = sectionsOf(
      { ...plan([object('a', adopt, { overrides, overwrites })]), notes: ['member2 is away'] },
      [],
    );
    expect(told.map(({ title, entries }) => [title.split(' ').slice(0, 3).join(' '), entries[0]])).toEqual([
      ['In other clusters', { text: 'Deployment shop/a in member2', details: ['.spec.paused'] }],
      [
        'Changed by override',
        { text: 'Deployment shop/a: OverridePolicy shop/mirror in member1, member2', details: [image] },
      ],
      ['Worth a look', { text: 'member2 is away', details: [] }],
    ]);
  });

  test('name what other clusters would lose, and override policies, once for all that are alike', () => {
    const overwrites = [{ cluster: 'member2', fields: ['.data.a'] }];
    const overrides = [{ policy: 'ClusterOverridePolicy mirror', clusters: ['member1'], fields: [image] }];
    const objects = ['a', 'b'].map((name) => object(name, { is: 'adopt' }, { overwrites, overrides, wave: 1 }));
    expect(sectionsOf(plan(objects), [])).toEqual([
      {
        title: 'In other clusters already, and not the same (apply leaves these out unless --overwrite names them)',
        entries: [{ text: 'Deployment shop/a, shop/b in member2', details: ['.data.a'] }],
      },
      {
        title: 'Changed by override policies of the control plane',
        entries: [{ text: 'Deployment shop/a, shop/b: ClusterOverridePolicy mirror in member1', details: [image] }],
      },
    ]);
  });

  test('show what is kept with its value', () => {
    const kept = [{ path: '.spec.replicas', managers: ['kube-controller-manager'], value: 5 }];
    const [section] = sectionsOf(plan([object('a', { is: 'adopt' }, { kept, wave: 1 })]), []);
    expect(section!.entries).toEqual([
      { text: 'Deployment shop/a', details: ['.spec.replicas: 5   owned by kube-controller-manager'] },
    ]);
  });
});

test('totals name what there is, and always whether Pods would restart', () => {
  const skip: Verdict = { is: 'skip', reason: 'owned by ReplicaSet web-1' };
  const whole = plan([
    object('a', { is: 'adopt' }),
    object('b', skip),
    object('c', { ...skip, reason: 'owned by ReplicaSet x' }),
  ]);
  expect(totals(whole)).toBe('1 adopted, 0 would restart Pods, 2 left where they are');
  const [left] = skippedIn(whole);
  expect(left).toEqual({ why: 'owned by a ReplicaSet', count: 2, kinds: [{ kind: 'Deployment', count: 2 }] });
  expect(kindsText(left!)).toBe('2 Deployment');
  const kinds = ['A', 'B', 'C', 'D', 'E', 'F'].map((kind) => ({ kind, count: 1 }));
  expect(kindsText({ ...left!, kinds })).toBe('1 A, 1 B, 1 C, 1 D and 2 more kinds');
  expect(eachSkipped(whole)[0]).toEqual(['Deployment shop/b', 'owned by ReplicaSet web-1']);
});

describe('the page', () => {
  test('says of a field whose it is and whether Pods restart for it', () => {
    const changes = [{ ...newImage.changes[0], restarts: true as const }];
    const page = readmeOf({ plan: plan([object('a', restart, { changes, wave: 1 })]) });
    expect(page).toContain('image: "a"   owned by helm, restarts Pods\n');
  });

  test('is the same for the same plan, whenever it was made', () => {
    const objects = [object('a', restart, newImage)];
    const page = readmeOf({ plan: plan(objects) });
    expect(readmeOf({ plan: plan(objects, '2027-02-02T00:00:00Z') })).toBe(page);
    expect(isReadme(page)).toBe(true);
    expect(page).toContain(
      '```diff\n  - .spec.template.spec.containers[name="web"].image: "a"   owned by helm\n  + .spec',
    );
    expect(page).toContain('| 1 | workloads | 1 | 1 |');
  });

  test('shows hostile text as text', () => {
    const hostile = '"x"\n```\n# <script>alert(1)</script> [a](javascript:1)';
    const page = readmeOf({
      plan: {
        ...plan([
          object('a', { is: 'blocked', reason: hostile }),
          object('b', restart, { ...newImage, changes: [{ ...newImage.changes[0], after: hostile }] }),
        ]),
        notes: [hostile],
      },
    });
    const outside = page.replaceAll(/```diff[\s\S]*?\n {2}```/g, '');
    expect(outside).not.toMatch(/(^|[^\\])<script|^# <|(^|[^\\])\[a\]/m);
    expect(page.match(/```/g)).toHaveLength(2);
  });
});
