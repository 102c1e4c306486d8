/** Patches, updates, the scale subresource and status: what they change, whom they name as owner, what they refuse. */
import { force, type Hand, type Script } from './hand.ts';
import { configMap, deployment, object } from './samples.ts';

async function jsonPatch(hand: Hand): Promise<void> {
  const live = await hand.create(configMap('json', { a: '1', b: '1' }, { labels: { x: '1' } }), 'one');
  const target = configMap('json', {});
  const version = (value: string) => ({ op: 'test', path: '/metadata/resourceVersion', value });
  await hand.patch(target, 'json', [version('1'), { op: 'remove', path: '/data/a' }]);
  const now = await hand.patch(target, 'json', [
    version(live.metadata.resourceVersion),
    { op: 'remove', path: '/metadata/labels/x' },
    { op: 'replace', path: '/data/a', value: '2' },
    { op: 'add', path: '/metadata/annotations', value: { 'x.io/a': '1' } },
    { op: 'add', path: '/metadata/annotations/x.io~1b', value: '1' },
  ]);
  await hand.patch(target, 'json', [version(live.metadata.resourceVersion), { op: 'remove', path: '/data/a' }]);
  await hand.patch(target, 'json', [{ op: 'remove', path: '/data/nothing' }]);
  await hand.patch(target, 'json', [{ op: 'replace', path: '/data/nothing', value: '1' }]);
  await hand.patch(target, 'json', [{ op: 'test', path: '/data/b', value: '2' }]);
  await hand.patch(target, 'json', [{ op: 'copy', from: '/data/a', path: '/data/e' }]);
  await hand.patch(target, 'json', [{ op: 'move', from: '/data/e', path: '/data/f' }]);
  await hand.patch(target, 'json', [{ op: 'what', path: '/data/f' }]);
  await hand.patch(target, 'json', { op: 'remove', path: '/data/f' });
  await hand.patch(target, 'json', [{ op: 'replace', path: '/metadata/name', value: 'other' }]);
  await hand.patch(target, 'json', []);
  // Ownership can be rewritten by hand, in the same request as the fields.
  await hand.apply(configMap('json', { a: '2', b: '1' }), 'flotilla', force);
  const before = await hand.get(target);
  const kept = before.metadata.managedFields.filter((entry: { manager: string }) => entry.manager !== 'flotilla');
  await hand.patch(
    target,
    'json',
    [
      version(before.metadata.resourceVersion),
      { op: 'replace', path: '/metadata/managedFields', value: kept },
      { op: 'add', path: '/data/g', value: '1' },
    ],
    'flotilla',
  );
  await hand.patch(target, 'json', [{ op: 'replace', path: '/metadata/managedFields', value: [{}] }]);
  await hand.patch(target, 'json', [{ op: 'replace', path: '/metadata/managedFields', value: [{ manager: 'x' }] }]);
  const odd = {
    manager: 'x',
    operation: 'Apply',
    apiVersion: 'v1',
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:data': { 'f:zzz': {} } },
  };
  await hand.patch(target, 'json', [{ op: 'add', path: '/metadata/managedFields', value: [odd] }]);
  await hand.apply(configMap('json', { a: '2' }), 'x');
  await hand.patch(target, 'json', [version(now.metadata.resourceVersion)]);
}

