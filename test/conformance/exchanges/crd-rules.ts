/** CEL rules of definitions: which are refused, what they say of objects, and when they are asked. */
import type { Anything } from '#harness/kubectl.ts';
import { definition, definitionHand, specOf, version, widgetHand } from './crd-hand.ts';
import type { Hand, Script } from './hand.ts';

const text = { type: 'string' };
const integer = { type: 'integer' };
const ruled = (schema: Anything, ...rules: readonly Anything[]): Anything => ({
  ...schema,
  'x-kubernetes-validations': rules.map((rule) => (typeof rule === 'string' ? { rule } : rule)),
});
const object = (properties: Anything, more: Anything = {}): Anything => ({ type: 'object', properties, ...more });
const field = (schema: Anything): Anything => specOf({ field: schema });
const list = (items: Anything, more: Anything = {}): Anything => field({ type: 'array', items, ...more });
const numbers = object({ a: integer, b: integer });

const wrong: readonly Anything[] = [
  field(ruled(numbers, 'self.c > 1')),
  field(ruled(numbers, 'self.a')),
  field(ruled(numbers, 'self.a >')),
  field(ruled(numbers, 'self.a > "x"')),
  field(ruled(numbers, 'unknown(self)')),
  field(ruled(numbers, 'self.a > 1 && ')),
  field(ruled(numbers, '  ')),
  field(ruled(numbers, { rule: 'true', message: ' ' })),
  field(ruled(numbers, { rule: 'true', message: 'two\nlines' })),
  field(ruled(numbers, { rule: 'true ||\n false' })),
  field(ruled(numbers, { rule: 'true', messageExpression: 'self.a' })),
  field(ruled(numbers, { rule: 'true', messageExpression: 'self.none' })),
  field(ruled(numbers, { rule: 'true', messageExpression: '  ' })),
  field(ruled(numbers, { rule: 'true', reason: 'Because' })),
  field(ruled(numbers, { rule: 'true', fieldPath: '.c' })),
  field(ruled(numbers, { rule: 'true', fieldPath: 'a' })),
  field(ruled(numbers, { rule: 'self.a > 1', optionalOldSelf: true })),
  list(ruled(text, 'self == oldSelf')),
  list(ruled(text, 'self == oldSelf'), { 'x-kubernetes-list-type': 'set' }),
  list(ruled(text, 'self.matches("^a+$")')),
  list(ruled(text, 'self.matches("^a+$")'), { maxItems: 1000 }),
  list(ruled({ ...text, maxLength: 10 }, 'self.matches("^a+$")'), { maxItems: 1000 }),
  field(ruled({ type: 'array', items: text }, 'self.all(a, self.all(b, a == b))')),
  field(ruled({ type: 'array', items: text, maxItems: 5000 }, 'self.all(a, self.exists_one(b, a == b))')),
  field(ruled({ type: 'object', additionalProperties: text }, 'self.all(k, self[k].contains("x"))')),
  field({ 'x-kubernetes-preserve-unknown-fields': true, ...ruled({}, 'true') }),
  field(ruled({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true }, 'has(self.a)')),
  ruled(object({ spec: numbers }), 'self.metadata.labels.size() > 0'),
  ruled(object({ metadata: ruled({ type: 'object' }, 'true'), spec: numbers }), 'self.metadata.name != ""'),
  field(ruled({ ...integer, default: 1 }, 'self > 1')),
  field({ ...text, anyOf: [ruled({}, 'true')] }),
];

/** Together too much, though none is by itself. */
const expensive = specOf(
  Object.fromEntries(
    Array.from({ length: 11 }, (_, index) => [
      `f${String(index).padStart(2, '0')}`,
      ruled(
        { type: 'array', maxItems: 200, items: { ...text, maxLength: 100 } },
        'self.all(a, self.exists(b, a == b && b.startsWith("a")))',
      ),
    ]),
  ),
);

async function refused(hand: Hand): Promise<void> {
  const group = 'badrules.example.com';
  const { offer, define } = definitionHand(hand);
  // What is not refused exists already.
  await define(definition(group, [version('v1')]));
  for (const schema of wrong) await offer(definition(group, [version('v1', schema)]));
  await offer(definition(group, [version('v1', expensive)]));
}

