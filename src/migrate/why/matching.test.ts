import { describe, expect, it } from 'vitest';
import type { Policy } from '#apis/policy/matching.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { matchPolicies } from './matching.ts';
import { nearMiss } from './near-miss.ts';

const template: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'shop', name: 'web', labels: { app: 'web' } },
};
const selecting = (selector: object, more: object = {}, metadata: object = {}): Policy =>
  ({
    kind: 'PropagationPolicy',
    metadata: {
      namespace: 'shop',
      name: 'p',
      labels: { 'propagationpolicy.karmada.io/permanent-id': 'p' },
      ...metadata,
    },
    spec: {
      priority: 0,
      preemption: 'Never',
      resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment', ...selector }],
      ...more,
    },
  }) as unknown as Policy;
const wide = (selector: object, more: object = {}): Policy =>
  ({ ...selecting(selector, more), kind: 'ClusterPropagationPolicy', metadata: { name: 'c' } }) as Policy;

describe('a near miss', () => {
  it.each<[string, Policy, string | undefined]>([
    [
      'another namespace',
      selecting({}, {}, { namespace: 'blog' }),
      'it is in namespace blog, and a PropagationPolicy is for its own namespace alone',
    ],
    ['a selector for another', wide({ namespace: 'blog' }), 'its selector is for namespace blog, not shop'],
    ['another kind', selecting({ kind: 'StatefulSet', name: 'web' }), 'it selects kind StatefulSet, not Deployment'],
    ['a kind with a small letter', selecting({ kind: 'deployment' }), 'it selects kind deployment, not Deployment'],
    ['another version', selecting({ apiVersion: 'apps/v1beta1' }), 'it selects apiVersion apps/v1beta1, not apps/v1'],
    ['a letter of the name', selecting({ name: 'wbe' }), 'it selects "wbe", not "web"'],
    [
      'a label',
      selecting({ labelSelector: { matchLabels: { app: 'web', tier: 'front' } } }),
      'the label tier=front is lacking',
    ],
    [
      'an expression',
      selecting({ labelSelector: { matchExpressions: [{ key: 'tier', operator: 'Exists' }] } }),
      'its matchExpressions do not match the labels',
    ],
    ['none: another name', selecting({ name: 'database' }), undefined],
    ['none: two things at once', selecting({ name: 'wbe' }, {}, { namespace: 'blog' }), undefined],
    ['none: it matches', selecting({}), undefined],
  ])('is %s', (_what, policy, why) => {
    expect(nearMiss(policy, template)?.why).toBe(why);
  });
});

describe('the policy of a template', () => {
  const claimed = {
    ...template,
    metadata: {
      ...template.metadata,
      labels: { 'propagationpolicy.karmada.io/permanent-id': 'p' },
      annotations: { 'propagationpolicy.karmada.io/namespace': 'shop', 'propagationpolicy.karmada.io/name': 'p' },
    },
  };
  const other = (selector: object, more: object = {}) =>
    selecting(selector, more, { name: 'q', labels: { 'propagationpolicy.karmada.io/permanent-id': 'q' } });

  it.each<[string, KubeObject, readonly Policy[], string, readonly string[]]>([
    [
      'alone',
      template,
      [selecting({ name: 'web' })],
      'PropagationPolicy shop/p: it selects it by its name, and no other policy matches',
      [],
    ],
    [
      'by priority',
      template,
      [selecting({}, { priority: 5 }), other({ name: 'web' })],
      'PropagationPolicy shop/p: it selects it by its kind, with the highest priority (5)',
      ['PropagationPolicy shop/q: its priority 0 is lower than 5'],
    ],
    [
      'by closeness',
      template,
      [selecting({ name: 'web' }), other({})],
      'PropagationPolicy shop/p: it selects it by its name',
      ['PropagationPolicy shop/q: it selects by its kind, and PropagationPolicy shop/p by its name'],
    ],
    [
      'by name',
      template,
      [other({}), selecting({})],
      'PropagationPolicy shop/p: it selects it by its kind',
      ['PropagationPolicy shop/q: all else being equal, "p" comes before "q"'],
    ],
    [
      'before cluster-wide ones',
      template,
      [wide({ name: 'web' }), selecting({})],
      'PropagationPolicy shop/p: it selects it by its kind',
      ['ClusterPropagationPolicy c: a PropagationPolicy goes before every ClusterPropagationPolicy'],
    ],
    [
      'by its claim',
      claimed,
      [selecting({}), other({}, { priority: 9 })],
      'PropagationPolicy shop/p: it selects it by its kind',
      [
        'PropagationPolicy shop/q: a claim is kept: PropagationPolicy shop/p had it first, and spec.preemption of this one is Never',
      ],
    ],
    [
      'by preemption',
      claimed,
      [selecting({}), other({}, { priority: 9, preemption: 'Always' })],
      'PropagationPolicy shop/q: it selects it by its kind, with the highest priority (9)',
      ['PropagationPolicy shop/p: its priority 0 is lower than 9'],
    ],
  ])('has it %s', (_how, object, policies, text, others) => {
    const { step } = matchPolicies(object, policies, [], []);
    expect([step.text, (step.below ?? []).map((each) => each.text)]).toEqual([text, others]);
  });

  it('is none for what others bring along, and that blocks nothing', () => {
    const { step } = matchPolicies(template, [], [], [{ name: 'web', brings: ['member1'] }]);
    expect([step.is, step.block]).toEqual(['note', undefined]);
  });
});
