import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayPreempt, type Policy, policyRank } from './matching.ts';

const template = (name: string, labels: Readonly<Record<string, string>> = {}, namespace = 'default') => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace, name, labels },
});
const selector = (more: object = {}) => ({ apiVersion: 'apps/v1', kind: 'Deployment', ...more });

const policy = (kind: Policy['kind'], spec: object = {}, metadata: object = {}): Policy =>
  ({
    kind,
    metadata: { ...(kind === 'PropagationPolicy' ? { namespace: 'default' } : {}), name: 'p', ...metadata },
    spec: { priority: 0, preemption: 'Never', resourceSelectors: [selector()], ...spec },
  }) as unknown as Policy;

describe('policyRank', () => {
  it.each([
    ['kind alone', {}, 1],
    ['a label selector', { labelSelector: { matchLabels: { app: 'web' } } }, 2],
    ['an empty label selector', { labelSelector: {} }, 2],
    ['the name', { name: 'web' }, 3],
    ['the name, which the labels cannot contradict', { name: 'web', labelSelector: { matchLabels: { app: 'db' } } }, 3],
    ['another name', { name: 'db' }, 0],
    ['other labels', { labelSelector: { matchLabels: { app: 'db' } } }, 0],
    ['labels by what is no operator', { labelSelector: { matchExpressions: [{ key: 'app', operator: 'Is' }] } }, 0],
    ['its namespace', { namespace: 'default' }, 1],
    ['another namespace', { namespace: 'shop' }, 0],
    ['another version', { apiVersion: 'apps/v1beta1' }, 0],
    ['another kind', { kind: 'StatefulSet' }, 0],
  ])('%s', (_what, more, rank) => {
    const one = policy('PropagationPolicy', { resourceSelectors: [selector(more)] });
    expect(policyRank(one, template('web', { app: 'web' }))).toBe(rank);
  });

  it('is that of the closest selector, and nothing outside its namespace', () => {
    const both = policy('PropagationPolicy', { resourceSelectors: [selector(), selector({ name: 'web' })] });
    expect(policyRank(both, template('web'))).toBe(3);
    expect(policyRank(both, template('db'))).toBe(1);
    expect(policyRank(both, template('web', {}, 'shop'))).toBe(0);
    expect(policyRank(policy('ClusterPropagationPolicy'), template('web', {}, 'shop'))).toBe(1);
  });
});

describe('mayPreempt', () => {
  const kinds = fc.constantFrom<Policy['kind']>('PropagationPolicy', 'ClusterPropagationPolicy');
  const anyPolicy = fc
    .record({
      kind: kinds,
      priority: fc.integer({ min: -2, max: 2 }),
      preemption: fc.constantFrom('Always', 'Never'),
      ending: fc.boolean(),
    })
    .map(({ kind, priority, preemption, ending }) =>
      policy(kind, { priority, preemption }, ending ? { deletionTimestamp: 'now' } : {}),
    );

  it('never goes round in a circle: of two policies at most one takes from the other', () => {
    fc.assert(fc.property(anyPolicy, anyPolicy, (a, b) => !(mayPreempt(a, b) && mayPreempt(b, a))));
  });

  it('takes nothing for a policy that does not ask for it, is going, or is cluster-wide against a namespaced one', () => {
    fc.assert(
      fc.property(anyPolicy, anyPolicy, (rival, holder) => {
        if (rival.spec.preemption === 'Never' || rival.metadata.deletionTimestamp) return !mayPreempt(rival, holder);
        if (rival.kind === holder.kind) return mayPreempt(rival, holder) === rival.spec.priority > holder.spec.priority;
        return mayPreempt(rival, holder) === (rival.kind === 'PropagationPolicy');
      }),
    );
  });
});
