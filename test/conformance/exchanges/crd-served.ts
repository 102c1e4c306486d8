/** How kinds of definitions are served: conditions, versions, columns, selectable fields, discovery, documentation, the end. */
import type { Anything } from '#harness/kubectl.ts';
import { definition, definitionHand, specOf, version, widgetHand } from './crd-hand.ts';
import type { Hand, Script } from './hand.ts';

const text = { type: 'string' };
const table = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

async function conditions(hand: Hand): Promise<void> {
  const group = 'conditions.example.com';
  const { define, read, change, offer, remove } = definitionHand(hand);
  await define(
    definition(group, [version('v1'), version('v2')], {
      names: { plural: 'widgets', kind: 'Widget', shortNames: ['wd'], categories: ['all', 'parts'] },
    }),
  );
  await read(`widgets.${group}`);
  await hand.ask({
    method: 'GET',
    path: `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.${group}/status`,
  });
  await hand.ask({ method: 'GET', path: `/apis/${group}` });
  await hand.ask({ method: 'GET', path: `/apis/${group}/v1` });
  await hand.ask({ method: 'GET', path: `/apis/${group}/v2` });
  // Objects of a definition whose names are taken are not served.
  const second = { ...definition(group, [version('v1')]), metadata: { name: `gadgets.${group}` } };
  const names = { plural: 'gadgets', kind: 'Widget', listKind: 'GadgetList', shortNames: ['wd', 'gd'] };
  await offer({ ...second, spec: { ...second.spec, names, scope: 'Nowhere' } });
  await remove(`nothing.${group}`);
  await change(`widgets.${group}`, { status: { storedVersions: ['v2'] } });
}

async function versions(hand: Hand): Promise<void> {
  const group = 'versions.example.com';
  const { define, read, alter } = definitionHand(hand);
  const { widget, create, get, list, patch, update, until, apply } = widgetHand(hand, group);
  const fields = { size: { type: 'integer' }, old: text };
  const first = specOf({ ...fields, fresh: { type: 'integer' } });
  const second = specOf({ ...fields, fresh: { type: 'integer', default: 7 } });
  await define(definition(group, [version('v1', first), version('v2', second)]));
  await create(widget('a', { spec: { size: 1, old: 'x' } }));
  await get('a', 'v2');
  await create(widget('b', { spec: { size: 2, old: 'y', unknown: 1 } }, 'v2'));
  await get('b');
  await patch('a', { spec: { fresh: 3 } }, undefined, 'v2');
  await get('a');
  await apply(widget('a', { spec: { size: 4 } }, 'v2'), 'two');
  await apply(widget('a', { spec: { size: 4 } }, 'v2'), 'two', '&force=true');
  await apply(widget('a', { spec: { size: 5 } }), 'one', '&force=true');
  await create({ ...widget('c'), apiVersion: `${group}/v2` });
  await alter(`widgets.${group}`, {
    spec: {
      versions: [version('v1', first, { storage: false, deprecated: true }), version('v2', second, { storage: true })],
    },
  });
  await until(widget('probe', { spec: { unknown: 1 } }), 400);
  await hand.ask({ method: 'GET', path: `/apis/${group}`, until: 200 });
  await read(`widgets.${group}`);
  await create(widget('d', { spec: { size: 3, old: 'z' } }));
  await get('d', 'v2');
  await patch('b', { metadata: { labels: { moved: 'yes' } } });
  const live = await get('a');
  await update({ ...live, metadata: { ...live.metadata, creationTimestamp: null } });
  await list('', 'v2');
  await alter(`widgets.${group}`, {
    spec: {
      versions: [version('v1', first, { storage: false, served: false }), version('v2', second, { storage: true })],
    },
  });
  await until(widget('e'), 404);
  await get('a', 'v2');
}

/** What another version does not know is not shown in it, and not stored when it is the stored one. */
async function pruned(hand: Hand): Promise<void> {
  const group = 'pruned.example.com';
  const { define } = definitionHand(hand);
  const { widget, create, get } = widgetHand(hand, group);
  const size = { type: 'integer' };
  await define(
    definition(group, [
      version('v1', specOf({ size, old: text })),
      version('v2', specOf({ size, fresh: { type: 'integer', default: 7 } })),
    ]),
  );
  await create(widget('a', { spec: { size: 1, old: 'x', fresh: 1 } }));
  await get('a', 'v2');
  await create(widget('b', { spec: { size: 2, old: 'y' } }, 'v2'));
  await get('b');
  await create(widget('c', { spec: { size: 2, fresh: 3 } }, 'v2'), '&dryRun=All');
}

