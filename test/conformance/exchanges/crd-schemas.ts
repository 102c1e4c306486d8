/** Schemas that are refused: what is not structural, marks that contradict each other, defaults that do not fit. */
import type { Anything } from '#harness/kubectl.ts';
import { definition, definitionHand, specOf, version } from './crd-hand.ts';
import type { Hand, Script } from './hand.ts';

const group = 'schemas.example.com';
const text = { type: 'string' };
const object = (properties: Anything, more: Anything = {}): Anything => ({ type: 'object', properties, ...more });
const field = (schema: Anything): Anything => specOf({ field: schema });
const list = (items: Anything, more: Anything = {}): Anything => field({ type: 'array', items, ...more });

const roots: readonly Anything[] = [
  {},
  { type: 'array', items: text },
  { type: 'string' },
  { type: 'odd' },
  { type: 'object', nullable: true },
  { type: 'object', additionalProperties: text },
  { type: 'object', additionalProperties: true },
  { type: 'object', 'x-kubernetes-preserve-unknown-fields': false },
  { 'x-kubernetes-preserve-unknown-fields': true },
  object({ metadata: { type: 'object', properties: { labels: { type: 'object' } } } }),
  object({ metadata: { type: 'string' } }),
  object({ metadata: { type: 'object', properties: { name: { type: 'string', default: 'a' } } } }),
  object({ apiVersion: { type: 'integer' } }),
  object({ kind: { type: 'object' } }),
  object({ kind: { type: 'string', default: 'Widget' } }),
];

const structure: readonly Anything[] = [
  field({}),
  field({ type: 'null' }),
  field({ type: 'odd' }),
  field({ properties: { a: text } }),
  field({ type: 'array' }),
  field({ type: 'array', items: {} }),
  field({ type: 'array', items: [text] }),
  field(object({ a: text }, { additionalProperties: text })),
  field({ type: 'object', additionalProperties: {} }),
  field({ type: 'object', additionalProperties: false }),
  field(object({ a: text }, { additionalProperties: false })),
  field({ type: 'string', pattern: '(' }),
  field({ type: 'string', pattern: '^[a-z]{3}(?=x)' }),
  field({ type: 'array', items: text, uniqueItems: true }),
  field({ type: 'string', $ref: '#/definitions/x' }),
  field({ type: 'string', id: 'x' }),
  field({ type: 'object', patternProperties: { a: text } }),
  field({ type: 'object', definitions: { a: text } }),
  field({ type: 'object', dependencies: { a: ['b'] } }),
  field({ type: 'array', items: text, additionalItems: true }),
  field({ 'x-kubernetes-int-or-string': true, type: 'string' }),
  field({ 'x-kubernetes-int-or-string': true, 'x-kubernetes-preserve-unknown-fields': true }),
  field({ 'x-kubernetes-int-or-string': true, 'x-kubernetes-embedded-resource': true }),
  field({ 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'string' }, { type: 'integer' }] }),
  field({ 'x-kubernetes-embedded-resource': true }),
  field({ 'x-kubernetes-embedded-resource': true, type: 'string' }),
  field({ 'x-kubernetes-embedded-resource': true, type: 'object' }),
  field({ 'x-kubernetes-embedded-resource': true, type: 'object', additionalProperties: text }),
  field({ 'x-kubernetes-preserve-unknown-fields': false, type: 'object' }),
];

const combinations: readonly Anything[] = [
  field({ type: 'string', anyOf: [{ type: 'string' }] }),
  field({ type: 'string', allOf: [{ description: 'x' }] }),
  field({ type: 'string', oneOf: [{ title: 'x' }] }),
  field({ type: 'string', not: { nullable: true } }),
  field({ type: 'string', anyOf: [{ default: 'x' }] }),
  field({ type: 'object', anyOf: [{ additionalProperties: text }] }),
  field({ type: 'object', anyOf: [{ 'x-kubernetes-preserve-unknown-fields': true }] }),
  field({ type: 'array', items: text, anyOf: [{ 'x-kubernetes-list-type': 'set' }] }),
  field({ type: 'object', anyOf: [{ 'x-kubernetes-map-type': 'atomic' }] }),
  field({ type: 'object', anyOf: [{ 'x-kubernetes-validations': [{ rule: 'true' }] }] }),
  field(object({ a: text }, { anyOf: [{ properties: { b: { minLength: 1 } } }] })),
  field(object({ a: text }, { not: { properties: { b: {} } } })),
  field(object({ a: text }, { allOf: [{ properties: { a: { not: { properties: { c: {} } } } } }] })),
  field({ type: 'string', anyOf: [{ items: { minLength: 1 } }] }),
  field(object({ metadata: { type: 'object' } }, { anyOf: [{ properties: { metadata: {} } }] })),
];

