import { describe, expect, it } from 'vitest';
import { builtinKind } from '#apis/kubernetes/kinds.ts';
import type { Binding } from '#apis/work/binding.ts';
import { plain } from '#flow/3-render/plan/rendered.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { differences, type Side } from './differ.ts';

const kindOf = (name: string) => builtinKind(name === 'ConfigMap' ? '' : 'apps', 'v1', name)!;
const object = (kind: string, more: object = {}) =>
  ({ apiVersion: 'apps/v1', kind, metadata: { namespace: 'shop', name: 'web' }, ...more }) as UnstructuredObject;
const side = (clusters: readonly string[], spec: object, manifest: UnstructuredObject, failure?: string): Side => ({
  binding: { spec: { resource: {}, clusters: clusters.map((name) => ({ name })), ...spec } } as unknown as Binding,
  manifests: {
    rendered: new Map(failure ? [] : clusters.map((name) => [name, plain(manifest, 'whole')])),
    failures: new Map(failure ? clusters.map((name) => [name, new Error(failure)]) : []),
  },
});
const daemon = object('DaemonSet', { spec: { template: { spec: { containers: [] } } } });
const config = object('ConfigMap', { apiVersion: 'v1', data: { key: 'old' } });

describe('the differences', () => {
  it.each<[string, UnstructuredObject, Side, Side, readonly object[]]>([
    ['where nothing changes', config, side(['a'], {}, config), side(['a'], {}, config), []],
    [
      'of a DaemonSet that leaves',
      daemon,
      side(['a'], {}, daemon),
      side([], {}, daemon),
      [{ is: 'leaves', stops: true }],
    ],
    ['of what runs nothing', config, side(['a'], {}, config), side([], {}, config), [{ is: 'leaves' }]],
    [
      'of what is preserved',
      daemon,
      side(['a'], {}, daemon),
      side([], { preserveResourcesOnDeletion: true }, daemon),
      [{ is: 'leaves', notes: ['the object stays there, no longer managed'] }],
    ],
    [
      'of a value',
      config,
      side(['a'], {}, config),
      side(['a'], {}, { ...config, data: { key: 'new' } }),
      [{ is: 'changes', fields: ['.data.key'] }],
    ],
    [
      'under suspension',
      config,
      side([], {}, config),
      side(['a'], { suspension: { dispatchingOnClusters: { clusterNames: ['a'] } } }, config),
      [{ is: 'comes', notes: ['dispatching is suspended: nothing is written until it is resumed'] }],
    ],
    [
      'of what cannot be rendered',
      config,
      side(['a'], {}, config),
      side(['a'], {}, config, 'no such path'),
      [{ is: 'changes', notes: ['it cannot be rendered, and stays as it is: no such path'] }],
    ],
  ])('%s are told', (_what, template, before, after, expected) => {
    const found = differences({ template, kind: kindOf(template.kind), before, after });
    expect(found).toEqual(expected.map((each) => ({ cluster: 'a', ...each })));
  });
});
