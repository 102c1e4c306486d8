import { describe, expect, it } from 'vitest';
import { fieldSet, formatPath, fromFieldsV1, pathsOf } from '../fields/fieldset.ts';
import { deepFreeze } from '../meta/freeze.ts';
import type { KubeObject, ManagedFieldsEntry, UnstructuredObject } from '../meta/object.ts';
import { kinds } from './testdata/kinds.ts';
import { recordUpdate, type UpdateRecord } from './update.ts';

const SECOND = 1_000;

function configMap(data: Record<string, string>, metadata: Partial<KubeObject['metadata']> = {}): UnstructuredObject {
  return deepFreeze({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'c', namespace: 'd', uid: 'u', ...metadata },
    data,
  });
}

const record = (facts: Partial<UpdateRecord> & Pick<UpdateRecord, 'updated'>): KubeObject =>
  deepFreeze(recordUpdate({ schema: kinds.ConfigMap!, manager: 'alice', apiVersion: 'v1', now: 0, ...facts }));

const created = (data: Record<string, string>, manager = 'alice'): UnstructuredObject =>
  record({ updated: configMap(data), manager }) as UnstructuredObject;

const owners = (object: KubeObject): Record<string, readonly string[]> =>
  Object.fromEntries(
    (object.metadata.managedFields ?? []).map((entry) => [
      `${entry.manager} ${entry.operation} ${entry.time}`,
      pathsOf(fromFieldsV1(entry.fieldsV1)).map(formatPath),
    ]),
  );

describe('create', () => {
  it('gives everything but identity to its manager', () => {
    const object = record({
      updated: configMap(
        { a: '1' },
        { resourceVersion: '7', generation: 1, creationTimestamp: '2026-01-01T00:00:00Z', labels: { x: 'y' } },
      ),
      now: 1_767_225_599_999,
    });
    expect(object.metadata.managedFields).toEqual([
      {
        manager: 'alice',
        operation: 'Update',
        apiVersion: 'v1',
        time: '2025-12-31T23:59:59Z',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:data': { '.': {}, 'f:a': {} }, 'f:metadata': { 'f:labels': { '.': {}, 'f:x': {} } } },
      },
    ]);
    expect(Object.keys(object.metadata.managedFields![0]!)).toEqual([
      'manager',
      'operation',
      'apiVersion',
      'time',
      'fieldsType',
      'fieldsV1',
    ]);
  });

  it('of an object with nothing to own leaves no managedFields', () => {
    const object = recordUpdate({
      schema: kinds.Widget!,
      updated: { apiVersion: 'example.io/v1', kind: 'Widget', metadata: { name: 'w' } },
      manager: '',
      apiVersion: 'example.io/v1',
      now: 0,
    });
    expect('managedFields' in object.metadata).toBe(false);
  });

  it('calls a manager without a name unknown', () => {
    expect(owners(record({ updated: configMap({ a: '1' }), manager: '' }))).toHaveProperty(
      'unknown Update 1970-01-01T00:00:00Z',
    );
  });

  it('knows a native kind’s structs to be there always, and a custom kind’s to be new', () => {
    const spec = { spec: { strategy: { type: 'Recreate' }, size: 1 } };
    const deployment: KubeObject = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'x' },
      ...spec,
    } as KubeObject;
    const native = recordUpdate({
      schema: kinds.Deployment!,
      updated: deployment,
      manager: 'a',
      apiVersion: 'apps/v1',
      now: 0,
    });
    expect(native.metadata.managedFields![0]!.fieldsV1).toMatchObject({ 'f:spec': { 'f:strategy': { 'f:type': {} } } });
    expect(native.metadata.managedFields![0]!.fieldsV1!['f:spec']).not.toHaveProperty(['.']);
    const custom = recordUpdate({
      schema: kinds.Widget!,
      updated: deployment,
      manager: 'a',
      apiVersion: 'apps/v1',
      now: 0,
    });
    expect(custom.metadata.managedFields![0]!.fieldsV1).toMatchObject({ 'f:spec': { '.': {}, 'f:size': {} } });
  });
});

