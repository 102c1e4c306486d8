/** What an update of an object may leave as it is, though it no longer fits: ratcheting; and which updates there are. */
import type { Anything } from '#harness/kubectl.ts';
import { definition, definitionHand, specOf, version, widgetHand } from './crd-hand.ts';
import type { Hand, Script } from './hand.ts';

const text = { type: 'string' };

const loose = specOf({
  a: text,
  b: text,
  list: { type: 'array', items: { type: 'object', properties: { name: text, value: text } } },
  keyed: {
    type: 'array',
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name'],
    items: { type: 'object', required: ['name'], properties: { name: text, value: text } },
  },
  map: { type: 'object', additionalProperties: text },
  set: { type: 'array', items: text },
  inner: { type: 'object', properties: { x: text, y: text } },
});

const short = { ...text, maxLength: 3 };
const tight = specOf({
  a: { ...text, enum: ['ok'] },
  b: short,
  list: { type: 'array', items: { type: 'object', properties: { name: text, value: short } } },
  keyed: {
    type: 'array',
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name'],
    items: { type: 'object', required: ['name'], properties: { name: text, value: short } },
  },
  map: { type: 'object', additionalProperties: short },
  set: { type: 'array', items: text, 'x-kubernetes-list-type': 'set', maxItems: 1 },
  inner: { type: 'object', required: ['x'], properties: { x: text, y: short }, maxProperties: 1 },
});

const old: Anything = {
  a: 'old',
  b: 'long text',
  list: [{ name: 'a', value: 'too long' }, { name: 'b' }],
  keyed: [{ name: 'a', value: 'too long' }, { name: 'b' }],
  map: { a: 'too long' },
  set: ['x', 'x'],
  inner: { y: 'too long' },
};

const changes: readonly Anything[] = [
  { b: 'ok' },
  { b: 'long again' },
  { a: 'other' },
  { a: null },
  { list: [{ name: 'a', value: 'too long' }, { name: 'c' }] },
  { list: [{ name: 'c' }, { name: 'a', value: 'too long' }] },
  { keyed: [{ name: 'c' }, { name: 'a', value: 'too long' }] },
  { keyed: [{ name: 'a', value: 'too long too' }] },
  { map: { a: 'too long', b: 'ok' } },
  { map: { c: 'too long' } },
  { set: ['x', 'x', 'y'] },
  { set: ['y'] },
  { inner: { y: 'too long', x: 'a' } },
  { inner: { y: null } },
  { inner: null },
];

async function ratcheted(hand: Hand): Promise<void> {
  const group = 'ratchets.example.com';
  const { define, alter } = definitionHand(hand);
  const { widget, create, patch, get, update, until } = widgetHand(hand, group);
  await define(definition(group, [version('v1', loose)]));
  await create(widget('old', { spec: old }));
  await alter(`widgets.${group}`, { spec: { versions: [version('v1', tight)] } });
  await until(widget('probe', { spec: { a: 'not ok' } }), 422);
  await create(widget('new', { spec: { b: 'long text' } }));
  await patch('old', { metadata: { labels: { a: 'b' } } });
  await patch('old', { status: { a: 'b' } });
  const path = `/apis/${group}/v1/namespaces/${hand.namespace}/widgets/old?dryRun=All`;
  for (const spec of changes) {
    await hand.ask({ method: 'PATCH', path, type: 'application/merge-patch+json', body: { spec } });
  }
  const live = await get('old');
  await update({ ...live, metadata: { ...live.metadata, creationTimestamp: null }, spec: { ...live.spec, b: 'fit' } });
}

