/** Which bindings a change of an override policy or of a cluster wakes, and what that costs. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { OverrideSpec } from '#apis/policy/override-spec.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { Change, Indexer, Informer, InformerFactory } from '#client/informer/informer.ts';
import type { TemplateReader } from '#client/template-reader.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { type OverrideStore, overrideStore, wakeOverridden } from './overrides.ts';

interface Held extends Informer<KubeObject> {
  readonly put: (object: KubeObject) => void;
  readonly remove: (object: KubeObject) => void;
}

function held(): Held {
  const objects = new Map<string, KubeObject>();
  let indexer: Indexer<KubeObject> = () => [];
  const handlers: ((change: Change<KubeObject>) => void)[] = [];
  const tell = (change: Change<KubeObject>) => {
    for (const handler of handlers) handler(change);
  };
  return {
    list: (namespace?: string) =>
      [...objects.values()].filter((each) => !namespace || each.metadata.namespace === namespace),
    get: (key: string) => objects.get(key),
    addIndex: (_name: string, given: Indexer<KubeObject>) => {
      indexer = given;
    },
    byIndex: (_name: string, value: string) => [...objects.values()].filter((each) => indexer(each).includes(value)),
    onChange: (handler: (change: Change<KubeObject>) => void) => handlers.push(handler),
    put: (object: KubeObject) => {
      const old = objects.get(keyOf(object));
      objects.set(keyOf(object), object);
      tell(old ? { type: 'updated', object, old, initial: false } : { type: 'added', object, initial: false });
    },
    remove: (object: KubeObject) => {
      objects.delete(keyOf(object));
      tell({ type: 'deleted', object, initial: false });
    },
  } as unknown as Held;
}

const policy = (kind: string, spec: OverrideSpec, generation = 1): KubeObject =>
  ({
    kind,
    metadata: { ...(kind === 'OverridePolicy' ? { namespace: 'default' } : {}), name: 'p', generation },
    spec,
  }) as unknown as KubeObject;
const op = (spec: OverrideSpec, generation?: number) => policy('OverridePolicy', spec, generation);
const cop = (spec: OverrideSpec, generation?: number) => policy('ClusterOverridePolicy', spec, generation);
const deployments = (more: object = {}) => ({ apiVersion: 'apps/v1', kind: 'Deployment', ...more });
const binding = (namespace: string, name: string, kind = 'Deployment', clusters: readonly string[] = ['member1']) =>
  ({
    metadata: { namespace, name },
    spec: {
      resource: { apiVersion: kind === 'Deployment' ? 'apps/v1' : 'v1', kind, namespace, name },
      clusters: clusters.map((each) => ({ name: each })),
    },
  }) as unknown as Binding;
const cluster = (name: string, labels: object = {}, status: object = {}): KubeObject =>
  ({ metadata: { name, labels }, spec: {}, status }) as unknown as KubeObject;

let informers: Readonly<Record<string, Held>>;
let store: OverrideStore;
let woken: string[];
let lookups: number;

beforeEach(() => {
  informers = Object.fromEntries(
    ['ClusterOverridePolicy', 'OverridePolicy', 'Cluster', 'bindings'].map((kind) => [kind, held()]),
  );
  store = overrideStore({ informer: ({ kind }: { kind: string }) => informers[kind] } as unknown as InformerFactory);
  woken = [];
  lookups = 0;
  const labelsOf: Readonly<Record<string, object>> = { labelled: { team: 'a' }, other: {} };
  const get = ({ namespace, name }: { readonly namespace?: string; readonly name: string }) => {
    lookups++;
    return labelsOf[name] && { ...deployments(), metadata: { namespace, name, labels: labelsOf[name] } };
  };
  wakeOverridden({
    store,
    bindings: informers.bindings as unknown as Informer<Binding>,
    templates: { find: async () => ({ get }) } as unknown as TemplateReader,
    clock: simulatedClock(),
    enqueue: (key) => woken.push(key),
  });
  for (const each of [
    binding('default', 'labelled'),
    binding('default', 'other', 'Deployment', ['member1', 'member2']),
    binding('default', 'unknown'),
    binding('default', 'service', 'Service'),
    binding('shop', 'other'),
  ]) {
    informers.bindings!.put(each as unknown as KubeObject);
  }
});

/** What a change wakes: the pass is over after as many turns as it looks at templates. */
async function wakes(change: () => void): Promise<readonly string[]> {
  woken = [];
  change();
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
  return woken.toSorted();
}
const put = (object: KubeObject & { readonly kind?: string }, kind = object.kind!) =>
  wakes(() => informers[kind]!.put(object));

