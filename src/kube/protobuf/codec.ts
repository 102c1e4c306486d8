/** Objects to protobuf and back: what a server or a client of Kubernetes needs of this folder. */
import type { JsonObject } from '../meta/object.ts';
import { envelopeAround, enveloped, opened, type TypeMeta } from './envelope.ts';
import { ProtobufError } from './error.ts';
import type { OpenObject } from './field.ts';
import type { Message } from './message.ts';
import { Reader } from './reader.ts';
import type { WriteOptions } from './value.ts';
import { Writer } from './writer.ts';

/** undefined for a kind that has no protobuf form. */
export type MessageOfKind = (apiVersion: string, kind: string) => Message | undefined;

export interface Codec {
  readonly encode: (object: object) => Buffer;
  /** The parts of a list whose items are written one by one: `head`, its items in order, `tail`. */
  readonly encodeItem: (list: TypeMeta, item: object) => Buffer;
  readonly encodeAround: (list: TypeMeta & { readonly metadata: object }, itemsLength: number) => ListEnvelope;
  readonly decode: (bytes: Buffer) => JsonObject;
}

export interface ListEnvelope {
  readonly head: Buffer;
  readonly tail: Buffer;
}

/** Of every list of objects: its metadata is field 1, its items are field 2. */
const itemsTag = 2 * 8 + 2;

/** All throw ProtobufError: for kinds without a protobuf form, values of wrong types, bytes that are no message. */
export function createCodec(messageOfKind: MessageOfKind, textOf?: WriteOptions['textOf']): Codec {
  const messageOf = ({ apiVersion, kind }: TypeMeta): Message => {
    const message = messageOfKind(apiVersion, kind);
    if (!message)
      throw new ProtobufError(
        `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in protobuf`,
      );
    return message;
  };
  const optionsFor = (writer: Writer): WriteOptions => ({ writer, ...(textOf ? { textOf } : {}) });

  return {
    encode: (object) => {
      const { apiVersion, kind } = object as TypeMeta;
      const message = messageOf({ apiVersion, kind });
      return enveloped({ apiVersion, kind }, (writer) => message.write(optionsFor(writer), object as JsonObject));
    },
    encodeItem: ({ apiVersion, kind }, item) => {
      const writer = new Writer();
      messageOf({ apiVersion, kind: kind.replace(/List$/, '') }).write(optionsFor(writer), item as JsonObject);
      writer.delimit(0, itemsTag);
      return writer.bytes();
    },
    encodeAround: ({ apiVersion, kind, metadata }, itemsLength) => {
      const writer = new Writer();
      messageOf({ apiVersion, kind }).write(optionsFor(writer), { metadata: metadata as JsonObject });
      const own = writer.bytes();
      const { head, tail } = envelopeAround({ apiVersion, kind }, own.byteLength + itemsLength);
      return { head: Buffer.concat([head, own]), tail };
    },
    decode: (bytes) => {
      const { apiVersion, kind, raw } = opened(bytes);
      if (kind === '') throw new ProtobufError("Object 'Kind' is missing in the protobuf envelope");
      const message = messageOf({ apiVersion, kind });
      const object: OpenObject = { apiVersion, kind };
      message.readInto(new Reader(raw), object);
      message.finish(object);
      return object;
    },
  };
}
