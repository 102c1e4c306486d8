/** What an API server asks of a conversion webhook and makes of its answers: the same cases for any server. */
import { expect } from 'vitest';
import type { Answered } from '#harness/exchange.ts';
import type { Anything } from '#harness/kubectl.ts';
import { until } from '#harness/until.ts';
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';
import { type ConversionGround, ConversionStage, proper, type Response } from './conversion-stage.ts';

export interface ConversionCase {
  readonly name: string;
  readonly run: (ground: ConversionGround) => Promise<readonly Answered[]>;
}

const staged =
  (play: (stage: ConversionStage) => Promise<void>): ConversionCase['run'] =>
  async (ground) => {
    const stage = new ConversionStage(ground);
    await play(stage);
    return stage.seen;
  };

const bothVersions = staged(async (stage) => {
  await stage.define(stage.webhook);
  await stage.create('v2', 'a', { width: 3, height: 4 });
  await stage.read('v1', 'a');
  await stage.create('v1', 'b', { size: '5x6' });
  await stage.read('v2', 'b');
  await stage.read('v1');
  await stage.read('v2');
  await stage.merge('v2', 'a', { spec: { note: 'kept' } });
  await stage.merge('v1', 'a', { spec: { size: '3x4' } });
  await stage.merge('v2', 'a', { status: { any: 1 } });
  await stage.apply('v2', 'c', 'm', { width: 1, height: 2, note: 'x' });
  await stage.apply('v1', 'c', 'm', { size: '1x2' });
  await stage.apply('v1', 'c', 'n', { size: '1x9' });
  await stage.create('v2', 'd?dryRun=All', { width: 5 });
  await stage.ask('DELETE', 'v2', 'b');
});

/** Fields have other names in the other version, and owners there all the same. */
const owned = staged(async (stage) => {
  await stage.define(stage.webhook);
  await stage.create('v1', 'a', { size: '5x6' });
  await stage.merge('v2', 'a', { spec: { width: 7 } });
  await stage.merge('v2', 'a', { spec: { note: 'kept' } });
  await stage.merge('v1', 'a', { spec: { size: '1x1' } });
  await stage.apply('v1', 'b', 'm', { size: '1x2' });
  await stage.apply('v2', 'b', 'n', { width: 5 });
  await stage.apply('v2', 'b', 'n', { width: 1 });
  await stage.apply('v2', 'b', 'n&force=true', { width: 5, note: 'x' });
  await stage.apply('v1', 'b', 'm', { size: '5x3', note: 'y' });
});

const watched = staged(async (stage) => {
  await stage.define(stage.webhook);
  const { body } = await stage.create('v1', 'a', { size: '1x2' });
  const since = (body as Anything).metadata.resourceVersion;
  const path = stage.at('v2', `?watch=true&resourceVersion=${since}&allowWatchBookmarks=false`);
  await stage.tell({ method: 'WATCH', path, watch: stage.group });
  await stage.merge('v1', 'a', { spec: { size: '7x8' } });
  await stage.create('v2', 'b', { width: 1, height: 1 });
  await stage.ask('DELETE', 'v1', 'a');
  await stage.tell({ method: 'EVENTS', path, watch: stage.group, count: 3 });
  await stage.tell({ method: 'CLOSE', path, watch: stage.group });
});

/** Whole objects, sent back as they were read but for one field. */
const replaced = staged(async (stage) => {
  await stage.define(stage.webhook);
  await stage.create('v1', 'a', { size: '5x6' });
  const put = async (version: string, spec: JsonObject, more: JsonObject = {}) => {
    const { metadata, ...rest } = (await stage.glance(version, 'a')).body as Anything;
    const body = { ...rest, metadata: { ...metadata, ...more }, spec: { ...rest.spec, ...spec } };
    await stage.tell({ method: 'PUT', path: stage.at(version, 'a'), type: 'application/json', body });
  };
  await put('v2', { width: 7 });
  await put('v1', { size: '1x2', note: 'x' });
  await put('v2', { height: 'tall' });
  await put('v2', { width: 1 }, { resourceVersion: '1' });
  await put('v2', {}, { labels: { a: 'b' } });
  await put('v2', {});
  await stage.read('v1', 'a');
});

