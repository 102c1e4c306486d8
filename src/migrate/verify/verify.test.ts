import { describe, expect, test } from 'vitest';
import type { Binding } from '#apis/work/binding.ts';
import type { Evidence, ObjectEvidence } from '../evidence/evidence.ts';
import type { MigrationPlan, PlannedObject } from '../model.ts';
import { verificationPage } from './page.ts';
import { bindingsByTemplate, whyUnmanaged } from './standing.ts';
import { verification } from './verify.ts';

const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' };
const plan = {
  metadata: { name: 'p' },
  spec: { from: { cluster: 'member1', id: 'x' }, to: ['member1'] },
  objects: [{ ...web, uid: 'd', resourceVersion: '1', verdict: { is: 'adopt' } } satisfies PlannedObject],
} as unknown as MigrationPlan;

const object = (more: Partial<ObjectEvidence> = {}): ObjectEvidence => ({
  ...web,
  uid: 'd',
  generation: 1,
  hash: 'abc',
  managed: true,
  revisions: ['web-1'],
  pods: [
    {
      name: 'web-1-x',
      uid: 'p',
      startTime: 't',
      node: 'n',
      ready: true,
      containers: [{ name: 'c', id: 'i', restarts: 0 }],
    },
  ],
  ...more,
});
const evidence = (...objects: readonly ObjectEvidence[]): Evidence => ({ cluster: 'member1', takenAt: 't', objects });

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
  ])('%s', (_, own, bindings, why) => expect(whyUnmanaged(own, 'member1', bindingsByTemplate(bindings))).toBe(why));
});

const verify = (after: Evidence, bindings: readonly Binding[] = [applied]) =>
  verification({
    plan,
    before: evidence(object()),
    after,
    bindings: bindingsByTemplate(bindings),
    sha256: (text) => `${text.length}`,
  });

test('proven when all is as it was and managed; not when a Pod is another, or one is not managed', () => {
  const proven = verify(evidence(object()));
  expect(proven).toMatchObject({
    proven: true,
    coverage: { objects: 1, pods: 1, containers: 1, revisions: 1, endpoints: 0 },
    differences: [],
    unmanaged: [],
  });
  expect(verify(evidence(object({ pods: [] }))).proven).toBe(false);
  expect(verify(evidence(object()), []).proven).toBe(false);
  expect(verify(evidence(object())).checksum).toBe(proven.checksum);
  expect(verify(evidence(object({ hash: 'longer' }))).checksum).not.toBe(proven.checksum);
});

test('the page stands by itself, and shows hostile names as text', () => {
  const after = evidence(object({ pods: [], name: '<script>alert(1)</script>' }));
  const page = verificationPage(verify(evidence(object({ pods: [] }))), after);
  expect(page).toContain('Pod web-1-x (uid p) is gone');
  expect(page).toContain('&lt;script&gt;');
  expect(page).not.toMatch(/<script|https?:\/\/|<link|<img/);
});
