/** A record is what was written under its key, or it is none. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KubeObject } from '#kube/meta/object.ts';
import { keepFieldsAsText } from './kept-fields.ts';
import { decodeHeader, decodeObject, RecordEncoder } from './record.ts';

const key = '1 apps/deployments default web';

function object(data: unknown, managers: number): KubeObject {
  const managedFields = Array.from({ length: managers }, (_, index) => ({
    manager: `m${index}`,
    fieldsV1: { [`f:${index}`]: {} },
  }));
  return { apiVersion: 'v1', kind: 'Thing', metadata: { name: 'x', managedFields }, data } as unknown as KubeObject;
}

test('anything JSON can carry comes back, with its revision and time', () => {
  const encoder = new RecordEncoder();
  const time = fc.integer({ min: 0, max: 4e12 });
  fc.assert(
    fc.property(
      fc.json({ maxDepth: 3 }),
      fc.integer({ min: 0, max: 4 }),
      fc.maxSafeNat(),
      time,
      (json, managers, revision, writtenAt) => {
        const original = object(JSON.parse(json), managers);
        const bytes = Buffer.from(encoder.encode(key, { object: keepFieldsAsText(original), revision, writtenAt }));
        expect(decodeHeader(key, bytes)).toEqual({ revision, writtenAt });
        expect(decodeObject(bytes)).toEqual(original);
        expect(decodeHeader(`${key}2`, bytes)).toBeUndefined();
        expect(decodeHeader(key, bytes.subarray(0, bytes.length - 1))).toBeUndefined();
      },
    ),
    { numRuns: 200 },
  );
});

test('records of one group lie beside each other, also those larger than the space kept for them', () => {
  const encoder = new RecordEncoder();
  const sizes = [10, 3_000_000, 20, 900_000, 900_000, 30];
  for (let round = 0; round < 2; round++) {
    const objects = sizes.map((size) => object('ä'.repeat(size), 1));
    const encoded = objects.map((one) =>
      encoder.encode(key, { object: keepFieldsAsText(one), revision: 1, writtenAt: 0 }),
    );
    expect(encoded.map((bytes) => decodeObject(Buffer.from(bytes)))).toEqual(objects);
    encoder.reset();
  }
});
