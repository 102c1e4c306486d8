/** Every verb on every kind, in each form of an answer: one script for a few kinds each. */
import type { Anything } from '#harness/kubectl.ts';
import type { Hand, Script } from '../hand.ts';
import { clusterKinds, requestKinds } from './cluster.ts';
import { coreKinds } from './core.ts';
import type { SampledKind } from './kind.ts';
import { networkKinds } from './network.ts';
import { workloadKinds } from './workloads.ts';

const table = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
const oldTable = 'application/json;as=Table;v=v1beta1;g=meta.k8s.io';
const metadata = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io';
const metadataList = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';
const protobuf = 'application/vnd.kubernetes.protobuf';
const elsewhere = '11111111-1111-4111-8111-111111111111';

/** One kind in the hands of a script. */
class Trial {
  readonly hand: Hand;
  readonly kind: SampledKind;
  readonly collection: string;
  readonly name: string;
  readonly one: string;

  constructor(hand: Hand, kind: SampledKind) {
    const { apiVersion, resource, clusterScoped } = kind;
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    this.hand = hand;
    this.kind = kind;
    this.collection = clusterScoped ? `${root}/${resource}` : `${root}/namespaces/${hand.namespace}/${resource}`;
    this.name = kind.name ?? (clusterScoped ? `${hand.namespace}-x` : 'sample');
    this.one = `${this.collection}/${this.name}`;
  }

  sample(more: Anything = {}): Anything {
    const { apiVersion, kind, content, annotations } = this.kind;
    const filled = JSON.parse(JSON.stringify(content).replaceAll('<here>', this.hand.namespace));
    const labels = { sweep: this.hand.namespace };
    return {
      apiVersion,
      kind,
      metadata: { name: this.name, labels, ...(annotations ? { annotations } : {}), ...more },
      ...filled,
    };
  }

  ask(method: string, path: string, body?: Anything, type = 'application/json') {
    return this.hand.ask({ method, path, ...(body === undefined ? {} : { type, body }) });
  }

  create(body: Anything, query = '') {
    return this.ask('POST', this.collection + query, body);
  }

  get(accept?: string, query = '') {
    return this.hand.ask({ method: 'GET', path: this.one + query, ...(accept ? { accept } : {}) });
  }

  list(accept?: string, query = '') {
    const path = `${this.collection}?labelSelector=sweep%3D${this.hand.namespace}${query}`;
    return this.hand.ask({ method: 'GET', path, ...(accept ? { accept } : {}) });
  }

  put(body: Anything, path = this.one) {
    // Times differ from run to run; without this one the server takes its own.
    const { creationTimestamp: _time, ...rest } = body.metadata;
    return this.ask('PUT', path, { ...body, metadata: rest });
  }

  patch(type: string, body: Anything, path = this.one) {
    return this.ask('PATCH', path, body, type);
  }
}

const merge = 'application/merge-patch+json';
const strategic = 'application/strategic-merge-patch+json';
const jsonPatch = 'application/json-patch+json';
const apply = 'application/apply-patch+yaml';

async function births(trial: Trial): Promise<void> {
  const { hand, kind } = trial;
  await trial.create(trial.sample(), '?dryRun=All');
  await trial.get();
  await trial.create(trial.sample(), '?fieldValidation=Strict&fieldManager=one');
  await trial.create(trial.sample());
  await trial.create({ ...trial.sample(), unknown: 1 }, '?dryRun=All');
  await trial.create({ ...trial.sample({ name: 'other', odd: true }), unknown: { a: 1 } }, '?fieldValidation=Strict');
  await trial.create({ ...trial.sample(), apiVersion: 'v2', kind: kind.kind });
  await trial.create({ ...trial.sample(), kind: 'Other' });
  // A Service without a name is refused for an address that differs each time.
  if (kind.resource !== 'services') await trial.create({ ...trial.sample(), metadata: { labels: { a: 'b' } } });
  await trial.create({ ...trial.sample(), metadata: { name: `X_${hand.namespace}` } });
  await trial.create({ ...trial.sample(), metadata: { name: 'x', labels: { 'a b': 'c d' }, finalizers: ['x'] } });
  if (kind.resource !== 'ipaddresses')
    await trial.create({ ...trial.sample(), metadata: { generateName: `${'e'.repeat(70)}-` } }, '?dryRun=All');
  if (kind.resource !== 'endpoints')
    await hand.ask({ method: 'POST', path: trial.collection, type: 'application/json', raw: '{"kind":' });
}

async function reads(trial: Trial): Promise<void> {
  await trial.get(table);
  await trial.get(oldTable, '?includeObject=None');
  await trial.get(metadata);
  await trial.get(protobuf);
  await trial.get('application/yaml');
  await trial.list();
  await trial.list(table, '&includeObject=None');
  await trial.list(metadataList);
  await trial.list(protobuf);
  await trial.list(undefined, '&fieldSelector=spec.nothing%3Dx');
  await trial.list(undefined, `&fieldSelector=metadata.name%3D${trial.name}`);
}

