/** Protobuf at the door: loaded, with the table of all messages, by the first request that speaks it. */
import { protobufMessage } from '#apis/kubernetes/protobuf.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import { createCodec } from '#kube/protobuf/codec.ts';
import { watchFrame } from '#kube/protobuf/envelope.ts';
import { ProtobufError } from '#kube/protobuf/error.ts';
import type { WatchEvent } from '#kube/request/request.ts';
import type { Status, StatusError } from '#kube/status/status.ts';
import { keptText } from '../storage/kept-fields.ts';
import { metadataOnly, type View } from './representation.ts';
import { type EventForm, shared } from './watch.ts';

const codec = createCodec(protobufMessage, keptText);

export const { encode: encodeProtobuf, encodeItem, encodeAround } = codec;

/** Throws what `refused` makes of why it is no message of a built-in kind. */
export function decodeProtobuf(body: Buffer, refused: (why: string) => StatusError): JsonObject {
  try {
    return codec.decode(body);
  } catch (error) {
    if (error instanceof ProtobufError) throw refused(error.message);
    throw error;
  }
}

const frame = (type: string, object: object) => watchFrame(type, codec.encode(object));

const failure = (status: Status) => frame('ERROR', status);

const objects: EventForm = { event: shared(({ type, object }: WatchEvent) => frame(type, object)), failure };
const metadata: EventForm = {
  event: shared(({ type, object }: WatchEvent) => frame(type, metadataOnly(object, 'v1'))),
  failure,
};

export const framesOf = (view: View): EventForm => (view.form === 'metadata' ? metadata : objects);
