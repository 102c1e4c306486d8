import { describe, expect, it } from 'vitest';
import { bindingReferenceKey } from '#apis/names/objects.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { Dependency } from '#interpreter/interpreter.ts';
import { needFor, needIndex, needKeysFor, parseTargetKey, targetKey, versionsFor } from './needed.ts';
import { dependenciesText, needsOf, withNeeds, withoutNeeds } from './record.ts';
import { dependencyWords } from './words.ts';

const selector = { matchLabels: { 'kubernetes.io/service-name': 'derived-web' } };
const byName: Dependency = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'settings' };
const bySelector: Dependency = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  namespace: 'default',
  labelSelector: selector,
};

const binding: Binding = {
  apiVersion: 'work.karmada.io/v1alpha2',
  kind: 'ResourceBinding',
  metadata: { namespace: 'default', name: 'web-deployment', finalizers: ['other'] },
  spec: { propagateDeps: true, resource: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
} as unknown as Binding;

describe('dependencies', () => {
  it.each<[readonly Dependency[], string, string]>([
    [[], 'null', '[]'],
    [
      [{ name: 'settings', kind: 'ConfigMap', namespace: 'default', apiVersion: 'v1' }],
      '[{"apiVersion":"v1","kind":"ConfigMap","namespace":"default","name":"settings"}]',
      '[{APIVersion:v1 Kind:ConfigMap Namespace:default Name:settings LabelSelector:nil}]',
    ],
    [
      [bySelector, { apiVersion: 'v1', kind: 'Node', name: 'n' }],
      '[{"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","namespace":"default","labelSelector":{"matchLabels":{"kubernetes.io/service-name":"derived-web"}}},{"apiVersion":"v1","kind":"Node","name":"n"}]',
      '[{APIVersion:discovery.k8s.io/v1 Kind:EndpointSlice Namespace:default Name: LabelSelector:&LabelSelector{MatchLabels:map[string]string{kubernetes.io/service-name: derived-web,},MatchExpressions:[]LabelSelectorRequirement{},}} {APIVersion:v1 Kind:Node Namespace: Name:n LabelSelector:nil}]',
    ],
  ])('are written as Go writes them', (dependencies, text, words) => {
    expect(dependenciesText(dependencies)).toBe(text);
    expect(dependencyWords(dependencies)).toBe(words);
  });

  it('are recorded once, and taken off without a trace', () => {
    const recorded = withNeeds(binding, { dependencies: [byName] });
    expect(recorded.metadata.finalizers).toEqual(['other', 'karmada.io/binding-dependencies-distributor']);
    expect(needsOf(recorded)).toEqual([byName]);
    expect(withNeeds(recorded, { dependencies: [byName] })).toBe(recorded);
    expect(withoutNeeds(recorded).metadata).toEqual({ ...binding.metadata, annotations: {} });
    expect(withoutNeeds(binding)).toBe(binding);
  });

  it.each([
    'no JSON',
    '{}',
    '[1]',
    '[null]',
    '[{"apiVersion":"v1"}]',
    '[{"apiVersion":"v1","kind":"Secret","labelSelector":{"matchExpressions":[{"key":"a","operator":"Like"}]}}]',
    '[{"apiVersion":"v1","kind":"Secret","labelSelector":{"matchExpressions":1}}]',
    '[{"apiVersion":"v1","kind":"Secret","labelSelector":null}]',
  ])('are none where somebody wrote %s', (text) => {
    const annotations = { 'resourcebinding.karmada.io/dependencies': text };
    expect(needsOf({ ...binding, metadata: { ...binding.metadata, annotations } } as Binding)).toEqual([]);
  });

  it.each<[string, Partial<Binding>]>([
    ['of a binding that is going', { metadata: { ...binding.metadata, deletionTimestamp: 'now' } }],
    ['of one that propagates none', { spec: { ...binding.spec, propagateDeps: false } }],
    ['of a cluster-wide one', { kind: 'ClusterResourceBinding' }],
  ])('are none %s', (_what, change) => {
    const recorded = withNeeds({ ...binding, ...change } as Binding, { dependencies: [byName] });
    expect(needsOf(recorded)).toEqual([]);
  });

  it('meet their objects by name, or by a selector', () => {
    const recorded = withNeeds(binding, { dependencies: [byName, bySelector] });
    expect(needIndex(recorded)).toEqual(['/ConfigMap|default/settings', 'discovery.k8s.io/EndpointSlice|default/*']);
    const slice = { group: 'discovery.k8s.io', kind: 'EndpointSlice', namespace: 'default', name: 'x' };
    expect(needKeysFor(slice)).toContain('discovery.k8s.io/EndpointSlice|default/*');
    expect(versionsFor(recorded, slice)).toEqual(['discovery.k8s.io/v1']);
    expect(needFor(recorded, slice, selector.matchLabels)).toEqual(bySelector);
    expect(needFor(recorded, slice, {})).toBeUndefined();
    expect(needFor(recorded, slice, undefined)).toBeUndefined();
    const settings = { group: '', kind: 'ConfigMap', namespace: 'default', name: 'settings' };
    expect(needFor(recorded, settings, undefined)).toEqual(byName);
    expect(needFor(recorded, { ...settings, name: 'other' }, {})).toBeUndefined();
  });

  it.each([
    { group: 'apps', kind: 'Deployment', namespace: 'default', name: 'web' },
    { group: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:a|b' },
  ])('are found by a key that says which object it is', (target) => {
    expect(parseTargetKey(targetKey(target))).toEqual(target);
  });

  it('name whoever needs them by the reference’s key', () => {
    expect(bindingReferenceKey('test', 'test-binding')).toBe('5dbb6dc9c8');
  });
});