async function mergePatch(hand: Hand): Promise<void> {
  const container = {
    env: [
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ],
    ports: [{ containerPort: 80 }],
    args: ['a'],
  };
  const target = deployment('merged');
  await hand.create(deployment('merged', { replicas: 2 }, container), 'one');
  const containers = (change: object) => ({
    spec: { template: { spec: { containers: [{ name: 'main', ...change }] } } },
  });
  await hand.patch(target, 'strategic', containers({ env: [{ name: 'C', value: '3' }], args: ['b', 'c'] }));
  await hand.patch(target, 'strategic', containers({ env: [{ name: 'A', $patch: 'delete' }] }));
  await hand.patch(target, 'strategic', containers({ env: [{ $patch: 'replace' }, { name: 'Z', value: '1' }] }));
  await hand.patch(target, 'strategic', { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } });
  await hand.patch(target, 'strategic', { metadata: { labels: { a: '1', b: null }, annotations: { n: '1' } } });
  await hand.patch(target, 'strategic', {
    spec: {
      template: {
        spec: {
          '$setElementOrder/containers': [{ name: 'side' }, { name: 'main' }],
          containers: [{ name: 'side', image: 'busybox:1' }],
        },
      },
    },
  });
  await hand.patch(target, 'strategic', { spec: { template: { spec: { containers: [{ name: 'new' }] } } } });
  await hand.patch(target, 'strategic', containers({ ports: [{ containerPort: 80, $patch: 'delete' }] }));
  await hand.patch(target, 'strategic', { spec: { replicas: 'many' } });
  await hand.patch(target, 'strategic', { spec: { template: { spec: { containers: 'none' } } } });
  await hand.patch(target, 'merge', { spec: { replicas: null } });
  await hand.patch(target, 'merge', { spec: { replicas: 3, unknown: 1 } });
  await hand.patch(target, 'merge', {
    spec: { template: { spec: { containers: [{ name: 'main', image: 'nginx:1.28' }] } } },
  });
  await hand.patch(target, 'merge', { metadata: { resourceVersion: '1', labels: { c: '1' } } });
  await hand.patch(target, 'merge', { metadata: { uid: '11111111-1111-4111-8111-111111111111' } });
  await hand.patch(target, 'merge', {});
  await hand.patch(target, 'merge', []);
  await hand.patch(deployment('missing'), 'merge', {});
  await hand.ask({
    method: 'PATCH',
    path: `/apis/apps/v1/namespaces/${hand.namespace}/deployments/merged`,
    type: 'text/plain',
    body: {},
  });
}

async function updates(hand: Hand): Promise<void> {
  const live = await hand.create(deployment('updated', { replicas: 1 }), 'one');
  const again = await hand.create(deployment('updated'), 'one');
  if (again.code !== 409) throw new Error('it was there');
  await hand.update(live);
  const labelled = { ...live, metadata: { ...live.metadata, labels: { a: '1' } } };
  await hand.update(labelled, 'two');
  await hand.update({ ...live, spec: { ...live.spec, replicas: 5 } }, 'two');
  const { resourceVersion: _, ...unversioned } = live.metadata;
  await hand.update({ ...live, metadata: unversioned, spec: { ...live.spec, replicas: 5 } }, 'two');
  await hand.update({ ...live, metadata: { ...unversioned, uid: '11111111-1111-4111-8111-111111111111' } });
  await hand.update({ ...deployment('updated'), metadata: { name: 'updated', annotations: { a: '1' } } });
  await hand.update({ ...deployment('missing') });
  await hand.update({ ...live, metadata: { ...unversioned, managedFields: [] }, spec: { ...live.spec, replicas: 6 } });
  const { managedFields: _m, ...unmanaged } = unversioned;
  await hand.update({ ...live, metadata: unmanaged, spec: { ...live.spec, replicas: 7 } });
  await hand.ask({
    method: 'PUT',
    path: `/apis/apps/v1/namespaces/${hand.namespace}/deployments/other`,
    type: 'application/json',
    body: live,
  });
  // The status is not written here, and the spec not there.
  await hand.update({ ...live, metadata: unversioned, status: { replicas: 9 } });
  await hand.update(
    { ...live, metadata: unversioned, status: { replicas: 3, observedGeneration: 1 } },
    'controller',
    'status',
  );
  await hand.patch(
    deployment('updated'),
    'merge',
    { spec: { replicas: 8 }, status: { readyReplicas: 1 } },
    'controller',
    'status',
  );
  await hand.patch(deployment('updated'), 'merge', { status: { replicas: -1 } }, 'controller', 'status');
  const counts = { replicas: 2, updatedReplicas: 3, availableReplicas: 2, readyReplicas: 1, unavailableReplicas: -1 };
  await hand.patch(deployment('updated'), 'merge', { status: counts }, 'controller', 'status');
  await hand.apply({ ...deployment('updated'), status: { replicas: 4 } }, 'controller', 'force=true', 'status');
  await hand.patch(deployment('updated'), 'merge', { metadata: { labels: { s: '1' } } }, 'controller', 'status');
}

