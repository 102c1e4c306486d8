/** What `promote` makes of objects, as values. */
import { expect, test } from 'vitest';
import { builtinKind } from '#apis/kubernetes/kinds.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { changesIn } from '../changes/changes.ts';
import { promotedPolicy } from './policy.ts';
import { whyNotPromoted } from './promotion.ts';
import { promotedTemplate } from './template.ts';

const object = (apiVersion: string, kind: string, metadata: object, fields: object = {}): UnstructuredObject =>
  ({ apiVersion, kind, metadata: { namespace: 'shop', name: 'web', ...metadata }, ...fields }) as UnstructuredObject;
const overwrite = { 'work.karmada.io/conflict-resolution': 'overwrite' };
const place = { namespace: 'shop', name: 'web' };

test.each<[string, UnstructuredObject, object]>([
  [
    'a Deployment without what its cluster wrote',
    object(
      'apps/v1',
      'Deployment',
      {
        uid: 'x',
        resourceVersion: '7',
        generation: 2,
        managedFields: [],
        creationTimestamp: 'now',
        annotations: { 'deployment.kubernetes.io/revision': '3', mine: 'yes' },
      },
      { spec: { replicas: 2, template: { spec: { affinity: {} } } }, status: { replicas: 2 } },
    ),
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...place, annotations: { mine: 'yes', ...overwrite } },
      spec: { replicas: 2, template: { spec: { affinity: {} } } },
    },
  ],
  [
    'a Job with the time it is kept, without what is generated for each cluster',
    object(
      'batch/v1',
      'Job',
      {},
      {
        spec: {
          ttlSecondsAfterFinished: 0,
          selector: { matchLabels: { 'controller-uid': 'x' } },
          template: { metadata: { labels: { 'job-name': 'web', app: 'web' } }, spec: {} },
        },
      },
    ),
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { ...place, annotations: overwrite },
      spec: { ttlSecondsAfterFinished: 0, template: { metadata: { labels: { app: 'web' } }, spec: {} } },
    },
  ],
  [
    'what it says itself of conflicts',
    object(
      'v1',
      'ConfigMap',
      { annotations: { 'work.karmada.io/conflict-resolution': 'abort' } },
      { data: { a: 'b' } },
    ),
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { ...place, annotations: { 'work.karmada.io/conflict-resolution': 'abort' } },
      data: { a: 'b' },
    },
  ],
])('the template keeps %s', (_, live, template) => expect(promotedTemplate(live)).toEqual(template));

const deployment = object('apps/v1', 'Deployment', {});

test.each([
  ['', 'nothing', {}, { namespace: 'shop', name: expect.stringMatching(/^web-[a-z2-9]+$/) }],
  ['mine', 'dependencies', { propagateDeps: true }, { namespace: 'shop', name: 'mine' }],
  [
    'mine',
    'closure',
    { propagateDeps: true },
    { namespace: 'shop', name: 'mine', annotations: { 'policy.flotilla.io/propagate-closure': 'true' } },
  ],
] as const)('the policy %j, along with it: %s', (policyName, along, more, metadata) =>
  expect(promotedPolicy({ template: deployment, cluster: 'member1', policyName, along })).toEqual({
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'PropagationPolicy',
    metadata,
    spec: {
      conflictResolution: 'Overwrite',
      placement: { clusterAffinity: { clusterNames: ['member1'] } },
      preserveResourcesOnDeletion: true,
      resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }],
      ...more,
    },
  }),
);

test('what has no namespace gets a ClusterPropagationPolicy, its name good for one', () => {
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'Shop:Reader' } };
  const { kind, metadata } = promotedPolicy({ template: role, cluster: 'm', policyName: '', along: 'nothing' });
  expect([kind, metadata.namespace, metadata.name]).toEqual([
    'ClusterPropagationPolicy',
    undefined,
    expect.stringMatching(/^shop\.reader-[a-z2-9]+$/),
  ]);
});

const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'x', controller: true };

test.each<[string, UnstructuredObject, string | undefined]>([
  ['anybody’s', deployment, undefined],
  [
    'a controller’s',
    object('v1', 'Pod', { ownerReferences: [owner] }),
    'ReplicaSet web-1 owns it and makes it anew: promote that',
  ],
  ['on its way out', object('v1', 'Pod', { deletionTimestamp: 'now' }), 'it is being deleted'],
  [
    'of another control plane',
    object('v1', 'Pod', { labels: { 'karmada.io/managed': 'true' } }),
    'it has the label karmada.io/managed=true: another control plane has it; take the label away where none does',
  ],
  [
    'a system’s',
    object('apps/v1', 'Deployment', { namespace: 'kube-system', name: 'coredns' }),
    "it is the cluster's own, which no policy propagates",
  ],
  [
    'a token that somebody asked for',
    object('v1', 'Secret', {}, { type: 'kubernetes.io/service-account-token' }),
    undefined,
  ],
])('promoted or not: %s', (_, live, why) => expect(whyNotPromoted(live)).toBe(why));

test('changes say what was, what will be, and who owns it', () => {
  const owned = {
    manager: 'helm',
    operation: 'Update' as const,
    apiVersion: 'apps/v1',
    fieldsV1: {
      'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"web"}': { 'f:image': {} } } } } },
    },
  };
  const with_ = (image: string, more: object) =>
    object(
      'apps/v1',
      'Deployment',
      { managedFields: [owned] },
      {
        spec: { ...more, template: { spec: { containers: [{ name: 'web', image }] } } },
      },
    );
  const kind = builtinKind('apps', 'v1', 'Deployment')!;
  const changes = changesIn({ live: with_('a', { paused: true }), answer: with_('b', { minReadySeconds: 5 }), kind });
  expect(changes).toEqual([
    { is: 'added', path: '.spec.minReadySeconds', after: 5, managers: [] },
    { is: 'removed', path: '.spec.paused', before: true, managers: [] },
    {
      is: 'changed',
      path: '.spec.template.spec.containers[name="web"].image',
      before: 'a',
      after: 'b',
      managers: ['helm'],
    },
  ]);
});
