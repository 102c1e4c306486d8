/** Laws that hold for any sequence of applies and updates. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  difference,
  type FieldSet,
  fieldSet,
  fromFieldsV1,
  intersect,
  isEmpty,
  recursiveDifference,
  union,
} from '../fields/fieldset.ts';
import { deepFreeze } from '../meta/freeze.ts';
import type { JsonValue, KubeObject, UnstructuredObject } from '../meta/object.ts';
import { StatusError } from '../status/status.ts';
import { serverSideApply } from './apply.ts';
import { kinds } from './testdata/kinds.ts';
import { compare } from './typed/compare.ts';
import { fieldSetOf } from './typed/field-set.ts';
import { merge } from './typed/merge.ts';
import { extractItems, removeItems } from './typed/remove.ts';
import { recordUpdate } from './update.ts';

const schema = kinds.Widget!;
const apiVersion = 'example.io/v1';

const letter = fc.constantFrom('a', 'b', 'c');
const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const record = (model: Record<string, fc.Arbitrary<unknown>>) => fc.record(model, { requiredKeys: [] });
const unknown = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 2 }, letter, fc.nat(2), fc.array(letter, { maxLength: 2 }), tie('map')),
  map: fc.dictionary(letter, tie('value'), { maxKeys: 2 }),
}));

const item = record({ value: letter, options: record({ a: letter, b: letter }) });
/** Empty lists of items are owned by nobody, as upstream; `least` 1 leaves them out. */
const specWith = (least: number) =>
  record({
    size: fc.nat(2),
    port: fc.oneof(fc.nat(2), letter),
    args: fc.array(letter, { maxLength: 3 }),
    tags: fc.uniqueArray(letter, { minLength: least }),
    labels: fc.dictionary(letter, letter),
    selector: fc.dictionary(letter, letter),
    items: fc
      .dictionary(letter, item, { minKeys: least })
      .map((items) => Object.entries(items).map(([name, fields]) => ({ name, ...(fields as object) }))),
    free: unknown.map,
  });

const withoutUndefined = (value: unknown): JsonValue => JSON.parse(JSON.stringify(value)) as JsonValue;
const widgetWith = (least: number): fc.Arbitrary<UnstructuredObject> =>
  fc.record({ labels: some(fc.dictionary(letter, letter)), spec: some(specWith(least)) }).map(({ labels, spec }) => {
    const object = withoutUndefined({ apiVersion, kind: 'Widget', metadata: { name: 'w', uid: 'u', labels }, spec });
    return deepFreeze(object) as unknown as UnstructuredObject;
  });
const widget = widgetWith(0);

interface Write {
  readonly manager: string;
  readonly verb: 'apply' | 'force' | 'update';
  readonly object: UnstructuredObject;
}
const write: fc.Arbitrary<Write> = fc.record({
  manager: fc.constantFrom('alice', 'bob'),
  verb: fc.constantFrom('apply' as const, 'force' as const, 'update' as const),
  object: widget,
});
const history = fc.array(write, { minLength: 1, maxLength: 6 });

const apply = (
  live: UnstructuredObject | undefined,
  config: UnstructuredObject,
  manager: string,
  force: boolean,
  now = 0,
) =>
  deepFreeze(serverSideApply({ schema, live, config, manager, force, apiVersion, now }).object) as UnstructuredObject;

function done(
  live: UnstructuredObject | undefined,
  { manager, verb, object }: Write,
  now: number,
): UnstructuredObject | undefined {
  if (verb === 'update') {
    return deepFreeze(recordUpdate({ schema, old: live, updated: object, manager, apiVersion, now }));
  }
  try {
    return apply(live, object, manager, verb === 'force', now);
  } catch (error) {
    if (error instanceof StatusError && error.reason === 'Conflict') return live;
    throw error;
  }
}

const after = (writes: readonly Write[]): UnstructuredObject | undefined =>
  writes.reduce<UnstructuredObject | undefined>((live, each, index) => done(live, each, index * 1_000), undefined);

function ownedBy(object: KubeObject | undefined, selects: (manager: string | undefined) => boolean): FieldSet {
  return (object?.metadata.managedFields ?? [])
    .filter((entry) => selects(entry.manager))
    .reduce((set, entry) => union(set, fromFieldsV1(entry.fieldsV1)), fromFieldsV1({}));
}

const check = <T>(property: fc.IProperty<T>): void => fc.assert(property, { numRuns: 300 });

it('applying twice is applying once', () => {
  check(
    fc.property(history, widget, (writes, config) => {
      const once = apply(after(writes), config, 'alice', true);
      expect(apply(once, config, 'alice', false, 1e12)).toBe(once);
    }),
  );
});

it('what is applied is there', () => {
  check(
    fc.property(history, widget, (writes, config) => {
      const result = apply(after(writes), config, 'alice', true);
      const { added, modified } = compare(schema, result, merge(schema, result, config));
      expect(isEmpty(union(added, modified))).toBe(true);
    }),
  );
});

it('a field given up and stated again is as if it had never gone', () => {
  check(
    fc.property(widgetWith(1), widgetWith(1), (first, second) => {
      const stated = apply(undefined, first, 'alice', false);
      const back = apply(apply(stated, second, 'alice', false), first, 'alice', false);
      expect(back.spec ?? {}).toEqual(stated.spec ?? {});
      expect(
        isEmpty(
          difference(
            ownedBy(stated, () => true),
            ownedBy(back, () => true),
          ),
        ),
      ).toBe(true);
    }),
  );
});