describe('a change of a policy', () => {
  it.each<[string, KubeObject, readonly string[]]>([
    ['of all in a namespace', op({}), ['default/labelled', 'default/other', 'default/service', 'default/unknown']],
    ['of all', cop({}), ['default/labelled', 'default/other', 'default/service', 'default/unknown', 'shop/other']],
    ['of a kind', op({ resourceSelectors: [deployments()] }), ['default/labelled', 'default/other', 'default/unknown']],
    ['of a name', cop({ resourceSelectors: [deployments({ name: 'other' })] }), ['default/other', 'shop/other']],
    [
      'of a name in a namespace',
      cop({ resourceSelectors: [deployments({ name: 'other', namespace: 'shop' })] }),
      ['shop/other'],
    ],
    ['of another version', cop({ resourceSelectors: [deployments({ apiVersion: 'apps/v1beta1' })] }), []],
  ])('%s wakes what it selects, without a look at templates', async (_what, object, expected) => {
    expect(await put(object)).toEqual(expected);
    expect(lookups).toBe(0);
    expect(await wakes(() => informers[object.kind]!.remove(object))).toEqual(expected);
  });

  it('of labels looks at the templates of the kind, and wakes what it cannot know', async () => {
    const labelSelector = { matchLabels: { team: 'a' } };
    expect(await put(op({ resourceSelectors: [deployments({ labelSelector })] }))).toEqual([
      'default/labelled',
      'default/unknown',
    ]);
    expect(lookups).toBe(3);
  });

  it('wakes what it selected before, too, each once; what changes no spec wakes nothing', async () => {
    const before = op({ resourceSelectors: [deployments({ name: 'labelled' })] });
    await put(before);
    const both = [deployments({ name: 'other' }), deployments({ name: 'labelled' })];
    expect(await put(op({ resourceSelectors: both.slice(0, 1) }, 2))).toEqual(['default/labelled', 'default/other']);
    expect(await put(op({ resourceSelectors: both }, 3))).toEqual(['default/labelled', 'default/other']);
    expect(await put(op({ resourceSelectors: [] }, 3))).toEqual([]);
  });
});

describe('a change of a cluster', () => {
  it('wakes the bindings in it whose rules are others now', async () => {
    const targetCluster = { labelSelector: { matchLabels: { tier: 'edge' } } };
    await put(cop({ resourceSelectors: [deployments()], overrideRules: [{ overriders: {}, targetCluster }] }));
    await put(cluster('member2'), 'Cluster');
    expect(await put(cluster('member2', { tier: 'edge' }), 'Cluster')).toEqual(['default/other']);
    expect(await put(cluster('member2', { tier: 'edge', more: 'x' }), 'Cluster')).toEqual([]);
    expect(await put(cluster('member2', { tier: 'edge', more: 'x' }, { ready: true }), 'Cluster')).toEqual([]);
    expect(await put(cluster('member2'), 'Cluster')).toEqual(['default/other']);
  });
});

it('rules are found by kind, and in order', async () => {
  await put(op({ resourceSelectors: [deployments(), deployments({ name: 'other' })] }));
  await put(cop({ overrideRules: [{ overriders: {} }, { overriders: {} }] }));
  const found = (kind: string, namespace?: string) =>
    store
      .rulesFor({ apiVersion: 'apps/v1', kind, metadata: { ...(namespace ? { namespace } : {}), name: 'other' } })
      .map(({ policy: { kind: of } }) => of);
  expect(found('Deployment', 'default')).toEqual(['ClusterOverridePolicy', 'ClusterOverridePolicy', 'OverridePolicy']);
  expect(found('Deployment', 'shop')).toEqual(['ClusterOverridePolicy', 'ClusterOverridePolicy']);
  expect(found('StatefulSet')).toEqual(['ClusterOverridePolicy', 'ClusterOverridePolicy']);
});