const rules = ruled(
  object({
    spec: object({
      low: ruled(integer, { rule: 'self >= 0', message: 'low may not be negative', reason: 'FieldValueForbidden' }),
      pair: ruled(
        object({ a: integer, b: integer }),
        {
          rule: 'self.a < self.b',
          messageExpression: 'self.a == 300 ? "three hundred is too much" : "a is not less than b"',
        },
        { rule: 'self.b < 100', fieldPath: '.b', reason: 'FieldValueInvalid' },
        { rule: 'self.a != 7', fieldPath: '.a', reason: 'FieldValueDuplicate', message: 'seven' },
        { rule: 'self.a != 8', reason: 'FieldValueRequired', message: 'eight' },
      ),
      fixed: ruled(text, { rule: 'self == oldSelf', message: 'fixed is immutable' }),
      counted: ruled(integer, { rule: 'oldSelf.orValue(0) <= self', optionalOldSelf: true }),
      names: ruled(
        { type: 'array', maxItems: 10, items: { ...text, maxLength: 10 } },
        { rule: 'self.all(n, n.matches("^[a-z]+$"))' },
      ),
      keyed: {
        type: 'array',
        maxItems: 10,
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
        items: ruled(
          object({ name: { ...text, maxLength: 10 }, size: integer }, { required: ['name'] }),
          'self.size >= oldSelf.size',
          { rule: 'self.size < 100', message: 'too large' },
        ),
      },
      labels: {
        type: 'object',
        maxProperties: 5,
        additionalProperties: ruled({ ...text, maxLength: 10 }, 'self.startsWith("x")'),
      },
      port: ruled({ 'x-kubernetes-int-or-string': true }, 'type(self) == int ? self > 0 : self != ""'),
      when: ruled({ ...text, format: 'date-time' }, 'self > timestamp("2020-01-01T00:00:00Z")'),
      divided: ruled(integer, '10 / self > 1'),
      'odd-name': integer,
    }),
    status: object({ ready: ruled({ type: 'boolean' }, 'self || !oldSelf') }),
  }),
  { rule: 'self.metadata.name.size() < 10', message: 'short names only' },
  { rule: '!has(self.spec) || !has(self.spec.odd__dash__name) || self.spec.odd__dash__name > 0' },
);

const specs: readonly Anything[] = [
  { low: -1 },
  { low: 'x' },
  { pair: { a: 2, b: 1 } },
  { pair: { a: 1 } },
  { pair: { a: 1, b: 100 } },
  { pair: { a: 7, b: 9 } },
  { pair: { a: 8, b: 9 } },
  { pair: { a: 300, b: 200 } },
  { fixed: 'new' },
  { counted: -1 },
  { counted: 1 },
  { names: ['a', 'B'] },
  { keyed: [{ name: 'a', size: 100 }, { name: 'b' }] },
  { labels: { a: 'y' } },
  { port: 0 },
  { port: '' },
  { when: '2019-01-01T00:00:00Z' },
  { when: 'never' },
  { divided: 0 },
  { 'odd-name': 0 },
];

async function asked(hand: Hand): Promise<void> {
  const group = 'rules.example.com';
  const { define } = definitionHand(hand);
  const { widget, create, patch } = widgetHand(hand, group);
  await define(definition(group, [version('v1', rules, { subresources: { status: {} } })]));
  for (const spec of specs) await create(widget('a', { spec }), '&dryRun=All');
  await create(widget('much-too-long', { spec: {} }), '&dryRun=All');
  await create(
    widget('one', {
      spec: {
        fixed: 'a',
        counted: 5,
        keyed: [
          { name: 'a', size: 5 },
          { name: 'b', size: 9 },
        ],
        low: 3,
      },
    }),
  );
  await patch('one', { spec: { fixed: 'b' } });
  await patch('one', { spec: { fixed: null } });
  await patch('one', { spec: { fixed: 'c' } });
  await patch('one', { spec: { counted: 4 } });
  await patch('one', {
    spec: {
      keyed: [
        { name: 'b', size: 10 },
        { name: 'a', size: 4 },
      ],
    },
  });
  await patch('one', { spec: { keyed: [{ name: 'c', size: 1 }] } });
  await patch('one', { spec: { low: -3 } });
  await patch('one', { status: { ready: true } }, 'status');
  await patch('one', { status: { ready: false } }, 'status');
}

/** What a rule finds wrong may stay when it was so before, and is warned of. */
async function ratcheted(hand: Hand): Promise<void> {
  const group = 'tightened.example.com';
  const { define, alter } = definitionHand(hand);
  const { widget, create, patch, until } = widgetHand(hand, group);
  const part = object({ a: integer, b: integer });
  const schema = (inner: Anything, low: Anything) => specOf({ low, part: inner });
  await define(definition(group, [version('v1', schema(part, integer))]));
  // One wrong thing in each: the order of warnings is chance.
  await create(widget('low', { spec: { low: -1 } }));
  await create(widget('part', { spec: { part: { a: 5, b: 1 } } }));
  const tight = schema(
    ruled(part, { rule: 'self.a < self.b', message: 'a is less than b' }),
    ruled(integer, 'self >= 0'),
  );
  await alter(`widgets.${group}`, { spec: { versions: [version('v1', tight)] } });
  await until(widget('probe', { spec: { low: -1 } }), 422);
  await patch('low', { metadata: { labels: { a: 'b' } } });
  await patch('low', { spec: { low: -2 } });
  await patch('low', { spec: { part: { a: 1, b: 2 } } });
  await patch('low', { spec: { low: 2 } });
  await patch('part', { spec: { low: 1 } });
  await patch('part', { spec: { part: { a: 6 } } });
  await patch('part', { spec: { part: { b: 9 } } });
}

export const ruleScripts: readonly Script[] = [
  { name: 'crd-rules-refused', run: refused },
  { name: 'crd-rules', run: asked },
  { name: 'crd-rules-ratcheting', run: ratcheted },
];
