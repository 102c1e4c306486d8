/** A field of a message: its place on the wire and in JSON, and what is written when there is nothing. */
import type { JsonArray, JsonObject, JsonValue } from '../meta/object.ts';
import { ProtobufError } from './error.ts';
import type { Reader } from './reader.ts';
import { scalars } from './scalar.ts';
import { type Value, type WriteOptions, writeRawText } from './value.ts';
import type { Writer } from './writer.ts';

export type OpenObject = Record<string, JsonValue | undefined>;

export interface Field {
  readonly number: number;
  /** Writes tag and value from an object that has the field, or that is missing altogether. */
  readonly write: (options: WriteOptions, object: JsonObject | undefined) => void;
  readonly read: (reader: Reader, wire: number, object: OpenObject) => void;
  /** Puts into JSON what Go shows of a field that was not read. */
  readonly finish: (object: OpenObject) => void;
}

/** What the table says of a field, its type resolved. */
export interface FieldPlan {
  readonly number: number;
  readonly name: string;
  readonly shape: 'one' | 'pointer' | 'list' | 'map';
  readonly value: Value;
  readonly omitEmpty: boolean;
  readonly omitZero: boolean;
}

/** `__proto__` is a name like any other. */
function setMember(object: OpenObject, name: string, value: JsonValue): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
}

const wrongWire = (name: string, wire: number) =>
  new ProtobufError(`proto: wrong wireType = ${wire} for field ${name}`);

export function requireWire(name: string, expected: number, wire: number): void {
  if (wire !== expected) throw wrongWire(name, wire);
}

function writeOne(options: WriteOptions, value: Value, tag: number, json: JsonValue | undefined): void {
  const { writer } = options;
  const before = writer.written;
  value.write(options, json);
  if (value.wire === 2) writer.delimit(before, tag);
  else writer.varint(tag);
}

export function fieldOf(plan: FieldPlan): Field {
  if (plan.shape === 'list') return listField(plan);
  if (plan.shape === 'map') return mapField(plan);
  return singleField(plan);
}

function singleField({ number, name, shape, value, omitEmpty, omitZero }: FieldPlan): Field {
  const tag = number * 8 + value.wire;
  const nil = shape === 'pointer' || value.nil;
  const leftOut = omitEmpty && shape === 'one' && value.canBeEmpty;
  const isLeftOut = (json: JsonValue) => (leftOut && isEmpty(json)) || (omitZero && json === null);
  const write = (options: WriteOptions, object: JsonObject | undefined) => {
    if (value.json && object) {
      const text = options.textOf?.(object, name);
      if (text !== undefined) return writeJsonText(options.writer, text, tag);
    }
    const json = object?.[name];
    if (!nil || (json !== undefined && json !== null)) writeOne(options, value, tag, json);
  };
  return {
    number,
    write,
    read: (reader, wire, object) => {
      requireWire(name, value.wire, wire);
      const known = object[name];
      const json = value.read(reader, known);
      if (!isLeftOut(json)) object[name] = json;
      else if (known !== undefined) delete object[name];
    },
    finish: (object) => {
      if (object[name] !== undefined || (nil ? omitEmpty : omitZero || leftOut)) return;
      object[name] = nil ? null : value.zero();
    },
  };
}

const isEmpty = (json: JsonValue) =>
  json === 0 || json === '' || json === false || (Array.isArray(json) && json.length === 0);

function writeJsonText(writer: Writer, text: string, tag: number): void {
  const before = writer.written;
  writeRawText(writer, text);
  writer.delimit(before, tag);
}

function itemsOf(name: string, json: JsonValue | undefined): JsonArray {
  if (json === undefined || json === null) return [];
  if (!Array.isArray(json)) throw new ProtobufError(`${name}: a list is wanted where there is none`);
  return json as JsonArray;
}

function listField({ number, name, value, omitEmpty }: FieldPlan): Field {
  const tag = number * 8 + value.wire;
  const write = (options: WriteOptions, object: JsonObject | undefined) => {
    const items = itemsOf(name, object?.[name]);
    for (let index = items.length - 1; index >= 0; index--) writeOne(options, value, tag, items[index]);
  };
  return {
    number,
    write,
    read: (reader, wire, object) => {
      object[name] ??= [];
      const items = object[name] as JsonValue[];
      if (wire === value.wire) items.push(value.read(reader, undefined));
      // Numbers may come packed: one after the other, behind one length.
      else if (wire === 2)
        reader.within(() => {
          while (reader.more) items.push(value.read(reader, undefined));
        });
      else throw wrongWire(name, wire);
    },
    finish: (object) => {
      if (!omitEmpty) object[name] ??= null;
    },
  };
}

const keyTag = 1 * 8 + 2;
const beyondTheFirstPlane = /[\ud800-\udfff]/;

/** As Go orders strings: by their bytes. */
function keysInOrder(map: JsonObject): readonly string[] {
  const keys = Object.keys(map).sort();
  if (!keys.some((key) => beyondTheFirstPlane.test(key))) return keys;
  return keys.sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
}

function mapField({ number, name, value, omitEmpty }: FieldPlan): Field {
  const tag = number * 8 + 2;
  const valueTag = 2 * 8 + value.wire;
  const write = (options: WriteOptions, object: JsonObject | undefined) => {
    const map = object?.[name];
    if (map === undefined || map === null) return;
    if (typeof map !== 'object' || Array.isArray(map))
      throw new ProtobufError(`${name}: an object is wanted where there is none`);
    const { writer } = options;
    const keys = keysInOrder(map as JsonObject);
    for (let index = keys.length - 1; index >= 0; index--) {
      const key = keys[index]!;
      const item = (map as JsonObject)[key];
      const before = writer.written;
      if (value !== scalars.bytes || item !== null) writeOne(options, value, valueTag, item);
      const keyBefore = writer.written;
      writer.text(key);
      writer.delimit(keyBefore, keyTag);
      writer.delimit(before, tag);
    }
  };
  return {
    number,
    write,
    read: (reader, wire, object) => {
      requireWire(name, 2, wire);
      object[name] ??= {};
      const map = object[name] as OpenObject;
      reader.within(() => readEntry(reader, name, value, map));
    },
    finish: (object) => {
      if (!omitEmpty) object[name] ??= null;
    },
  };
}

function readEntry(reader: Reader, name: string, value: Value, map: OpenObject): void {
  let key = '';
  let item: JsonValue | undefined;
  while (reader.more) {
    const { number, wire } = reader.tag();
    if (number === 1) {
      requireWire(name, 2, wire);
      key = reader.text();
    } else if (number === 2) {
      requireWire(name, value.wire, wire);
      item = value.read(reader, undefined);
    } else reader.skip(wire);
  }
  setMember(map, key, item ?? value.zero());
}
