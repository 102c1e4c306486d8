import { expect, test } from 'vitest';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { isOwnResource, whySkipped } from './selection.ts';

type Parts = Omit<Partial<UnstructuredObject>, 'metadata'> & { readonly metadata?: UnstructuredObject['metadata'] };
const object = (kind: string, metadata: UnstructuredObject['metadata'], more: Parts = {}): UnstructuredObject =>
  ({
    apiVersion: 'v1',
    kind,
    ...more,
    metadata: { namespace: 'shop', name: 'web', ...metadata },
  }) as UnstructuredObject;

const by = (...managers: readonly string[]) => ({
  managedFields: managers.map((manager) => ({ manager, operation: 'Update' as const })),
});
const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: '1' };

test.each<[string, UnstructuredObject, string | undefined]>([
  ['what somebody made', object('ConfigMap', by('kubectl-create')), undefined],
  ['what nobody can be told of', object('ConfigMap', {}), undefined],
  ['what a person and a controller wrote', object('Service', by('kubectl', 'kube-controller-manager')), undefined],
  [
    'what a controller owns',
    object('Pod', { ownerReferences: [{ ...owner, controller: true }] }),
    'owned by ReplicaSet web-1',
  ],
  ['what is owned without a controller', object('ConfigMap', { ownerReferences: [owner] }), undefined],
  [
    'what only controllers wrote',
    object('Endpoints', by('kube-controller-manager')),
    'made by kube-controller-manager',
  ],
  ['what ends', object('ConfigMap', { deletionTimestamp: '2026-01-01T00:00:00Z' }), 'it is being deleted'],
  ['what is managed', object('ConfigMap', { labels: { 'karmada.io/managed': 'true' } }), 'it is managed already'],
  [
    'an account for the control plane',
    object('ServiceAccount', { labels: { 'karmada.io/system': 'true' } }),
    "the control plane's own",
  ],
  ["Helm's records", object('Secret', by('helm'), { type: 'helm.sh/release.v1' }), "Helm's record of a release"],
  ['what Helm made', object('Secret', by('helm'), { type: 'Opaque' }), undefined],
  [
    'tokens',
    object('Secret', {}, { type: 'kubernetes.io/service-account-token' }),
    "a token of the cluster's own for a ServiceAccount",
  ],
  ['the default account', object('ServiceAccount', { name: 'default' }), 'every namespace has it'],
  [
    'one with pull secrets',
    object('ServiceAccount', { name: 'default' }, { imagePullSecrets: [{ name: 'hub' }] }),
    undefined,
  ],
  [
    'the default namespace',
    object('Namespace', { namespace: undefined, name: 'default' } as never),
    'every cluster has it',
  ],
  ['system namespaces', object('ConfigMap', { namespace: 'kube-system' }), "the cluster's own"],
  ['the root certificate', object('ConfigMap', { name: 'kube-root-ca.crt' }), "the cluster's own"],
  [
    'volumes made for claims',
    object('PersistentVolume', { annotations: { 'pv.kubernetes.io/provisioned-by': 'x' } }),
    'made for a PersistentVolumeClaim',
  ],
  ['volumes made by hand', object('PersistentVolume', by('kubectl')), undefined],
])('%s', (_, given, why) => expect(whySkipped(given)).toBe(why));

test('resources that are one cluster alone are not read', () => {
  expect(isOwnResource({ group: '', resource: 'nodes' })).toBe(true);
  expect(isOwnResource({ group: 'storage.k8s.io', resource: 'storageclasses' })).toBe(false);
});