async function scales(hand: Hand): Promise<void> {
  const target = deployment('scaled');
  const scale = (replicas: number, metadata: object = {}) =>
    object('autoscaling/v1', 'Scale', 'scaled', { metadata: { name: 'scaled', ...metadata }, spec: { replicas } });
  await hand.apply(deployment('scaled', { replicas: 2 }), 'one');
  const live = await hand.get(target, 'scale');
  await hand.update({ ...live, spec: { replicas: 3 } }, 'kubectl', 'scale');
  await hand.get(target);
  await hand.update({ ...live, spec: { replicas: 4 } }, 'kubectl', 'scale');
  await hand.update(scale(4), 'kubectl', 'scale');
  await hand.patch(target, 'merge', { spec: { replicas: 5 } }, 'kube-controller-manager', 'scale');
  await hand.patch(target, 'strategic', { spec: { replicas: 6 } }, 'kubectl', 'scale');
  await hand.patch(target, 'json', [{ op: 'replace', path: '/spec/replicas', value: 7 }], 'kubectl', 'scale');
  await hand.get(target);
  await hand.apply(deployment('scaled', { replicas: 2 }), 'one');
  await hand.apply(scale(8), 'two', undefined, 'scale');
  await hand.apply(scale(8), 'two', force, 'scale');
  await hand.get(target);
  await hand.apply(deployment('scaled', { replicas: 2 }), 'one', force);
  await hand.apply(deployment('scaled'), 'one');
  await hand.get(target);
  await hand.patch(target, 'merge', { spec: { replicas: -1 } }, 'kubectl', 'scale');
  await hand.patch(target, 'merge', { spec: { replicas: null } }, 'kubectl', 'scale');
  await hand.update(scale(1, { resourceVersion: '1' }), 'kubectl', 'scale');
  await hand.patch(deployment('missing'), 'merge', { spec: { replicas: 1 } }, 'kubectl', 'scale');
}

/** Where nobody owns the number of replicas, a scale makes nobody its owner. */
async function scalesUnowned(hand: Hand): Promise<void> {
  const target = deployment('free');
  const scale = (replicas: number) =>
    object('autoscaling/v1', 'Scale', 'free', { metadata: { name: 'free' }, spec: { replicas } });
  await hand.apply(deployment('free'), 'one');
  await hand.patch(target, 'merge', { spec: { replicas: 5 } }, 'kubectl', 'scale');
  await hand.get(target);
  await hand.update(scale(6), 'kubectl', 'scale');
  await hand.get(target);
  await hand.apply(scale(7), 'two', undefined, 'scale');
  await hand.get(target);
  await hand.apply(scale(7), 'two', force, 'scale');
  await hand.get(target);
  await hand.patch(target, 'merge', { spec: { replicas: 8 } }, 'kubectl', 'scale');
  await hand.get(target);
}

async function endings(hand: Hand): Promise<void> {
  const target = configMap('ending', { a: '1' });
  await hand.delete(target);
  const live = await hand.create({ ...target, metadata: { name: 'ending', finalizers: ['test.io/wait'] } });
  await hand.delete(target, { preconditions: { uid: '11111111-1111-4111-8111-111111111111' } });
  await hand.delete(target, { preconditions: { resourceVersion: '1' } });
  await hand.delete(target, { preconditions: { uid: live.metadata.uid } });
  await hand.delete(target);
  await hand.patch(target, 'merge', { metadata: { finalizers: ['test.io/other'] } });
  await hand.apply(target, 'one');
  await hand.patch(target, 'merge', { metadata: { finalizers: null } });
  await hand.get(target);
  const foreground = deployment('foreground');
  await hand.create(foreground);
  await hand.delete(foreground, { propagationPolicy: 'Foreground' });
  await hand.get(foreground);
  const plain = deployment('plain');
  await hand.create(plain);
  await hand.delete(plain, { propagationPolicy: 'Sideways' });
  await hand.delete(plain, { propagationPolicy: 'Background', dryRun: ['All'] });
  await hand.delete(plain, { propagationPolicy: 'Background' });
  await hand.create(configMap('plain', {}));
  await hand.delete(configMap('plain', {}));
}

export const patchScripts: readonly Script[] = [
  { name: 'json-patch', run: jsonPatch },
  { name: 'merge-patch', run: mergePatch },
  { name: 'updates', run: updates },
  { name: 'scale', run: scales },
  { name: 'scale-unowned', run: scalesUnowned },
  { name: 'endings', run: endings },
];