it('an apply without force takes nothing that others own, neither field nor value', () => {
  check(
    fc.property(history, widget, (writes, config) => {
      const live = after(writes);
      if (!live) return;
      const result = done(live, { manager: 'carol', verb: 'apply', object: config }, 1e9)!;
      const others = ownedBy(live, () => true);
      expect(
        isEmpty(
          difference(
            others,
            ownedBy(result, (manager) => manager !== 'carol'),
          ),
        ),
      ).toBe(true);
      const { modified, removed } = compare(schema, live, result);
      expect(isEmpty(intersect(others, union(modified, removed)))).toBe(true);
    }),
  );
});

it('conflicts are symmetric', () => {
  const conflicts = (first: UnstructuredObject, second: UnstructuredObject): readonly (string | undefined)[] => {
    try {
      apply(apply(undefined, first, 'alice', false), second, 'bob', false);
      return [];
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      return error.status.details!.causes!.map((cause) => cause.field);
    }
  };
  const flat = record({
    size: fc.nat(2),
    args: fc.array(letter, { maxLength: 2 }),
    tags: fc.uniqueArray(letter),
    port: fc.nat(2),
  }).map(
    (fields) =>
      ({ apiVersion, kind: 'Widget', metadata: { name: 'w' }, spec: fields }) as unknown as UnstructuredObject,
  );
  check(
    fc.property(flat, flat, (first, second) => {
      expect(conflicts(first, second)).toEqual(conflicts(second, first));
    }),
  );
});

it('comparing says what merging and removing do', () => {
  check(
    fc.property(widget, widget, (before, config) => {
      const merged = merge(schema, before, config);
      // A value of another shape in an unknown field replaces what was below it.
      const lost = recursiveDifference(compare(schema, before, merged).removed, fieldSet(['spec', 'free']));
      expect(isEmpty(lost)).toBe(true);
      expect(merge(schema, merged, config)).toBe(merged);
      expect(merge(schema, before, before)).toBe(before);
      const { added, modified, removed } = compare(schema, before, config);
      expect(isEmpty(intersect(added, removed))).toBe(true);
      expect(isEmpty(modified)).toBe(isEmpty(compare(schema, config, before).modified));
    }),
  );
});

it('extracting what an object states gives the object, removing it leaves its identity', () => {
  check(
    fc.property(widget, (object) => {
      const stated = fieldSetOf(schema, object);
      const kept = extractItems(schema, object, stated);
      expect(isEmpty(difference(stated, fieldSetOf(schema, kept)))).toBe(true);
      const bare = removeItems(schema, object, stated);
      expect(isEmpty(intersect(stated, fieldSetOf(schema, bare)))).toBe(true);
      expect(bare.metadata.name).toBe('w');
      expect(removeItems(schema, bare, stated)).toBe(bare);
    }),
  );
});

/** The same content, whatever order merged lists have come to have; who owns what, whatever was written when. */
function settled(object: UnstructuredObject | undefined) {
  const { spec, metadata } = (object ?? { metadata: {} }) as { spec?: Record<string, unknown>; metadata: object };
  const { tags, items, ...rest } = spec ?? {};
  const inOrder = (list: unknown) =>
    Array.isArray(list) ? list.map((each) => JSON.stringify(each)).sort() : undefined;
  const { labels, managedFields = [] } = metadata as KubeObject['metadata'];
  const owners = managedFields.map(({ manager, operation, fieldsV1 }) => ({ manager, operation, fieldsV1 }));
  return {
    spec: { ...rest, tags: inOrder(tags), items: inOrder(items) },
    labels,
    owners: owners.sort((a, b) => (`${a.manager}` < `${b.manager}` ? -1 : 1)),
  };
}

it('managers who state different fields may come in any order', () => {
  const stating = (...names: readonly string[]) =>
    widgetWith(1).map((object): UnstructuredObject => {
      const stated = Object.entries(object.spec ?? {}).filter(([name]) => names.includes(name));
      const metadata = { name: 'w', uid: 'u', labels: { [names[0]!]: 'x' } };
      return deepFreeze({ ...object, metadata, spec: Object.fromEntries(stated) }) as unknown as UnstructuredObject;
    });
  check(
    fc.property(stating('size', 'args', 'items'), stating('port', 'tags', 'selector', 'free'), (first, second) => {
      const [alice, bob] = [
        (live: UnstructuredObject | undefined) => apply(live, first, 'alice', false),
        (live: UnstructuredObject | undefined) => apply(live, second, 'bob', false),
      ];
      expect(settled(bob(alice(undefined)))).toEqual(settled(alice(bob(undefined))));
    }),
  );
});

it('what its only owner leaves out goes, and what others own, too, stays', () => {
  check(
    fc.property(widgetWith(1), widgetWith(1), widgetWith(1), (first, second, shared) => {
      const alone = apply(apply(undefined, first, 'alice', false), second, 'alice', false);
      const stated = fieldSetOf(schema, second);
      expect(
        isEmpty(
          difference(
            ownedBy(alone, () => true),
            stated,
          ),
        ),
      ).toBe(true);
      const { added } = compare(schema, second, alone);
      // Of what was stated first nothing is left but the maps and items that held it.
      expect(isEmpty(intersect(added, difference(fieldSetOf(schema, first), stated)))).toBe(true);
      const both = apply(apply(undefined, shared, 'alice', false), shared, 'bob', false);
      const left = apply(
        both,
        { apiVersion, kind: 'Widget', metadata: { name: 'w' } } as UnstructuredObject,
        'alice',
        false,
      );
      expect(settled(left).spec).toEqual(settled(both).spec);
    }),
  );
});