const columns: readonly Anything[] = [
  { name: 'Text', type: 'string', jsonPath: '.spec.text', description: 'a text' },
  { name: 'Count', type: 'integer', jsonPath: '.spec.count', format: 'int32' },
  { name: 'Part', type: 'number', jsonPath: '.spec.part' },
  { name: 'Flag', type: 'boolean', jsonPath: '.spec.flag', priority: 1 },
  { name: 'When', type: 'date', jsonPath: '.spec.when' },
  { name: 'First', type: 'string', jsonPath: '.spec.list[0].name' },
  { name: 'All', type: 'string', jsonPath: '.spec.list[*].name' },
  { name: 'Ready', type: 'string', jsonPath: '.spec.list[?(@.name=="b")].value' },
  { name: 'Object', type: 'string', jsonPath: '.spec.map' },
  { name: 'Label', type: 'string', jsonPath: '.metadata.labels.a\\.b/c' },
  { name: 'Wrong', type: 'integer', jsonPath: '.spec.text' },
  { name: 'Name', type: 'string', jsonPath: '.metadata.name' },
];

async function shown(hand: Hand): Promise<void> {
  const group = 'columns.example.com';
  const { define } = definitionHand(hand);
  const { widget, create, list } = widgetHand(hand, group);
  const schema = specOf({
    text,
    count: { type: 'integer' },
    part: { type: 'number' },
    flag: { type: 'boolean' },
    when: { ...text, format: 'date-time' },
    list: { type: 'array', items: { type: 'object', properties: { name: text, value: text } } },
    map: { type: 'object', additionalProperties: text },
  });
  await define(
    definition(group, [version('v1', schema, { additionalPrinterColumns: columns }), version('v2', schema)]),
  );
  await create(
    widget('full', {
      metadata: { name: 'full', labels: { 'a.b/c': 'x' } },
      spec: {
        text: 'abc',
        count: 3,
        part: 1.5,
        flag: true,
        when: 'not a time',
        list: [{ name: 'a' }, { name: 'b', value: 'yes' }],
        map: { a: 'b' },
      },
    }),
  );
  await create(widget('fuller', { spec: { text: '', count: 0, part: 2, flag: false, list: [], map: {} } }));
  await create(widget('bare'));
  await list('?includeObject=None', 'v1', table);
  await list('?includeObject=Object&labelSelector=a.b/c', 'v1', table);
  await hand.ask({
    method: 'GET',
    path: `/apis/${group}/v1/namespaces/${hand.namespace}/widgets/full?includeObject=Metadata`,
    accept: table,
  });
}

async function selected(hand: Hand): Promise<void> {
  const group = 'selected.example.com';
  const { define } = definitionHand(hand);
  const { widget, create, list } = widgetHand(hand, group);
  const schema = specOf({ colour: text, size: { type: 'integer' }, flag: { type: 'boolean' }, 'odd-name': text });
  const selectableFields = ['.spec.colour', '.spec.size', '.spec.flag'].map((jsonPath) => ({ jsonPath }));
  await define(
    definition(group, [version('v1', schema, { selectableFields }), version('v2', specOf({ colour: text }))]),
  );
  await create(widget('a', { spec: { colour: 'red', size: 1, flag: true } }));
  await create(widget('b', { spec: { colour: 'blue', size: 10 } }));
  await create(widget('c', { spec: {} }));
  const names = async (selector: string, served = 'v1') => {
    await list(`?fieldSelector=${encodeURIComponent(selector)}`, served);
  };
  for (const selector of [
    'spec.colour=red',
    'spec.colour!=red',
    'spec.size=10',
    'spec.flag=true,spec.colour=red',
    'spec.colour=',
    'spec.flag=false',
    'spec.other=x',
    'metadata.name=b,spec.size=10',
    'metadata.namespace=none',
    '.spec.colour=red',
    'spec.colour in (red)',
  ]) {
    await names(selector);
  }
  await names('spec.colour=red', 'v2');
  const path = `/apis/${group}/v1/namespaces/${hand.namespace}/widgets?fieldSelector=spec.colour%3Dred`;
  await hand.ask({ method: 'DELETE', path });
  await list();
}

async function ended(hand: Hand): Promise<void> {
  const group = 'ends.example.com';
  const { define, remove, read, alter } = definitionHand(hand);
  const { widget, create, get, patch } = widgetHand(hand, group);
  const name = `widgets.${group}`;
  await define(definition(group, [version('v1')]));
  await create(widget('held', { metadata: { name: 'held', finalizers: ['example.com/held'] } }));
  await create(widget('free'));
  await remove(name);
  await hand.ask({ method: 'GET', path: `/apis/${group}/v1/namespaces/${hand.namespace}/widgets/free`, until: 404 });
  await create(widget('late'));
  await get('held');
  await patch('held', { metadata: { labels: { a: 'b' } } });
  await alter(name, { metadata: { labels: { a: 'b' } } });
  await patch('held', { metadata: { finalizers: null } });
  await hand.ask({
    method: 'GET',
    path: `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`,
    until: 404,
  });
  await read(name);
  await hand.ask({ method: 'GET', path: `/apis/${group}/v1`, until: 404 });
}

export const servedScripts: readonly Script[] = [
  { name: 'crd-conditions', run: conditions },
  { name: 'crd-versions', run: versions },
  { name: 'crd-pruned', run: pruned },
  { name: 'crd-columns', run: shown },
  { name: 'crd-selected', run: selected },
  { name: 'crd-ends', run: ended },
];