describe('update', () => {
  it('moves what changed to the writer and forgets what went', () => {
    const old = created({ a: '1', b: '1', c: '1' });
    const updated = configMap({ a: '1', b: '2', d: '1' }, { managedFields: old.metadata.managedFields });
    expect(owners(record({ old, updated, manager: 'bob', now: SECOND }))).toEqual({
      'alice Update 1970-01-01T00:00:00Z': ['.data', '.data.a'],
      'bob Update 1970-01-01T00:00:01Z': ['.data.b', '.data.d'],
    });
  });

  it('that changes nothing keeps entries and times by reference, however the object got there', () => {
    const old = created({ a: '1' });
    const parsed = JSON.parse(JSON.stringify(old)) as KubeObject;
    for (const updated of [
      parsed,
      configMap({ a: '1' }),
      { ...old, metadata: { ...old.metadata, resourceVersion: '9' } },
    ]) {
      const result = record({ old, updated, manager: 'bob', now: SECOND });
      expect(result.metadata.managedFields).toBe(old.metadata.managedFields);
    }
  });

  it('that only takes away changes no time', () => {
    const old = created({ a: '1', b: '1' });
    const result = record({ old, updated: configMap({ a: '1' }), now: SECOND });
    expect(owners(result)).toEqual({ 'alice Update 1970-01-01T00:00:00Z': ['.data', '.data.a'] });
  });

  it('by the same manager of the same field keeps the fields object and moves the time', () => {
    const old = created({ a: '1' });
    const [before] = old.metadata.managedFields!;
    const [after] = record({ old, updated: configMap({ a: '2' }), now: SECOND }).metadata.managedFields!;
    expect(after!.fieldsV1).toBe(before!.fieldsV1);
    expect(after!.time).toBe('1970-01-01T00:00:01Z');
  });

  it('drops entries that own nothing any more', () => {
    const old = record({ updated: configMap({ a: '2', b: '1' }), old: created({ b: '1' }, 'bob') });
    expect(Object.keys(owners(old))).toHaveLength(2);
    const result = record({ old, updated: configMap({ b: '1' }), manager: 'bob', now: SECOND });
    expect(owners(result)).toEqual({ 'bob Update 1970-01-01T00:00:00Z': ['.data', '.data.b'] });
  });

  it('keeps entries of another version as they are', () => {
    const foreign: ManagedFieldsEntry = deepFreeze({
      manager: 'old',
      operation: 'Update',
      apiVersion: 'v0',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:data': { 'f:a': {} } },
    });
    const old = configMap({ a: '1' }, { managedFields: [foreign] });
    expect(record({ old, updated: configMap({ a: '2' }) }).metadata.managedFields![0]).toBe(foreign);
  });

  it('leaves fields that the endpoint resets to their owners', () => {
    const old = created({ a: '1' });
    const result = record({
      old,
      updated: configMap({ a: '2', b: '1' }),
      manager: 'bob',
      resetFields: fieldSet(['data', 'a']),
      now: SECOND,
    });
    expect(owners(result)).toEqual({
      'alice Update 1970-01-01T00:00:00Z': ['.data', '.data.a'],
      'bob Update 1970-01-01T00:00:01Z': ['.data.b'],
    });
  });

  it('through a subresource is an entry of its own and ignores managedFields that were sent', () => {
    const old = created({ a: '1' });
    const result = record({
      old,
      updated: configMap({ a: '2' }, { managedFields: [] }),
      subresource: 'status',
      now: SECOND,
    });
    expect(result.metadata.managedFields!.map((entry) => entry.subresource)).toEqual([undefined, 'status']);
  });
});

describe('managedFields sent by a client', () => {
  const old = created({ a: '1' });

  it.each([[[]], [[{}]]])('%j clears them; nothing is tracked until the next apply', (managedFields) => {
    const cleared = record({ old, updated: configMap({ a: '2' }, { managedFields }) });
    expect('managedFields' in cleared.metadata).toBe(false);
    expect('managedFields' in record({ old: cleared, updated: configMap({ a: '3' }) }).metadata).toBe(false);
  });

  it('count where they are valid', () => {
    const managedFields = [{ ...old.metadata.managedFields![0]!, manager: 'carol' }];
    expect(owners(record({ old, updated: configMap({ a: '1' }, { managedFields }) }))).toEqual({
      'carol Update 1970-01-01T00:00:00Z': ['.data', '.data.a'],
    });
  });

  it.each<[string, Partial<ManagedFieldsEntry>]>([
    ['no operation', { operation: undefined }],
    ['no apiVersion', { apiVersion: '' }],
    ['no fieldsType', { fieldsType: undefined }],
    ['malformed fields', { fieldsV1: { spec: {} } }],
  ])('with %s count as not sent', (_, wrong) => {
    const managedFields = [{ ...old.metadata.managedFields![0]!, manager: 'carol', ...wrong }];
    const result = record({ old, updated: configMap({ a: '1' }, { managedFields }) });
    expect(result.metadata.managedFields).toBe(old.metadata.managedFields);
  });
});

describe('many managers', () => {
  it('beyond ten updaters are joined into ancient-changes, oldest first', () => {
    let object: KubeObject = created({ start: '0' }, 'first');
    for (let i = 1; i <= 12; i++) {
      const { data } = object as UnstructuredObject & { readonly data: Record<string, string> };
      object = record({
        old: object,
        updated: configMap({ ...data, [`k${i}`]: '1' }),
        manager: `m${i}`,
        now: i * SECOND,
      });
    }
    const names = Object.keys(owners(object)).map((name) => name.split(' ')[0]);
    expect(names).toEqual(['ancient-changes', 'm4', 'm5', 'm6', 'm7', 'm8', 'm9', 'm10', 'm11', 'm12']);
    expect(owners(object)['ancient-changes Update 1970-01-01T00:00:03Z']).toEqual([
      '.data',
      '.data.k1',
      '.data.k2',
      '.data.k3',
      '.data.start',
    ]);
  });
});

describe('a schema that has changed', () => {
  it('turns fields below what is atomic now into that one field', () => {
    const spec = { selector: { a: '1' }, size: 1 };
    const managedFields = [
      {
        manager: 'alice',
        operation: 'Update',
        apiVersion: 'example.io/v1',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:spec': { 'f:selector': { '.': {}, 'f:a': {} }, 'f:size': {} } },
      },
    ] as const;
    const widget = {
      apiVersion: 'example.io/v1',
      kind: 'Widget',
      metadata: { name: 'w', uid: 'u', managedFields },
      spec,
    };
    const updated = { ...widget, spec: { ...spec, size: 2 } };
    const result = recordUpdate({
      schema: kinds.Widget!,
      old: widget,
      updated,
      manager: 'bob',
      apiVersion: 'example.io/v1',
      now: 0,
    });
    expect(owners(result)).toEqual({
      'alice Update undefined': ['.spec.selector'],
      'bob Update 1970-01-01T00:00:00Z': ['.spec.size'],
    });
  });
});