const tables = staged(async (stage) => {
  await stage.define(stage.webhook);
  const columns = (jsonPath: string) => ({ additionalPrinterColumns: [{ name: 'Size', type: 'string', jsonPath }] });
  const { versions } = ((await stage.glance('', '')).body as Anything).spec;
  const shown = versions.map((each: Anything) => ({
    ...each,
    ...columns(each.name === 'v1' ? '.spec.size' : '.spec.width'),
  }));
  await stage.redefine({ spec: { versions: shown } });
  const table = 'application/json;as=Table;g=meta.k8s.io;v=v1';
  const columnOf = async () => {
    const answer = await stage.glance('v2', '', table);
    return (answer.body as Anything).columnDefinitions?.[1]?.name;
  };
  // A real one makes its storage anew for the new columns, and answers 503 meanwhile.
  await until('the columns are shown', async () => (await columnOf()) === 'Size');
  await stage.create('v1', 'a', { size: '5x6' });
  await stage.create('v2', 'b', { width: 1, height: 2 });
  for (const version of ['v1', 'v2']) {
    await stage.tell({ method: 'GET', path: stage.at(version), accept: table });
    await stage.tell({ method: 'GET', path: stage.at(version, 'a?includeObject=Object'), accept: table });
  }
});

/** A webhook for writes that asked for v1 sees what is written in v2 in v1, and none that asked for v1 exactly. */
const admitted = staged(async (stage) => {
  await stage.define(stage.webhook);
  const { hooks, namespace } = stage.ground;
  for (const path of ['/equivalent', '/exact'])
    hooks.behave(path + stage.group, (request, review) => {
      const { object, oldObject } = request as Anything;
      const message = JSON.stringify({ path, kind: request.kind, object: object?.spec, old: oldObject?.spec });
      const response = { uid: request.uid!, allowed: false, status: { message } };
      return { body: JSON.stringify({ apiVersion: review.apiVersion, kind: review.kind, response }) };
    });
  await stage.create('v1', 'a', { size: '5x6' });
  const hook = (name: string, matchPolicy: string) => ({
    name: `${name}.example.com`,
    clientConfig: { url: hooks.url(`/${name}${stage.group}`), caBundle: hooks.caBundle },
    rules: [{ operations: ['*'], apiGroups: [stage.group], apiVersions: ['v1'], resources: ['boxes'] }],
    matchPolicy,
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
  });
  const path = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
  const configure = (...webhooks: readonly JsonObject[]) =>
    stage.ground.door.ask({
      method: 'POST',
      path,
      type: 'application/json',
      body: {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingWebhookConfiguration',
        metadata: { name: stage.group },
        webhooks,
      },
    });
  const inForce = () =>
    until('the webhook is asked', async () => {
      await stage.create('v1', 'probe?dryRun=All', { size: '1x1' });
      return stage.seen.pop()?.status !== 201;
    });
  const remove = () => stage.ground.door.ask({ method: 'DELETE', path: `${path}/${stage.group}` });
  await configure(hook('equivalent', 'Equivalent'));
  await inForce();
  await stage.create('v2', 'b', { width: 3, height: 4 });
  await stage.merge('v2', 'a', { spec: { width: 7 } });
  await stage.ask('DELETE', 'v2', 'a');
  await remove();
  await until('nobody is asked', async () => {
    await stage.create('v1', 'probe?dryRun=All', { size: '1x1' });
    return stage.seen.pop()?.status === 201;
  });
  await configure(hook('exact', 'Exact'));
  await inForce();
  await stage.create('v2', 'b', { width: 3, height: 4 });
  await stage.create('v1', 'c', { size: '1x1' });
  await remove();
});

type Twisted = Parameters<ConversionStage['twist']>[0];
type Converted = Response['convertedObjects'][number];

const response =
  (change: (response: Response) => JsonValue): Twisted =>
  (answer) => ({ ...answer, response: change(answer.response) });
const objects = (change: (object: Converted) => JsonValue): Twisted =>
  response((given) => ({ ...given, convertedObjects: given.convertedObjects.map(change) }));
const metadata = (change: JsonObject): Twisted =>
  objects((object) => ({ ...object, metadata: { ...object.metadata, ...change } }));
const without = (field: string) => (object: JsonObject) =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name !== field));

