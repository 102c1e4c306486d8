/** What objects of a plan need and what belongs to them, and what they would be without. */
import { describe, expect, it } from 'vitest';
import { closureViewOf } from '#interpreter/closure/view.ts';
import type { Dependency } from '#interpreter/interpreter.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { type Held, type LackInput, lacksOf, type Standing } from './lacks.ts';
import { keyOfNamed, keyOfObject, type Named } from './named.ts';
import { referencesOf } from './references.ts';
import { relationsOf } from './related.ts';

const object = (apiVersion: string, kind: string, name: string, more: object = {}): UnstructuredObject =>
  ({ apiVersion, kind, metadata: { namespace: 'shop', name }, ...more }) as UnstructuredObject;
const pods = (more: object = {}) => ({
  template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web' }], ...more } },
});
const web = object('apps/v1', 'Deployment', 'web', { spec: pods() });

describe('references', () => {
  it.each<[string, UnstructuredObject, readonly string[]]>([
    ['nothing', web, []],
    [
      'the classes of Pods',
      object('apps/v1', 'DaemonSet', 'web', { spec: pods({ priorityClassName: 'high', runtimeClassName: 'gvisor' }) }),
      ['PriorityClass high', 'RuntimeClass gvisor'],
    ],
    [
      'those of a CronJob',
      object('batch/v1', 'CronJob', 'web', { spec: { jobTemplate: { spec: pods({ priorityClassName: 'low' }) } } }),
      ['PriorityClass low'],
    ],
    [
      'what a StatefulSet stands on',
      object('apps/v1', 'StatefulSet', 'db', {
        spec: {
          ...pods(),
          serviceName: 'db',
          volumeClaimTemplates: [{ spec: { storageClassName: 'fast' } }, { spec: {} }],
        },
      }),
      ['Service db', 'StorageClass fast'],
    ],
    [
      'a claim’s storage',
      object('v1', 'PersistentVolumeClaim', 'files', { spec: { storageClassName: 'slow' } }),
      ['StorageClass slow'],
    ],
    [
      'an Ingress’s class and Services',
      object('networking.k8s.io/v1', 'Ingress', 'web', {
        spec: {
          ingressClassName: 'nginx',
          defaultBackend: { service: { name: 'main' } },
          rules: [{ http: { paths: [{ backend: { service: { name: 'api' } } }, { backend: { resource: {} } }] } }, {}],
        },
      }),
      ['IngressClass nginx', 'Service main', 'Service api'],
    ],
    [
      'what is scaled',
      object('autoscaling/v2', 'HorizontalPodAutoscaler', 'web', {
        spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
      }),
      ['Deployment web'],
    ],
    [
      'a right and who has it',
      object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'web', {
        roleRef: { kind: 'ClusterRole', name: 'view' },
        subjects: [
          { kind: 'ServiceAccount', name: 'web' },
          { kind: 'User', name: 'ann' },
        ],
      }),
      ['ClusterRole view', 'ServiceAccount web'],
    ],
  ])('of %s', (_what, from, expected) => {
    expect(referencesOf(from).map(({ kind, name }) => `${kind} ${name}`)).toEqual(expected);
  });
});

const settings: Dependency = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'settings' };
const service = object('v1', 'Service', 'web', { spec: { selector: { app: 'web' } } });
const config = object('v1', 'ConfigMap', 'settings');

function relations(
  root: UnstructuredObject,
  dependencies: readonly Dependency[],
  known: readonly UnstructuredObject[],
) {
  const byKey = new Map(known.map((each) => [keyOfObject(each), each]));
  return relationsOf(root, dependencies, { view: closureViewOf(known), find: (named) => byKey.get(keyOfNamed(named)) });
}

it('relations are what belongs to it and what it names, there or not', () => {
  const rooted = object('apps/v1', 'Deployment', 'web', { spec: pods({ priorityClassName: 'high' }) });
  const { related } = relations(rooted, [settings], [rooted, service]);
  expect(related.map(({ kind, name, because, live }) => [kind, name, because, live !== undefined])).toEqual([
    ['Service', 'web', 'selects Pods of Deployment shop/web', true],
    ['ConfigMap', 'settings', 'is used by Deployment shop/web', false],
    ['PriorityClass', 'high', 'is the priority of Pods of Deployment shop/web', false],
  ]);
});