const marks: readonly Anything[] = [
  field({ type: 'string', 'x-kubernetes-list-type': 'set' }),
  field({ 'x-kubernetes-preserve-unknown-fields': true, 'x-kubernetes-list-type': 'set' }),
  list(text, { 'x-kubernetes-list-type': 'odd' }),
  list(text, { 'x-kubernetes-list-type': 'map' }),
  list(text, { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['a'] }),
  list(object({ a: text }), { 'x-kubernetes-list-map-keys': ['a'] }),
  list(object({ a: text }), { 'x-kubernetes-list-type': 'set', 'x-kubernetes-list-map-keys': ['a'] }),
  list(object({ a: text }), { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['a'] }),
  list(object({ a: { ...text, default: 'x', nullable: true } }), {
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['a'],
  }),
  list(object({ a: text }, { required: ['a'] }), {
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['a', 'b'],
  }),
  list(object({ a: text }, { required: ['a'] }), {
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['a', 'a'],
  }),
  list(object({ a: { type: 'object' } }, { required: ['a'] }), {
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['a'],
  }),
  list({ ...text, nullable: true }, { 'x-kubernetes-list-type': 'set' }),
  list(object({ a: text }), { 'x-kubernetes-list-type': 'set' }),
  list({ type: 'array', items: text, 'x-kubernetes-list-type': 'set' }, { 'x-kubernetes-list-type': 'set' }),
  field({ type: 'string', 'x-kubernetes-map-type': 'atomic' }),
  field({ type: 'object', 'x-kubernetes-map-type': 'odd' }),
  field({ 'x-kubernetes-preserve-unknown-fields': true, 'x-kubernetes-map-type': 'atomic' }),
];

const defaults: readonly Anything[] = [
  field({ type: 'string', default: 1 }),
  field({ type: 'integer', default: 'a' }),
  field({ type: 'string', enum: ['a'], default: 'b' }),
  field({ type: 'string', minLength: 3, default: 'ab' }),
  field(object({ a: text }, { default: { b: 1 } })),
  field(object({ a: text }, { default: { a: 1 } })),
  field(object({ a: text }, { required: ['a'], default: {} })),
  field({ type: 'array', items: { type: 'integer' }, default: ['a'] }),
  field({ type: 'object', additionalProperties: { type: 'string', default: 1 } }),
  field({
    type: 'object',
    'x-kubernetes-embedded-resource': true,
    'x-kubernetes-preserve-unknown-fields': true,
    default: { kind: 'A' },
  }),
  field({
    type: 'object',
    'x-kubernetes-embedded-resource': true,
    'x-kubernetes-preserve-unknown-fields': true,
    default: { apiVersion: 'v1', kind: 'A', metadata: { name: 1 } },
  }),
  field({ type: 'string', default: 'x', anyOf: [{ minLength: 2 }] }),
];

const subresourceRoots: readonly Anything[] = [
  object({ a: text }, { anyOf: [{ required: ['a'] }] }),
  object({ a: text }, { nullable: true }),
];

async function refused(hand: Hand): Promise<void> {
  const { offer, define } = definitionHand(hand);
  // What is not refused exists already.
  await define(definition(group, [version('v1')]));
  const offered = (schema: Anything, more: Anything = {}) => offer(definition(group, [version('v1', schema, more)]));
  for (const schema of [...roots, ...structure]) await offered(schema);
  for (const schema of [...combinations, ...marks, ...defaults]) await offered(schema);
  for (const schema of subresourceRoots) await offered(schema, { subresources: { status: {} } });
}

export const schemaScripts: readonly Script[] = [{ name: 'crd-schemas', run: refused }];
