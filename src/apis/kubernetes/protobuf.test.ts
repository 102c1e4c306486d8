/** The codec on every served kind, against what Kubernetes' own libraries write (test/conformance/protobuf). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue, KubeObject } from '#kube/meta/object.ts';
import { createCodec } from '#kube/protobuf/codec.ts';
import { builtinKinds } from './kinds.ts';
import { protobufMessage } from './protobuf.ts';

interface Pair {
  readonly object: KubeObject & JsonObject;
  readonly protobuf: string;
}

const pairs = readFileSync(join(import.meta.dirname, 'testdata', 'protobuf.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Pair);

const codec = createCodec(protobufMessage);
const named = pairs.map((pair) => [`${pair.object.apiVersion} ${pair.object.kind}`, pair] as const);

describe('protobuf', () => {
  test('is there for every built-in kind, its list and what its subresources take', () => {
    const apiVersionOf = (group: string, version: string) => (group === '' ? version : `${group}/${version}`);
    const missing = builtinKinds().flatMap(({ group, version, kind, listKind, verbs, subresources: { others = [] } }) =>
      [
        { group, version, kind },
        ...(verbs.includes('list') ? [{ group, version, kind: listKind }] : []),
        ...others.map((other) => ({ group, version, ...other })),
      ].filter((each) => !protobufMessage(apiVersionOf(each.group, each.version), each.kind)),
    );
    expect(missing).toEqual([]);
    expect(protobufMessage('v1', 'Widget')).toBeUndefined();
    expect(protobufMessage('example.com/v1', 'Widget')).toBeUndefined();
  });

  test.each(named)('%s is written as Kubernetes writes it', (_name, { object, protobuf }) => {
    expect(codec.encode(object).toString('base64')).toBe(protobuf);
  });

  test.each(named)('%s is read as Kubernetes reads it', (_name, { object, protobuf }) => {
    expect(codec.decode(Buffer.from(protobuf, 'base64'))).toEqual(object);
  });

  test('of a list is the same item by item', () => {
    const lists = pairs.filter(({ object }) => object.kind.endsWith('List'));
    expect(lists.length).toBeGreaterThan(100);
    for (const { object, protobuf } of lists) {
      const items = ((object.items ?? []) as readonly JsonValue[]).map((item) =>
        codec.encodeItem(object, item as object),
      );
      const length = items.reduce((sum, item) => sum + item.byteLength, 0);
      const { head, tail } = codec.encodeAround({ ...object, metadata: object.metadata }, length);
      expect(Buffer.concat([head, ...items, tail]).toString('base64')).toBe(protobuf);
    }
  });

  test('of managed fields needs no parsed ones', () => {
    const pair = pairs.find(({ object }) => object.metadata?.managedFields?.[0]?.fieldsV1)!;
    const [entry] = pair.object.metadata.managedFields!;
    const text = JSON.stringify(entry!.fieldsV1);
    const holder = { ...entry, fieldsV1: undefined };
    const kept = createCodec(protobufMessage, (of, name) => (of === holder && name === 'fieldsV1' ? text : undefined));
    const object = { ...pair.object, metadata: { ...pair.object.metadata, managedFields: [holder] } };
    expect(kept.encode(object).toString('base64')).toBe(pair.protobuf);
  });
});
