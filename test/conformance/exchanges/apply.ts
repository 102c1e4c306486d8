/** Server-side apply: ownership, conflicts, force, giving up, and what is refused. */
import { force, type Hand, type Script } from './hand.ts';
import { configMap, deployment, service } from './samples.ts';

async function ownership(hand: Hand): Promise<void> {
  await hand.apply(configMap('owned', { a: '1', b: '1' }), 'one');
  await hand.apply(configMap('owned', { a: '1', b: '1' }), 'one');
  // The same value is shared; another one is a conflict.
  await hand.apply(configMap('owned', { a: '1' }), 'two');
  await hand.apply(configMap('owned', { a: '2', b: '2' }), 'two');
  await hand.apply(configMap('owned', { a: '2' }), 'two', force);
  // What one still states it must force; what it gives up goes only when nobody else has it.
  await hand.apply(configMap('owned', { a: '1', b: '1' }), 'one');
  await hand.apply(configMap('owned', { b: '1' }), 'one');
  await hand.apply(configMap('owned', {}), 'one');
  await hand.apply(configMap('owned', {}), 'two');
  await hand.patch(configMap('owned', {}), 'merge', { data: { c: '1', d: '1' } });
  await hand.apply(configMap('owned', { c: '2' }), 'one');
  await hand.apply(configMap('owned', { c: '2' }), 'one', force);
  await hand.update({ ...configMap('owned', { c: '3', e: '1' }) });
  await hand.apply(configMap('owned', { c: '3' }), 'one');
}

async function lists(hand: Hand): Promise<void> {
  const env = (...names: readonly string[]) => ({ env: names.map((name) => ({ name, value: '1' })) });
  const ports = [
    { containerPort: 80 },
    { containerPort: 53, protocol: 'UDP' },
    { containerPort: 53, protocol: 'TCP', name: 'dns' },
  ];
  await hand.apply(deployment('lists', { replicas: 2 }, { ...env('A', 'B'), ports, args: ['x'] }), 'one');
  await hand.apply(deployment('lists', {}, env('B', 'C')), 'two');
  await hand.apply(deployment('lists', {}, { ...env('C', 'B'), args: ['x', 'y'] }), 'two');
  await hand.apply(deployment('lists', {}, { ...env('C', 'B'), args: ['x', 'y'] }), 'two', force);
  await hand.apply(deployment('lists', { replicas: 2 }, { ...env('A'), ports: [ports[0]] }), 'one');
  await hand.apply(deployment('lists', { replicas: 3 }, {}), 'two');
  const sidecar = deployment('lists');
  sidecar.spec.template.spec.containers.push({ name: 'sidecar', image: 'envoy:1' });
  await hand.apply(sidecar, 'two');
  await hand.patch(
    deployment('lists'),
    'strategic',
    { spec: { template: { spec: { containers: [{ name: 'sidecar', env: [{ name: 'S', value: '1' }] }] } } } },
    'hand',
  );
  // The container's own fields go; what another hand put into it stays, and is not valid alone.
  await hand.apply(deployment('lists'), 'two');
  await hand.apply(
    { ...deployment('lists'), metadata: { name: 'lists', finalizers: ['a.io/x'], labels: { l: '1' } } },
    'one',
  );
  await hand.apply({ ...deployment('lists'), metadata: { name: 'lists', finalizers: ['a.io/y'] } }, 'three');
  await hand.apply({ ...deployment('lists'), metadata: { name: 'lists' } }, 'one');
  await hand.apply(service('lists', { ports: [{ port: 80 }, { port: 443, name: 'tls' }], clusterIP: 'None' }), 'one');
  await hand.apply(
    service('lists', {
      ports: [
        { port: 80, name: 'http' },
        { port: 443, name: 'tls' },
      ],
      clusterIP: 'None',
    }),
    'one',
  );
  await hand.apply(service('lists', { ports: [{ port: 443, name: 'tls', targetPort: 'x' }] }), 'two');
}

