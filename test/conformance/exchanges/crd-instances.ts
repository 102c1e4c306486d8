/** Objects held to their definition: types, bounds, formats, combinations, lists, embedded objects, pruning, defaults. */
import type { Anything } from '#harness/kubectl.ts';
import { definition, definitionHand, specOf, version, widgetHand } from './crd-hand.ts';
import type { Hand, Script } from './hand.ts';

const text = { type: 'string' };

const everything = specOf({
  text: { ...text, minLength: 2, maxLength: 4 },
  pattern: { ...text, pattern: '^[a-z]+$' },
  choice: { ...text, enum: ['a', 'b'] },
  number: { type: 'number', minimum: 1, maximum: 9, multipleOf: 0.5 },
  integer: { type: 'integer', minimum: 1, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: true },
  small: { type: 'integer', format: 'int32' },
  flag: { type: 'boolean' },
  port: { 'x-kubernetes-int-or-string': true },
  bounded: {
    'x-kubernetes-int-or-string': true,
    anyOf: [{ type: 'integer' }, { type: 'string' }],
    pattern: '^[0-9]+%$',
  },
  nothing: { ...text, nullable: true },
  numbers: { type: 'array', items: { type: 'integer' }, minItems: 2, maxItems: 3 },
  set: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
  keyed: {
    type: 'array',
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name', 'port'],
    items: {
      type: 'object',
      required: ['name'],
      properties: { name: text, port: { type: 'integer', default: 80 }, extra: text },
    },
  },
  map: { type: 'object', additionalProperties: { type: 'integer' }, minProperties: 1, maxProperties: 2 },
  raw: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { known: text } },
  free: { 'x-kubernetes-preserve-unknown-fields': true },
  embedded: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
  closed: { type: 'object', 'x-kubernetes-embedded-resource': true, properties: { data: text } },
  any: { type: 'object', properties: { a: text, b: text }, anyOf: [{ required: ['a'] }, { required: ['b'] }] },
  one: { type: 'object', properties: { a: text, b: text }, oneOf: [{ required: ['a'] }, { required: ['b'] }] },
  all: { ...text, allOf: [{ minLength: 2 }, { pattern: '^x' }] },
  never: { ...text, not: { pattern: '^x' } },
  nested: {
    type: 'object',
    required: ['must'],
    properties: { must: text, deep: { type: 'object', properties: { a: text } } },
  },
});

const wrong: readonly Anything[] = [
  { text: 1 },
  { text: 'a' },
  { text: 'abcde' },
  { text: 'äö' },
  { text: null },
  { text: ['a'] },
  { text: { a: 1 } },
  { pattern: 'A' },
  { pattern: '' },
  { choice: 'c' },
  { choice: 1 },
  { choice: null },
  { number: 'a' },
  { number: 0.5 },
  { number: 10 },
  { number: 1.3 },
  { number: 2 },
  { number: 100000000.5 },
  { integer: 1 },
  { integer: 9 },
  { integer: 5.5 },
  { integer: '5' },
  { integer: true },
  { small: 2147483648 },
  { small: 1.5 },
  { small: 'a' },
  { small: 3000000000 },
  { flag: 'true' },
  { flag: 0 },
  { port: 1.5 },
  { port: true },
  { port: {} },
  { port: 80 },
  { port: 'http' },
  { bounded: '5%' },
  { bounded: 5 },
  { bounded: 'x' },
  { bounded: [] },
  { nothing: null },
  { nothing: 1 },
  { numbers: [1] },
  { numbers: [1, 2, 3, 4] },
  { numbers: ['a', 1] },
  { numbers: {} },
  { numbers: [1, null] },
  { set: ['a', 'b', 'a', 'a'] },
  { set: ['a', 1] },
  { keyed: [{ name: 'a' }, { name: 'a', port: 80 }] },
  { keyed: [{ port: 1 }] },
  { keyed: ['a'] },
  { keyed: [{ name: 'a' }, { name: 'a', port: 81 }] },
  { keyed: [{ name: 'a' }, { name: 'a' }, { name: 'a' }] },
  { map: {} },
  { map: { a: 1, b: 2, c: 3 } },
  { map: { a: 'x' } },
  { map: { 'a.b/c': 'x' } },
  { raw: { other: { a: [1] }, known: 'x' } },
  { raw: { known: 1 } },
  { raw: [] },
  { free: [1, { a: null }] },
  { embedded: {} },
  { embedded: { apiVersion: 'v1' } },
  { embedded: { apiVersion: '', kind: 'A' } },
  { embedded: { apiVersion: 'a/b/c', kind: 'A' } },
  { embedded: { apiVersion: 'v1', kind: 'x y' } },
  { embedded: { apiVersion: 1, kind: 'A' } },
  { embedded: { apiVersion: 'v1', kind: 'A', metadata: { name: 'A b', labels: { '-': 'x' }, unknown: 1 }, other: 1 } },
  { embedded: { apiVersion: 'v1', kind: 'A', metadata: { name: 1 } } },
  { embedded: { apiVersion: 'v1', kind: 'A', metadata: { labels: 'x' } } },
  {
    embedded: {
      apiVersion: 'v1',
      kind: 'A',
      metadata: { name: 'a', annotations: { b: 'c' }, creationTimestamp: null, unknown: 1 },
    },
  },
  { closed: { apiVersion: 'v1', kind: 'A', data: 'x', other: 1, metadata: { name: 'a' } } },
  { any: {} },
  { any: { a: 'x' } },
  { one: {} },
  { one: { a: 'x', b: 'y' } },
  { one: { a: 'x' } },
  { all: 'y' },
  { all: 'xy' },
  { all: 'yy' },
  { never: 'xy' },
  { never: 'y' },
  { nested: {} },
  { nested: { must: null } },
  { nested: { must: 'a', deep: { a: 'b', c: 'd' } } },
  { nested: [] },
  { nested: 'x' },
  { unknown: 1, text: 'abc' },
];

