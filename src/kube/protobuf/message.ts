/** A message: JSON's object of its fields, read and written as gogo's generated code does. */
import type { JsonObject, JsonValue } from '../meta/object.ts';
import { ProtobufError } from './error.ts';
import { type Field, type OpenObject, requireWire } from './field.ts';
import type { Reader } from './reader.ts';
import type { Value, WriteOptions } from './value.ts';

export interface Message extends Value {
  /** Reads all that is left; what is missing stays so until `finish`. */
  readonly readInto: (reader: Reader, object: OpenObject) => void;
  readonly finish: (object: OpenObject) => void;
}

const isObject = (json: JsonValue): json is JsonObject => typeof json === 'object' && !Array.isArray(json);

/** `fields` are asked for when the message is first used: it may contain itself. */
export function createMessage(name: string, fields: () => readonly Field[]): Message {
  let ordered: readonly Field[] | undefined;
  let byNumber: ReadonlyMap<number, Field> | undefined;
  const inOrder = () => (ordered ??= [...fields()].sort((left, right) => left.number - right.number));

  const readInto = (reader: Reader, object: OpenObject) => {
    byNumber ??= new Map(inOrder().map((field) => [field.number, field]));
    while (reader.more) {
      const { number, wire } = reader.tag();
      const field = byNumber.get(number);
      if (field) field.read(reader, wire, object);
      else reader.skip(wire);
    }
  };
  const finish = (object: OpenObject) => {
    for (const field of inOrder()) field.finish(object);
  };

  return {
    wire: 2,
    canBeEmpty: false,
    nil: false,
    readInto,
    finish,
    write: (options: WriteOptions, json: JsonValue | undefined) => {
      if (json !== undefined && json !== null && !isObject(json))
        throw new ProtobufError(`${name}: an object is wanted where there is a ${typeof json}`);
      const own = inOrder();
      for (let index = own.length - 1; index >= 0; index--) own[index]!.write(options, json ?? undefined);
    },
    read: (reader, known) => {
      const object = (known ?? {}) as OpenObject;
      reader.within(() => readInto(reader, object));
      finish(object);
      return object as JsonObject;
    },
    zero: () => {
      const object: OpenObject = {};
      finish(object);
      return object as JsonObject;
    },
  };
}

/** A field of its own on the wire, whose fields JSON shows among those of the message around it. */
export function inlineField(number: number, message: Message): Field {
  const tag = number * 8 + 2;
  return {
    number,
    write: (options, object) => {
      const before = options.writer.written;
      message.write(options, object);
      options.writer.delimit(before, tag);
    },
    read: (reader, wire, object) => {
      requireWire(`${number}`, 2, wire);
      reader.within(() => message.readInto(reader, object));
    },
    finish: message.finish,
  };
}