async function refusals(hand: Hand): Promise<void> {
  const good = configMap('refused', { a: '1' });
  await hand.ask({
    method: 'PATCH',
    path: `/api/v1/namespaces/${hand.namespace}/configmaps/refused`,
    type: 'application/apply-patch+yaml',
    body: good,
  });
  await hand.patch(good, 'merge', { data: { a: '1' } }, 'one');
  await hand.ask({
    method: 'PATCH',
    path: `/api/v1/namespaces/${hand.namespace}/configmaps/other?fieldManager=one`,
    type: 'application/apply-patch+yaml',
    body: good,
  });
  await hand.apply({ ...good, metadata: { ...good.metadata, managedFields: [{ manager: 'x' }] } }, 'one');
  await hand.apply({ ...good, metadata: { ...good.metadata, uid: '11111111-1111-4111-8111-111111111111' } }, 'one');
  await hand.apply(good, 'one', 'dryRun=All');
  await hand.apply({ ...good, metadata: { ...good.metadata, resourceVersion: '1' } }, 'one');
  await hand.apply(good, 'one');
  await hand.apply({ ...good, metadata: { ...good.metadata, resourceVersion: '1' } }, 'one');
  await hand.apply({ ...good, metadata: { ...good.metadata, uid: '11111111-1111-4111-8111-111111111111' } }, 'one');
  await hand.apply({ ...good, data: { a: '2' } }, 'one', 'dryRun=All');
  await hand.apply({ ...good, nothing: 1 }, 'one');
  await hand.apply({ ...good, nothing: 1 }, 'one', 'fieldValidation=Strict');
  await hand.apply({ ...good, data: 'text' }, 'one');
  await hand.apply({ ...good, data: { a: 1 } }, 'one');
  await hand.apply({ ...good, kind: 'Secret' }, 'one');
  await hand.apply({ ...good, metadata: { ...good.metadata, namespace: 'elsewhere' } }, 'one');
  const twice = [
    { name: 'A', value: '1' },
    { name: 'A', value: '2' },
  ];
  await hand.apply(deployment('refused', {}, { env: twice }), 'one');
  await hand.apply(deployment('refused', { replicas: 'two' }), 'one');
  await hand.apply(deployment('refused', {}, { ports: [{ name: 'x' }] }), 'one');
  await hand.apply({ ...deployment('refused'), spec: { replicas: 1 } }, 'one');
  await hand.apply({ ...good, data: null }, 'one');
  await hand.apply({ ...good, data: { a: null } }, 'one');
}

/** kubectl's way from apply to apply --server-side: its own fields move, and can be given up then. */
async function upgrade(hand: Hand): Promise<void> {
  const env = (...names: readonly string[]) => names.map((name) => ({ name, value: '1' }));
  const first = deployment('upgraded', { replicas: 2 }, { env: env('A', 'B') });
  const record = (config: object) => ({ 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(config) });
  await hand.create(
    { ...first, metadata: { ...first.metadata, annotations: record(first) } },
    'kubectl-client-side-apply',
  );
  await hand.apply(deployment('upgraded', { replicas: 2 }, { env: env('A') }), 'kubectl', force);
  await hand.apply(deployment('upgraded', { replicas: 2 }, { env: env('A') }), 'kubectl', force);
  await hand.apply(deployment('upgraded', {}, { env: env('A') }), 'flotilla', force);
  await hand.patch(first, 'strategic', { spec: { replicas: 4 } }, 'kubectl-client-side-apply');
  await hand.apply(deployment('upgraded', { replicas: 2 }, { env: env('A') }), 'kubectl');
  // Before anybody applied: what was there belongs to before-first-apply.
  const bare = configMap('bare', { a: '1' });
  await hand.create({ ...bare, metadata: { ...bare.metadata, managedFields: [{}] } });
  await hand.patch(bare, 'merge', { metadata: { managedFields: [{}] } });
  await hand.apply(configMap('bare', { a: '1', b: '2' }), 'one');
  await hand.apply(configMap('bare', { b: '2' }), 'one');
}

export const applyScripts: readonly Script[] = [
  { name: 'apply-ownership', run: ownership },
  { name: 'apply-lists', run: lists },
  { name: 'apply-refusals', run: refusals },
  { name: 'apply-upgrade', run: upgrade },
];