const bodies: readonly Anything[] = [
  { spec: 'x' },
  { spec: null },
  { spec: [] },
  { other: 1 },
  { metadata: { name: 'Upper' } },
  { metadata: { name: 'a', labels: { a: 1 } } },
  { metadata: { name: 'a', labels: { 'a b': 'c' } } },
  { metadata: { name: 'a', unknown: 1 } },
  { metadata: { name: 'a', finalizers: ['plain'] } },
  { metadata: { name: 'a', generateName: 5 } },
  { metadata: [] },
  { kind: 'Gadget' },
  { apiVersion: 'other.example.com/v1' },
  { apiVersion: 1 },
];

async function validated(hand: Hand): Promise<void> {
  const group = 'instances.example.com';
  const { define } = definitionHand(hand);
  const { widget, create } = widgetHand(hand, group);
  await define(definition(group, [version('v1', everything)]));
  const dry = '&dryRun=All';
  for (const spec of wrong) await create(widget('a', { spec }), dry);
  for (const body of bodies) await create(widget('a', body), dry);
  await create(
    widget('a', { spec: { unknown: 1, nested: { must: 'a', more: 1 } }, extra: 1 }),
    `${dry}&fieldValidation=Strict`,
  );
  await create(widget('a', { spec: { unknown: 1 } }), `${dry}&fieldValidation=Ignore`);
  await create(widget('a', { spec: { text: 1, unknown: 1 } }), `${dry}&fieldValidation=Strict`);
}

const times = [
  '2020-01-02T03:04:05Z',
  '2020-01-02T03:04:05.123+02:00',
  '2020-01-02 03:04:05',
  '2020-13-02T03:04:05Z',
  '2020-01-02',
  '2020-02-30',
  '',
];
const ids = [
  '123e4567e89b12d3a456426614174000',
  '123E4567e89b42d3a456426614174000',
  '123e4567e89b52d3a456426614174000',
  '123e4567e89b32d3a456426614174000',
  'x',
];
const addresses = [
  '1.2.3.4',
  '1.2.3.256',
  '01.2.3.4',
  '::1',
  '1:2:3:4:5:6:7:8',
  '::ffff:1.2.3.4',
  'fe80::1%eth0',
  '1::2::3',
  '',
];
const books = ['0321751043', '0-321-75104-3', '978-0321751041', '9780321751041', '9780321751042', '032175104X', ''];
const probes: Readonly<Record<string, readonly string[]>> = {
  'date-time': times,
  datetime: times,
  date: times,
  duration: ['5m', '1h30m', '22 ns', '3 days', '2 weeks', '-1.5h', '5', '0', '', '1 fortnight'],
  byte: ['aGVsbG8=', 'aGVsbG8', 'a-b_', '', 'aGVs\nbG8='],
  uuid: ids,
  uuid3: ids,
  uuid4: ids,
  uuid5: ids,
  hostname: ['a-b.example.com', '-a.b', 'a_b.c', 'a', 'A.B.', '1.2.3.4', 'x'.repeat(64), `${'a.'.repeat(127)}a`, ''],
  email: ['me@example.com', 'Me <me@example.com>', '@x', 'a@b', 'a b@c', 'x'],
  ipv4: addresses,
  ipv6: addresses,
  cidr: [
    '10.0.0.0/8',
    '10.0.0.1/8',
    '10.0.0.0/33',
    'fe80::/10',
    'fe80::/129',
    '1.2.3.4',
    '010.0.0.0/8',
    '::ffff:1.2.3.0/120',
  ],
  mac: [
    '01:23:45:67:89:ab',
    '0123.4567.89ab',
    '01-23-45-67-89-ab',
    '01:23:45:67:89',
    '02:00:5e:10:00:00:00:01',
    '01:23-45:67:89:ab',
  ],
  uri: ['https://a.b/c?d', '/path', 'a:b', 'http://[::1', 'x', 'http://a b', '*', ''],
  isbn: books,
  isbn10: books,
  isbn13: books,
  creditcard: ['4111111111111111', '4111 1111 1111 1111', '4111111111111112', '1234'],
  ssn: ['123-45-6789', '123 45 6789', '123456789', '12-345-6789'],
  hexcolor: ['#fff', '#ffff', 'ABCDEF', '#GGG'],
  rgbcolor: ['rgb(255,0,1)', 'rgb(256,0,1)', 'rgb( 1 , 2 , 3 )', 'rgb(1,2)', 'RGB(1,2,3)'],
  password: ['', 'x'],
  bsonobjectid: ['507f1f77bcf86cd799439011', '507f1f77bcf86cd79943901', 'x'],
  'k8s-short-name': ['my-name', 'My-Name', 'my.name', 'a'.repeat(64), ''],
  'k8s-long-name': ['my.name', 'My.Name', 'a..b', `${'a.'.repeat(127)}a`, ''],
  odd: ['', 'x'],
};

