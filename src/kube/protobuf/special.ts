/** Messages whose JSON is not an object of their fields: times, quantities, lists with a name, JSON within JSON. */
import type { JsonObject, JsonValue } from '../meta/object.ts';
import { ProtobufError } from './error.ts';
import type { OpenObject } from './field.ts';
import type { Message } from './message.ts';
import { microTimeOf, secondsOf, timeOf } from './time.ts';
import { type Value, writeRawText } from './value.ts';

/** Makes a message of fields in the table's notation. */
export type MessageOf = (row: Readonly<Record<string, string>>) => Message;

interface Translation {
  readonly fields: Message;
  /** undefined: nothing is written, not even zeros. */
  readonly toFields: (json: JsonValue) => JsonObject | undefined;
  /** Of what was read; fields that were not there are missing. */
  readonly toJson: (fields: OpenObject) => JsonValue;
  readonly zero: () => JsonValue;
  readonly nil?: boolean;
}

function translated({ fields, toFields, toJson, zero, nil = false }: Translation): Value {
  return {
    wire: 2,
    canBeEmpty: nil,
    nil,
    zero,
    write: (options, json) => {
      const inner = toFields(json === undefined ? zero() : json);
      if (inner) fields.write(options, inner);
    },
    read: (reader) => {
      const inner: OpenObject = {};
      reader.within(() => fields.readInto(reader, inner));
      return toJson(inner);
    },
  };
}

function timeValue(messageOf: MessageOf, micros: boolean): Value {
  return translated({
    fields: messageOf({ seconds: '1 int64', nanos: '2 int32' }),
    toFields: (json) => {
      if (json === null) return undefined;
      const { seconds, nanos } = secondsOf(json);
      // As Go: a metav1.Time has no fractions on any wire.
      return { seconds, nanos: micros ? nanos : 0 };
    },
    toJson: ({ seconds, nanos = 0 }) => {
      if (seconds === undefined) return null;
      return micros ? microTimeOf(seconds as number, nanos as number) : timeOf(seconds as number);
    },
    zero: () => null,
  });
}

const quantity = (messageOf: MessageOf) =>
  translated({
    fields: messageOf({ string: '1 string' }),
    toFields: (json) => ({ string: typeof json === 'number' ? String(json) : (json ?? '0') }),
    toJson: ({ string = '0' }) => string,
    zero: () => '0',
  });

const intOrString = (messageOf: MessageOf) =>
  translated({
    fields: messageOf({ type: '1 int64', intVal: '2 int32', strVal: '3 string' }),
    toFields: (json) => (typeof json === 'string' ? { type: 1, strVal: json } : { type: 0, intVal: json ?? 0 }),
    toJson: ({ type, intVal = 0, strVal = '' }) => (type === 1 ? strVal : intVal),
    zero: () => 0,
  });

/** Text of JSON in bytes; within a stored object it is never protobuf again. */
const json: Value = {
  wire: 2,
  canBeEmpty: false,
  nil: false,
  json: true,
  zero: () => null,
  write: ({ writer }, value) => {
    if (value !== undefined && value !== null) writeRawText(writer, JSON.stringify(value));
  },
  read: (reader) => {
    let text = '';
    reader.within(() => {
      while (reader.more) {
        const { number, wire } = reader.tag();
        if (number === 1 && wire === 2) text = reader.text();
        else reader.skip(wire);
      }
    });
    return text === '' ? null : parsed(text);
  },
};

function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new ProtobufError(`raw JSON: ${(error as Error).message}`);
  }
}

const schemaProps = '*apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps';

const schemaOrBool = (messageOf: MessageOf) =>
  translated({
    fields: messageOf({ allows: '1 bool', schema: `2 ${schemaProps}` }),
    toFields: (value) => (typeof value === 'boolean' ? { allows: value } : { allows: true, schema: value }),
    toJson: ({ allows = false, schema }) => schema ?? allows,
    zero: () => false,
  });

/** Either one schema or a list of something, which is written when there is any. */
const schemaOrList = (messageOf: MessageOf, listed: string) =>
  translated({
    fields: messageOf({ schema: `1 ${schemaProps}`, list: `2 []${listed}` }),
    toFields: (value) => (Array.isArray(value) ? { list: value } : { schema: value }),
    toJson: ({ schema, list }) => list ?? schema ?? null,
    zero: () => null,
  });

/** `list string`: a slice that has a name is a message on the wire and a list in JSON. */
const namedList = (messageOf: MessageOf, item: string) =>
  translated({
    fields: messageOf({ items: `1 []${item}` }),
    toFields: (value) => ({ items: value }),
    toJson: ({ items = [] }) => items,
    zero: () => null,
    nil: true,
  });

const makers: Readonly<Record<string, (messageOf: MessageOf) => Value>> = {
  quantity,
  intOrString,
  schemaOrBool,
  json: () => json,
  time: (messageOf) => timeValue(messageOf, false),
  microTime: (messageOf) => timeValue(messageOf, true),
  schemaOrSchemas: (messageOf) => schemaOrList(messageOf, schemaProps.slice(1)),
  schemaOrStrings: (messageOf) => schemaOrList(messageOf, 'string'),
};

/** By the table's word for it. Throws RangeError for one it does not know. */
export function specialValue(word: string, messageOf: MessageOf): Value {
  const [name = '', item] = word.split(' ');
  if (name === 'list' && item) return namedList(messageOf, item);
  const make = makers[name];
  if (!make) throw new RangeError(`the protobuf table speaks of ${word}, which the codec does not know`);
  return make(messageOf);
}