it('what Pods can do without is no lack where it is nowhere', () => {
  const mention = (optional: boolean) => ({ configMapRef: { name: 'settings', optional } });
  const key = (optional: boolean) => ({
    name: 'KEY',
    valueFrom: { configMapKeyRef: { name: 'settings', key: 'k', optional } },
  });
  const volume = (optional: boolean) => ({ name: 'v', configMap: { name: 'settings', optional } });
  const without = (containers: readonly object[], volumes: readonly object[] = []) => {
    const root = object('apps/v1', 'Deployment', 'web', { spec: pods({ containers, volumes }) });
    const { related } = relations(root, [settings], [root]);
    return lacks(root, { known: [], more: { related } }).map(({ name }) => name);
  };
  expect(without([{ name: 'web', envFrom: [mention(true)], env: [key(true)] }], [volume(true)])).toEqual([]);
  expect(without([{ name: 'web', envFrom: [mention(true)], env: [key(false)] }])).toEqual(['settings']);
  expect(without([{ name: 'web', env: [key(true)] }], [volume(false)])).toEqual(['settings']);
});

interface World {
  readonly known?: readonly UnstructuredObject[];
  readonly standings?: Readonly<Record<string, Standing>>;
  readonly held?: Held;
  /** In member2; `unknown` where it could not be read. */
  readonly there?: readonly string[] | 'unknown';
  readonly more?: Partial<LackInput>;
}
const both = ['member1', 'member2'];
const configKey = keyOfObject(config);

function lacks(root: UnstructuredObject, { known = [config], standings = {}, held, there = [], more }: World) {
  return lacksOf({
    object: root,
    related: relations(root, root === web ? [settings] : [], [root, ...known]).related,
    clusters: both,
    from: 'member1',
    standingOf: (key) => standings[key],
    heldOf: (named: Named) => (named.kind === 'ConfigMap' ? held : undefined),
    isIn: (_cluster, named) => (there === 'unknown' ? undefined : there.includes(named.name)),
    serves: () => true,
    namespaceOf: () => undefined,
    ...more,
  });
}

const held = (clusters: readonly string[], aborts = false): Held => ({
  clusters,
  aborts,
  policy: 'PropagationPolicy shop/all',
});
const apart = (name: string, is: string, more: object = {}) => ({ name, is, ...more });

describe('lacks', () => {
  it.each<[string, World, readonly object[]]>([
    ['what is nowhere', { known: [] }, [apart('settings', 'missing', { clusters: both })]],
    ['what was not asked for', {}, [apart('settings', 'left-out', { clusters: ['member2'] })]],
    ['what was not asked for and is there', { there: ['settings'] }, [{ name: 'settings', is: 'left-out' }]],
    ['nothing that the plan has', { standings: { [configKey]: { is: 'taken', clusters: both } } }, []],
    [
      'what stays where it is',
      { standings: { [configKey]: { is: 'taken', clusters: ['member1'] } } },
      [apart('settings', 'elsewhere', { clusters: ['member2'] })],
    ],
    [
      'what cannot be taken over',
      { standings: { [configKey]: { is: 'refused', why: 'so' } } },
      [apart('settings', 'refused', { clusters: ['member2'], why: 'so' })],
    ],
    [
      'what another policy keeps away',
      { held: held(['member1']) },
      [apart('settings', 'held', { clusters: ['member2'], why: 'PropagationPolicy shop/all' })],
    ],
    ['nothing that another policy brings', { held: held(both) }, []],
    [
      'what another policy does not take over',
      { held: held(both, true) },
      [{ name: 'settings', is: 'held', why: 'PropagationPolicy shop/all' }],
    ],
    ['nothing that cannot be told', { there: 'unknown', standings: { [configKey]: { is: 'refused', why: 'so' } } }, []],
    [
      'what the cluster makes for itself',
      {
        known: [
          {
            ...config,
            metadata: { ...config.metadata, ownerReferences: [{ kind: 'X', name: 'y', controller: true }] },
          } as never,
        ],
      },
      [apart('settings', 'left-out', { clusters: ['member2'], why: 'owned by X y' })],
    ],
  ])('%s', (_what, world, expected) => {
    expect(lacks(web, world)).toEqual(expected.map((each) => expect.objectContaining(each)));
    for (const lack of lacks(web, world))
      if (!expected.some((each) => 'clusters' in each)) expect(lack.clusters).toBeUndefined();
  });

  it('a kind, a namespace and a definition', () => {
    const root = object('v1', 'ConfigMap', 'a');
    expect(lacks(root, { more: { serves: () => false } })).toMatchObject([{ is: 'not-served', clusters: ['member2'] }]);
    const place = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'shop', labels: { 'namespace.karmada.io/skip-auto-propagation': 'true' } },
    };
    expect(lacks(root, { more: { namespaceOf: () => place } })).toMatchObject([
      { kind: 'Namespace', is: 'held', clusters: ['member2'] },
    ]);
    const definition = {
      ...object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'widgets.example.com'),
      metadata: { name: 'widgets.example.com' },
      spec: { group: 'example.com', names: { kind: 'Widget' } },
    };
    const widget = object('example.com/v1', 'Widget', 'a');
    expect(lacks(widget, { known: [definition], more: { serves: () => false } })).toMatchObject([
      { kind: 'CustomResourceDefinition', is: 'left-out', clusters: ['member2'] },
    ]);
  });
});