async function formatted(hand: Hand): Promise<void> {
  const group = 'formats.example.com';
  const { define } = definitionHand(hand);
  const { widget, create } = widgetHand(hand, group);
  const named = (format: string) => format.replaceAll('-', '');
  const properties = Object.fromEntries(
    Object.keys(probes).map((format) => [named(format), { type: 'array', items: { ...text, format } }]),
  );
  await define(definition(group, [version('v1', specOf({ each: { type: 'object', properties } }))]));
  for (const [format, texts] of Object.entries(probes)) {
    await create(widget('a', { spec: { each: { [named(format)]: texts } } }), '&dryRun=All');
  }
}

const defaulted = specOf(
  {
    text: { ...text, default: 'a' },
    nothing: { ...text, default: 'n', nullable: true },
    numbers: { type: 'array', items: { type: 'integer', default: 7 }, default: [1, 2] },
    inner: { type: 'object', default: {}, properties: { a: { ...text, default: 'x' }, b: text } },
    optional: { type: 'object', properties: { a: { ...text, default: 'y' } } },
    map: {
      type: 'object',
      additionalProperties: { type: 'object', properties: { a: { type: 'integer', default: 3 } } },
    },
    list: {
      type: 'array',
      items: { type: 'object', properties: { name: text, size: { type: 'integer', default: 1 } } },
    },
    port: { 'x-kubernetes-int-or-string': true, default: '80' },
    raw: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, default: { a: { b: 1 } } },
  },
  { default: {} },
);

async function filled(hand: Hand): Promise<void> {
  const group = 'defaults.example.com';
  const { define, alter } = definitionHand(hand);
  const { widget, create, get, patch, update, until, apply } = widgetHand(hand, group);
  await define(definition(group, [version('v1', defaulted)]));
  await create(widget('none'));
  await create(widget('empty', { spec: {} }));
  await create(
    widget('nulls', { spec: { text: null, nothing: null, inner: null, numbers: [null, 1], optional: null } }),
  );
  await create(
    widget('nested', { spec: { optional: {}, map: { x: {}, y: { a: 1 } }, list: [{ name: 'a' }, { size: 5 }] } }),
  );
  await create(widget('mapped', { spec: { map: { x: null } } }));
  await patch('empty', { spec: { text: null } });
  await patch('empty', { spec: { nothing: null } });
  await apply(widget('applied', { spec: { optional: {} } }), 'one');
  await apply(widget('applied', { spec: { optional: { a: 'z' } } }), 'two');
  await alter(`widgets.${group}`, {
    spec: {
      versions: [
        version('v1', {
          type: 'object',
          properties: {
            spec: { type: 'object', default: {}, properties: { text, late: { ...text, default: 'now' } } },
          },
        }),
      ],
    },
  });
  await until(widget('none', { spec: { nothing: 'gone' } }), 400);
  await get('none');
  await get('nested');
  await patch('nested', { metadata: { labels: { a: 'b' } } });
  const live = await get('empty');
  await update({ ...live, metadata: { ...live.metadata, creationTimestamp: null }, spec: { ...live.spec, text: 'b' } });
}

export const instanceScripts: readonly Script[] = [
  { name: 'crd-instances', run: validated },
  { name: 'crd-formats', run: formatted },
  { name: 'crd-defaults', run: filled },
];