async function updated(hand: Hand): Promise<void> {
  const group = 'updates.example.com';
  const { define } = definitionHand(hand);
  const { widget, create, patch, get, update, remove, apply } = widgetHand(hand, group);
  const status = {
    type: 'object',
    properties: { ready: { type: 'boolean' }, replicas: { type: 'integer' }, selector: text },
  };
  const schema = {
    type: 'object',
    required: ['spec'],
    properties: {
      spec: { type: 'object', required: ['replicas'], properties: { replicas: { type: 'integer' }, other: text } },
      status,
    },
  };
  const subresources = {
    status: {},
    scale: {
      specReplicasPath: '.spec.replicas',
      statusReplicasPath: '.status.replicas',
      labelSelectorPath: '.status.selector',
    },
  };
  await define(definition(group, [version('v1', schema, { subresources })]));
  await create(widget('none'));
  await create(widget('one', { spec: { replicas: 1 }, status: { ready: true } }));
  await create(widget('wrong', { spec: { replicas: -1 } }));
  await create(widget('wrong', { spec: { replicas: 2147483648 } }));
  await patch('one', { spec: { replicas: 2 } });
  await patch('one', { status: { ready: false } });
  await patch(
    'one',
    { status: { ready: true, replicas: 1, selector: 'a=b' }, spec: { replicas: 9 }, metadata: { labels: { x: 'y' } } },
    'status',
  );
  await patch('one', { status: { ready: 'yes' } }, 'status');
  await patch('one', { status: { replicas: -1 } }, 'status');
  await patch('one', { status: { selector: 1 } }, 'status');
  await patch('one', { status: null }, 'status');
  await patch('one', { status: { replicas: 2, selector: 'a=b,c in (d)' } }, 'status');
  const one = `/apis/${group}/v1/namespaces/${hand.namespace}/widgets/one`;
  const scale = (method: string, body?: Anything, type = 'application/json') =>
    hand.ask({ method, path: `${one}/scale?fieldManager=scaler`, ...(body ? { type, body } : {}) });
  const current = (await scale('GET')).body as Anything;
  const merge = 'application/merge-patch+json';
  await scale('PATCH', { spec: { replicas: 5 } }, merge);
  await scale('PATCH', { spec: { replicas: -5 } }, merge);
  await scale('PATCH', { spec: { replicas: 'x' } }, merge);
  await scale('PATCH', { spec: { replicas: 0 } }, merge);
  await scale('PUT', { ...current, spec: { replicas: 3 } });
  const { resourceVersion: _, creationTimestamp: __, ...metadata } = current.metadata;
  await scale('PUT', { ...current, metadata, spec: { replicas: 4 } });
  await get('one');
  const live = await get('one');
  const { resourceVersion: ___, creationTimestamp: ____, ...unconditional } = live.metadata;
  await update({ ...live, metadata: unconditional });
  await update({ ...live, metadata: { ...unconditional, resourceVersion: '1' } });
  await update({
    ...live,
    metadata: { ...unconditional, resourceVersion: live.metadata.resourceVersion },
    spec: { replicas: 7 },
  });
  await update(widget('nobody', { metadata: { name: 'nobody', resourceVersion: '1' }, spec: { replicas: 7 } }));
  await update({ ...widget('one', { status: { ready: true } }) }, 'status');
  await hand.ask({ method: 'GET', path: `${one}/status` });
  await hand.ask({ method: 'GET', path: `${one}/other` });
  await hand.ask({ method: 'POST', path: `${one}/status`, type: 'application/json', body: live });
  await hand.ask({ method: 'DELETE', path: `${one}/status` });
  await apply(widget('one', { spec: { replicas: 8 } }), 'applier');
  await apply(widget('one', { spec: { replicas: 8 } }), 'applier', '&force=true');
  await hand.ask({
    method: 'PATCH',
    path: one,
    type: 'application/strategic-merge-patch+json',
    body: { spec: { replicas: 1 } },
  });
  await patch('one', { metadata: { finalizers: ['example.com/held'] } });
  await remove('one');
  await patch('one', { metadata: { finalizers: ['example.com/held', 'example.com/more'] } });
  await patch('one', { metadata: { finalizers: null } });
  await remove('one');
}

export const updateScripts: readonly Script[] = [
  { name: 'crd-ratcheting', run: ratcheted },
  { name: 'crd-updates', run: updated },
];