const wrong: readonly Twisted[] = [
  response((given) => ({ ...given, result: { status: 'Failure', message: 'no boxes today' } })),
  response((given) => ({ ...given, result: { status: 'Failure' } })),
  response((given) => ({ ...given, convertedObjects: [] })),
  response((given) => ({ ...given, convertedObjects: [null] })),
  response((given) => ({ ...given, convertedObjects: [...given.convertedObjects, ...given.convertedObjects] })),
  response((given) => ({ ...given, uid: 'other' })),
  without('response'),
  (answer) => ({ ...answer, apiVersion: 'apiextensions.k8s.io/v1beta1' }),
  (answer) => ({ ...answer, kind: 'Other' }),
  (answer) => ({ response: answer.response }),
  () => 500,
  () => 404,
  () => '',
  objects((object) => ({ ...object, kind: 'Other' })),
  objects((object) => ({ ...object, apiVersion: 'other.example.com/v3' })),
  objects(without('apiVersion')),
  objects(without('metadata')),
  objects((object) => ({ ...object, metadata: 'none' })),
  metadata({ name: 'other' }),
  metadata({ namespace: 'other' }),
  metadata({ uid: 'other' }),
  metadata({ labels: { a: '!!' } }),
  metadata({ labels: { 'a/b/c': 'x' } }),
  metadata({ labels: { a: 1 } }),
  metadata({ labels: [] }),
  metadata({ annotations: { '!': 'x' } }),
  metadata({ annotations: { a: true } }),
];

const refusals = staged(async (stage) => {
  await stage.define(stage.webhook);
  for (const twisted of wrong) {
    stage.twist(twisted);
    await stage.create('v2', 'bad', { width: 1, height: 1 });
  }
});

const touched = staged(async (stage) => {
  await stage.define(stage.webhook);
  stage.twist(metadata({ labels: { a: 'b' }, annotations: { c: 'd' }, generation: 99, finalizers: ['x.y/z'] }));
  await stage.create('v2', 'a', { width: 1, height: 1 });
  stage.twist(proper);
  await stage.read('v1', 'a');
});

const unconverted = staged(async (stage) => {
  await stage.define(stage.webhook);
  stage.twist(response((given) => ({ ...given, result: { status: 'Failure', message: 'no boxes today' } })));
  await stage.create('v1', 'a', { size: '1x1' });
  await stage.read('v1', 'a');
  await stage.read('v2', 'a');
  await stage.read('v2');
  await stage.merge('v2', 'a', { spec: { width: 7 } });
  await stage.ask('DELETE', 'v2', 'a');
  stage.twist(proper);
  await stage.merge('v2', 'a', { spec: { width: 7 } });
});

const later = staged(async (stage) => {
  await stage.define({ strategy: 'None' });
  await stage.create('v1', 'a', { size: '3x4' });
  await stage.read('v2', 'a');
  await stage.redefine({ spec: { conversion: stage.webhook } });
  const spec = async () => {
    const answer = await stage.glance('v2', 'a');
    return (answer.body as Anything).spec ?? {};
  };
  await until('the webhook converts', async () => (await spec()).width === 3);
  await stage.read('v2', 'a');
  // Written back, it is stored in the new version.
  const { body } = await stage.glance('', '');
  const { versions } = (body as Anything).spec;
  await stage.redefine({
    spec: { versions: versions.map((each: Anything) => ({ ...each, storage: each.name === 'v2' })) },
  });
  await until('v2 is stored', async () => {
    await stage.create('v1', 'probe', { size: '1x1' });
    stage.seen.pop();
    const stored = ((await stage.glance('', '')).body as Anything).status.storedVersions;
    return stored.length === 2;
  });
  await stage.ask('DELETE', 'v1', 'probe');
  stage.seen.pop();
  await stage.merge('v1', 'a', { metadata: { labels: { moved: 'yes' } } });
  await stage.read('v2', 'a');
});

/** Ours asks once for all of a list, and never again while they stay as they are. */
export const oneRequest = staged(async (stage) => {
  await stage.define(stage.webhook);
  for (const name of ['a', 'b', 'c']) await stage.create('v1', name, { size: '1x2' });
  stage.batches();
  await stage.read('v2');
  await stage.read('v2');
  expect(stage.batches()).toEqual([3]);
  await stage.merge('v1', 'b', { spec: { size: '2x2' } });
  await stage.read('v2');
  expect(stage.batches()).toEqual([1]);
  await stage.read('v1');
  expect(stage.batches()).toEqual([]);
});

export const conversionCases: readonly ConversionCase[] = [
  { name: 'objects are read and written in either version', run: bothVersions },
  { name: 'watches tell them in their own version', run: watched },
  { name: 'fields have owners in either version', run: owned },
  { name: 'whole objects are written in either version', run: replaced },
  { name: 'tables show each version its columns', run: tables },
  { name: 'webhooks for writes see the version they asked for', run: admitted },
  { name: 'what a webhook must not answer', run: refusals },
  { name: 'labels and annotations are all the metadata a webhook writes', run: touched },
  { name: 'what cannot be converted is neither read nor written', run: unconverted },
  { name: 'a webhook and another stored version come later', run: later },
];
