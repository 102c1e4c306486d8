/** Kept as text, an object is to every reader what it was. */
import { describe, expect, test } from 'vitest';
import { deepFreeze } from '#kube/meta/freeze.ts';
import type { JsonObject, KubeObject, ManagedFieldsEntry } from '#kube/meta/object.ts';
import { keepFieldsAsText } from './kept-fields.ts';
import { fromDiskText, jsonText, toDiskText } from './object-text.ts';

const fields = (name: string): JsonObject => ({
  'f:spec': { 'f:containers': { [`k:{"name":"${name}"}`]: { '.': {} } } },
});

function entry(manager: string, name: string): ManagedFieldsEntry {
  const time = '2026-11-22T20:00:00Z';
  const fieldsV1 = fields(name);
  return {
    manager,
    operation: 'Update',
    apiVersion: 'apps/v1',
    time,
    fieldsType: 'FieldsV1',
    fieldsV1,
    subresource: 'status',
  };
}

function object(...managedFields: readonly ManagedFieldsEntry[]): KubeObject {
  const metadata = { name: 'web', labels: { app: 'größe "x"' }, managedFields };
  return deepFreeze({ apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas: 2 } }) as KubeObject;
}

const original = object(entry('kubectl', 'nginx'), entry('manager', 'sidecar'));
const kept = keepFieldsAsText(original);
const entries = (of: KubeObject) => of.metadata.managedFields!;

test('reads as before: by name, by spreading, by enumerating, as JSON', () => {
  expect(kept).not.toBe(original);
  expect(kept).toEqual(original);
  expect(entries(kept)[0]!.fieldsV1).toEqual(fields('nginx'));
  expect({ ...entries(kept)[0]!, time: 'later' }).toEqual({ ...entries(original)[0]!, time: 'later' });
  expect(Object.keys(entries(kept)[0]!)).toEqual(Object.keys(entries(original)[0]!));
  expect(Object.getPrototypeOf(entries(kept)[0])).toBe(Object.prototype);
  expect(JSON.stringify(kept)).toBe(JSON.stringify(original));
});

test('is not parsed anew each time, nor by one for another, and cannot be changed', () => {
  expect(entries(kept)[0]!.fieldsV1).toBe(entries(kept)[0]!.fieldsV1);
  const other = keepFieldsAsText(object(entry('other', 'nginx')));
  expect(entries(other)[0]!.fieldsV1).toBe(entries(kept)[0]!.fieldsV1);
  expect(Object.isFrozen(entries(kept)[0])).toBe(true);
  expect(Object.isFrozen(entries(kept)[0]!.fieldsV1!['f:spec'])).toBe(true);
});

test('what is kept, or has nothing to keep, stays the same object', () => {
  expect(keepFieldsAsText(kept)).toBe(kept);
  const changed = keepFieldsAsText({
    ...kept,
    metadata: { ...kept.metadata, managedFields: [entries(kept)[0]!, entry('new', 'init')] },
  });
  expect(entries(changed)[0]).toBe(entries(kept)[0]);
  expect(entries(changed)[1]!.fieldsV1).toEqual(fields('init'));
  for (const same of [object(), { apiVersion: 'v1', kind: 'Pod', metadata: {} }])
    expect(keepFieldsAsText(same)).toBe(same);
});

test('survives the disk', () => {
  const read = fromDiskText(toDiskText(kept));
  expect(read).toEqual(original);
  expect(keepFieldsAsText(read)).toBe(read);
  expect(JSON.stringify(read)).toBe(JSON.stringify(original));
  // Objects that never were kept are written as they are.
  expect(fromDiskText(toDiskText(original))).toEqual(original);
  expect(toDiskText(kept)).toMatchObject({
    fields: [JSON.stringify(fields('nginx')), JSON.stringify(fields('sidecar'))],
  });
});

describe('jsonText', () => {
  test.each([
    ['kept', kept],
    ['not kept', original],
    ['without managers', object()],
    [
      'with nothing else in its metadata',
      keepFieldsAsText({ ...original, metadata: { managedFields: [entry('m', 'n')] } }),
    ],
  ])('of an object %s is its JSON', (_what, value) => {
    expect(jsonText(value)).toBe(JSON.stringify(value));
  });
});

test('more texts and more readers than are remembered change nothing', () => {
  const many = Array.from({ length: 9_000 }, (_, index) => keepFieldsAsText(object(entry('m', `n${index}`))));
  for (const index of [0, 1, 4_500, 8_999]) expect(entries(many[index]!)[0]!.fieldsV1).toEqual(fields(`n${index}`));
});
