/**
 * How JSON becomes gnostic's protobuf messages: a message is a table of fields, each of which knows its number and how
 * its value is written. Everything is written from the end to the beginning, as the writer wants it.
 */
import type { JsonObject, JsonValue } from '../../meta/object.ts';
import { Writer } from '../../protobuf/writer.ts';
import { toYaml } from '../../yaml/yaml.ts';

/** Writes a value with its tag; a value that is not there is not asked for. */
export type Put = (writer: Writer, value: JsonValue) => void;

/** Writes what is within a message. */
export type Message = (writer: Writer, value: JsonObject) => void;

const tag = (number: number, wire: number) => number * 8 + wire;
const [varintWire, doubleWire, delimitedWire] = [0, 1, 2] as const;

function delimited(writer: Writer, number: number, write: () => void): void {
  const before = writer.written;
  write();
  writer.delimit(before, tag(number, delimitedWire));
}

export const text =
  (number: number): Put =>
  (writer, value) =>
    delimited(writer, number, () => writer.text(value as string));

export const texts =
  (number: number): Put =>
  (writer, value) => {
    for (const each of (value as readonly JsonValue[]).toReversed()) text(number)(writer, each);
  };

/** False is what a message without the field says. */
export const flag =
  (number: number): Put =>
  (writer, value) => {
    if (value !== true) return;
    writer.varint(1);
    writer.varint(tag(number, varintWire));
  };

export const whole =
  (number: number): Put =>
  (writer, value) => {
    if (value === 0) return;
    writer.integer(value as number);
    writer.varint(tag(number, varintWire));
  };

/** Also within a choice, where zero is said. */
export const double =
  (number: number, zeroIsSaid = false): Put =>
  (writer, value) => {
    if (value === 0 && !zeroIsSaid) return;
    writer.double(value as number);
    writer.varint(tag(number, doubleWire));
  };

export const one =
  (number: number, message: () => Message): Put =>
  (writer, value) =>
    delimited(writer, number, () => message()(writer, value as JsonObject));

export const many =
  (number: number, message: () => Message): Put =>
  (writer, value) => {
    for (const each of (value as readonly JsonValue[]).toReversed()) one(number, message)(writer, each);
  };

/** A message that holds nothing but one field: `TypeItem { value = 1 }`. */
export const within =
  (number: number, inner: Put): Put =>
  (writer, value) =>
    delimited(writer, number, () => inner(writer, value));

/** An object as pairs: `Named… { name = 1, value = 2 }` under this number. */
export const pairs =
  (number: number, value: Put): Put =>
  (writer, object) => {
    for (const [name, each] of Object.entries(object as JsonObject).reverse()) {
      delimited(writer, number, () => {
        value(writer, each as JsonValue);
        text(1)(writer, name);
      });
    }
  };

/** `Any { yaml = 2 }` */
export const any =
  (number: number): Put =>
  (writer, value) =>
    delimited(writer, number, () => text(2)(writer, toYaml(value)));

export const anys =
  (number: number): Put =>
  (writer, value) => {
    for (const each of (value as readonly JsonValue[]).toReversed()) any(number)(writer, each);
  };

export type Fields = Readonly<Record<string, Put>>;

/** Fields in the order of their numbers; what begins with `x-` goes under `extensions`. */
export function message(fields: Fields, extensions?: number): Message {
  const known = Object.entries(fields).reverse();
  return (writer, value) => {
    if (extensions !== undefined) putExtensions(writer, value, extensions);
    for (const [name, put] of known) {
      const each = value[name];
      if (each !== undefined) put(writer, each);
    }
  };
}

function putExtensions(writer: Writer, value: JsonObject, number: number): void {
  const marked = Object.fromEntries(Object.entries(value).filter(([name]) => name.startsWith('x-')));
  pairs(number, any(2))(writer, marked);
}

export function encoded(of: Message, document: JsonObject): Buffer {
  const writer = new Writer();
  of(writer, document);
  return writer.bytes();
}
