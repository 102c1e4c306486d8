/** A declaration gives the definition a server needs and the type a controller needs. */
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { TypedResource } from '#client/api-client.ts';
import { array, enumeration, int32, object, required, string, withDefault } from '#kube/schema/build.ts';
import { defineKind, type KindOf } from './define.ts';

const ShipKind = defineKind({
  group: 'harbour.example',
  version: 'v1',
  kind: 'Ship',
  plural: 'ships',
  scope: 'Namespaced',
  shortNames: ['sh'],
  subresources: { status: true },
  schema: object({
    spec: required(
      object({
        captain: required(string()),
        flag: withDefault(enumeration(['Red', 'Blue']), 'Red'),
        crew: int32({ minimum: 0 }),
        ports: array(object({ name: required(string()) })),
      }),
    ),
    status: object({ afloat: string() }),
  }),
});
interface Ship extends KindOf<typeof ShipKind> {}

describe('defineKind', () => {
  test('fills in the names a CRD derives', () => {
    expect(ShipKind).toMatchObject({
      resource: 'ships',
      singular: 'ship',
      listKind: 'ShipList',
      namespaced: true,
      shortNames: ['sh'],
      columns: [{ name: 'Age' }],
      subresources: { status: true },
    });
    expect(ShipKind.schema).toMatchObject({
      type: 'object',
      required: ['spec'],
      properties: {
        apiVersion: { type: 'string' },
        metadata: { type: 'object' },
        spec: {
          required: ['captain'],
          properties: { flag: { type: 'string', enum: ['Red', 'Blue'], default: 'Red' }, crew: { format: 'int32' } },
        },
      },
    });
  });

  test('gives the type of the objects', () => {
    expectTypeOf<Ship['spec']['captain']>().toEqualTypeOf<string>();
    expectTypeOf<Ship['spec']['flag']>().toEqualTypeOf<'Red' | 'Blue'>();
    expectTypeOf<Ship['spec']['crew']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<Ship['spec']['ports']>().toEqualTypeOf<readonly { readonly name: string }[] | undefined>();
    expectTypeOf<Ship['status']>().toEqualTypeOf<{ readonly afloat?: string } | undefined>();
    expectTypeOf(ShipKind).toExtend<TypedResource<Ship>>();
    const wrong: Ship = {
      apiVersion: 'harbour.example/v1',
      kind: 'Ship',
      metadata: { name: 'ahab' },
      // @ts-expect-error captain and flag are missing
      spec: {},
    };
    expect(wrong.kind).toBe('Ship');
  });
});