async function updates(trial: Trial): Promise<void> {
  const { name, collection, kind } = trial;
  const live = (await trial.get()).body as Anything;
  // A claim comes back from etcd otherwise than it was put in, which counts as a change.
  if (kind.resource !== 'persistentvolumeclaims') await trial.put(live);
  await trial.put(
    { ...live, metadata: { ...live.metadata, labels: { ...live.metadata.labels, l: '1' } } },
    `${trial.one}?dryRun=All`,
  );
  await trial.patch(merge, kind.change, `${trial.one}?fieldManager=two`);
  await trial.put(live);
  const { resourceVersion: _version, ...unversioned } = live.metadata;
  await trial.put({ ...live, metadata: { ...unversioned, labels: { ...unversioned.labels, l: '2' } } });
  await trial.put({ ...live, metadata: { ...unversioned, name: 'other' } });
  await trial.put({ ...live, metadata: { ...unversioned, namespace: 'elsewhere' } });
  await trial.put({ ...live, metadata: { ...unversioned, uid: elsewhere } });
  await trial.put(live, `${collection}/missing`);
  const missing = kind.name === undefined ? 'missing' : '192.0.2.77';
  await trial.put(
    { ...live, metadata: { ...unversioned, uid: undefined, name: missing } },
    `${collection}/${missing}?dryRun=All`,
  );
  await trial.patch(strategic, { metadata: { labels: { s: '1' }, annotations: { a: null } } });
  await trial.patch(jsonPatch, [{ op: 'add', path: '/metadata/labels/j', value: '1' }]);
  await trial.patch(apply, { ...trial.sample({ labels: { applied: '1' } }) }, `${trial.one}?fieldManager=three`);
  await trial.patch(
    apply,
    { ...trial.sample({ labels: { applied: '1' } }) },
    `${trial.one}?fieldManager=three&force=true`,
  );
  await trial.patch(merge, { metadata: { name }, unknown: 1 }, `${trial.one}?fieldValidation=Strict`);
  await trial.patch(merge, { metadata: { labels: null } }, `${collection}/missing`);
}

async function statuses(trial: Trial): Promise<void> {
  const { status, scale, resource } = trial.kind;
  // kube-apiserver makes the writer the owner of labels it has not let it change.
  const withoutLabels = resource === 'servicecidrs';
  await trial.ask('GET', `${trial.one}/status`);
  if (status !== undefined) {
    await trial.patch(
      merge,
      { status, ...(withoutLabels ? {} : { metadata: { labels: { s: '2' } } }) },
      `${trial.one}/status?fieldManager=controller`,
    );
    const live = (await trial.get()).body as Anything;
    await trial.put({ ...live, status: {} }, `${trial.one}/status?dryRun=All`);
    await trial.put({ ...live, status: 'x' }, `${trial.one}/status`);
    await trial.get(table, '?includeObject=None');
  }
  await trial.ask('GET', `${trial.one}/scale`);
  if (scale) await trial.patch(merge, { spec: { replicas: 7 } }, `${trial.one}/scale`);
}

async function ends(trial: Trial): Promise<void> {
  const { collection, hand } = trial;
  await trial.ask('DELETE', trial.one, { preconditions: { uid: elsewhere } });
  await trial.ask('DELETE', `${trial.one}?dryRun=All`);
  await trial.patch(merge, { metadata: { finalizers: ['example.com/wait'] } });
  await trial.ask('DELETE', `${trial.one}?propagationPolicy=Foreground`);
  await trial.get();
  await trial.patch(jsonPatch, [{ op: 'remove', path: '/metadata/finalizers' }]);
  await trial.get();
  if (trial.kind.resource !== 'namespaces') await trial.create(trial.sample());
  await trial.ask('DELETE', trial.one);
  await trial.ask('DELETE', trial.one);
  if (trial.kind.resource === 'namespaces') return;
  await trial.create(trial.sample());
  await trial.ask('DELETE', `${collection}?labelSelector=sweep%3D${hand.namespace}`);
  await trial.list();
}

const every = (name: string, kinds: readonly SampledKind[]): Script => ({
  name: `verbs-${name}`,
  run: async (hand) => {
    // Pods run under it.
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } };
    await hand.create(account);
    for (const kind of kinds) {
      const trial = new Trial(hand, kind);
      for (const part of [births, reads, updates, statuses, ends]) await part(trial);
    }
  },
});

export const verbScripts: readonly Script[] = [
  every('core', coreKinds),
  every('workloads', workloadKinds),
  every('network', networkKinds),
  every('cluster', clusterKinds),
  every('requests', requestKinds),
];
