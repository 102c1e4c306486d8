import { describe, expect, it } from 'vitest';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import { kindRegistry } from './registry.ts';
import { fromStorage, servedKind, toStorage } from './served.ts';
import { pathSegmentName, traitsOf } from './traits.ts';
import { compareVersions } from './versions.ts';

describe('versions', () => {
  it('are ordered as kube-apiserver prefers them', () => {
    const versions = [
      'foo10',
      'v1alpha2',
      'v1',
      'v11beta2',
      'foo1',
      'v10',
      'v3beta1',
      'v12alpha1',
      'v11alpha2',
      'v2',
      'v10beta3',
      'v1beta1',
    ];
    expect(versions.sort(compareVersions)).toEqual([
      'v10',
      'v2',
      'v1',
      'v11beta2',
      'v10beta3',
      'v3beta1',
      'v1beta1',
      'v12alpha1',
      'v11alpha2',
      'v1alpha2',
      'foo1',
      'foo10',
    ]);
  });
});

describe('traits', () => {
  it('differ between custom and built-in kinds', () => {
    expect(traitsOf('configmaps', false).unconditionalUpdate).toBe(true);
    expect(traitsOf('example.com/widgets', true).unconditionalUpdate).toBe(false);
    expect(traitsOf('pods', false)).toMatchObject({ graceful: true, returnsDeleted: true });
    expect(traitsOf('rbac.authorization.k8s.io/roles', false).validateName('system:node')).toEqual([]);
    expect(pathSegmentName('a/b')).toEqual(["may not contain '/'"]);
    expect(pathSegmentName('..')).toEqual(["may not be '..'"]);
  });
});

describe('the registry of kinds', () => {
  const work = {
    ...builtinKinds()[0]!,
    group: 'work.karmada.io',
    resource: 'bindings',
    kind: 'Binding',
    native: undefined,
  };
  const kinds = () =>
    kindRegistry([
      { ...work, version: 'v1alpha1' },
      { ...work, version: 'v1alpha2' },
    ]);

  it('stores the highest version and renames the others', () => {
    const registry = kinds();
    const [high, low] = registry.versionsOf('work.karmada.io', 'bindings');
    expect([high?.definition.version, low?.definition.version]).toEqual(['v1alpha2', 'v1alpha1']);
    const sent = { apiVersion: 'work.karmada.io/v1alpha1', kind: 'Binding', metadata: {} };
    const stored = toStorage(low!, sent);
    expect(stored.apiVersion).toBe('work.karmada.io/v1alpha2');
    expect(toStorage(high!, stored)).toBe(stored);
    expect(fromStorage(low!, stored)).toEqual(sent);
    expect(fromStorage(low!, stored)).toBe(fromStorage(low!, stored));
  });

  it('finds by resource and by kind, and tells of changes', () => {
    const registry = kinds();
    expect(registry.byKind('work.karmada.io', 'v1alpha1', 'Binding')).toBe(
      registry.find('work.karmada.io', 'v1alpha1', 'bindings'),
    );
    expect(registry.definitions()).toHaveLength(2);
    let told = 0;
    const stop = registry.onChange(() => told++);
    registry.register('work.karmada.io', 'bindings', [servedKind({ ...work, version: 'v1' })]);
    expect(registry.definitions().map(({ version }) => version)).toEqual(['v1']);
    registry.unregister('work.karmada.io', 'bindings');
    expect(registry.find('work.karmada.io', 'v1', 'bindings')).toBeUndefined();
    stop();
    registry.register('work.karmada.io', 'bindings', []);
    expect(told).toBe(2);
  });
});
