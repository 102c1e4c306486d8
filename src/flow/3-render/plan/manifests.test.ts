import { describe, expect, it } from 'vitest';
import type { Cluster } from '#apis/cluster/cluster.ts';
import { builtinKind } from '#apis/kubernetes/kinds.ts';
import type { OverrideSpec } from '#apis/policy/override-spec.ts';
import { type AnyOverridePolicy, rulesFor } from '#apis/policy/overrides/select.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { Interpreter } from '#interpreter/interpreter.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { manifestsFor } from './manifests.ts';

const template = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'default', name: 'web' },
  spec: { replicas: 1, template: { spec: { containers: [{ name: 'web', image: 'nginx:1' }] } } },
} as unknown as UnstructuredObject;
const binding = {
  spec: {
    resource: { kind: 'Deployment' },
    replicas: 6,
    clusters: [
      { name: 'a', replicas: 2 },
      { name: 'b', replicas: 2 },
      { name: 'c', replicas: 2 },
      { name: 'd', replicas: 3 },
    ],
  },
} as unknown as Binding;

const made = (...specs: readonly OverrideSpec[]) => madeOf(specs);

async function madeOf(specs: readonly OverrideSpec[], most = Number.POSITIVE_INFINITY) {
  let revisions = 0;
  let lookups = 0;
  const policies = specs.map(
    (spec, i) => ({ kind: 'ClusterOverridePolicy', metadata: { name: `p${i}` }, spec }) as unknown as AnyOverridePolicy,
  );
  const { rendered, failures } = await manifestsFor(
    {
      interpreter: {
        reviseReplica: async (object: UnstructuredObject, replicas: number) => {
          revisions++;
          if (replicas > most) throw new Error(`no more than ${most}`);
          return { ...object, spec: { ...(object.spec as object), replicas } };
        },
      } as unknown as Interpreter,
      kindOf: () => builtinKind('apps', 'v1', 'Deployment')!,
      overrides: {
        rulesFor: (object) => rulesFor(policies, object),
        clusters: {
          get: (name: string) => {
            lookups++;
            return name === 'd' ? undefined : ({ metadata: { name }, spec: {} } as Cluster);
          },
        } as never,
      },
    },
    binding,
    template,
  );
  return { of: (name: string) => rendered.get(name), failures, revisions, lookups };
}

describe('manifests', () => {
  it('of which one cannot be made are made for the other clusters', async () => {
    const { of, failures } = await madeOf([], 2);
    expect([...failures].map(([cluster, error]) => `${cluster}: ${error.message}`)).toEqual(['d: no more than 2']);
    expect([of('a'), of('d')]).toEqual([expect.objectContaining({ annotations: {} }), undefined]);
  });

  it('without override policies cost no look at clusters, and are one for each number of replicas', async () => {
    const { of, failures, revisions, lookups } = await made();
    expect([revisions, lookups, failures.size]).toEqual([2, 0, 0]);
    expect(of('b')).toBe(of('a'));
    expect(of('d')!.manifest.spec).toMatchObject({ replicas: 3 });
    expect(of('a')!.annotations).toEqual({});
  });

  it('are one for clusters that get the same rules and replicas', async () => {
    const { of, failures, revisions } = await made({
      overrideRules: [
        {
          targetCluster: { clusterNames: ['a', 'b'] },
          overriders: { imageOverrider: [{ component: 'Tag', operator: 'replace', value: '2' }] },
        },
      ],
    });
    expect(revisions).toBe(2);
    expect(of('b')).toBe(of('a'));
    expect(of('a')!.manifest).toHaveProperty('spec.template.spec.containers.0.image', 'nginx:2');
    expect(of('c')!.manifest).toHaveProperty('spec.template.spec.containers.0.image', 'nginx:1');
    expect([...failures].map(([name, { message }]) => [name, message])).toEqual([
      ['d', 'its overrides are not known while the Cluster d is not there'],
    ]);
  });

  it('are missing where a rule fails, and there only', async () => {
    const { of, failures } = await made({
      targetCluster: { clusterNames: ['b', 'c'] },
      overriders: { plaintext: [{ path: '/spec/none', operator: 'remove' }] },
    });
    expect(of('a')).toBeDefined();
    expect([...failures.keys()]).toEqual(['b', 'c', 'd']);
    expect(failures.get('b')).toBe(failures.get('c'));
    expect(failures.get('b')!.message).toMatch(
      /^ClusterOverridePolicy p0: spec\.overriders\.plaintext\[0\]: remove \/spec\/none: /,
    );
  });
});
