/** Answers of an API server as JSON values, whatever form they came in. */
import { protobufMessage } from '#apis/kubernetes/protobuf.ts';
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';
import { createCodec } from '#kube/protobuf/codec.ts';
import { Reader } from '#kube/protobuf/reader.ts';
import { parseYaml } from '#kube/yaml/yaml.ts';
import type { HttpResponse } from '#world/network/http-client.ts';

export const protobufType = 'application/vnd.kubernetes.protobuf';

const codec = createCodec(protobufMessage);

/** What is no document of a form that is known stays a text. */
export async function readBody({ headers, stream, text }: HttpResponse): Promise<JsonValue> {
  const contentType = String(headers['content-type'] ?? '');
  if (contentType.startsWith(protobufType)) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    return codec.decode(Buffer.concat(chunks));
  }
  const body = await text();
  if (contentType.startsWith('application/json')) return JSON.parse(body) as JsonValue;
  return contentType.startsWith('application/yaml') ? parseYaml(body) : body;
}

const lengthBytes = 4;

/** One event of a watch from the front of `bytes`, and what follows it; undefined until it is whole. */
export type EventReader = (bytes: Buffer) => { readonly event: JsonObject; readonly rest: Buffer } | undefined;

export const readLine: EventReader = (bytes) => {
  const end = bytes.indexOf('\n');
  if (end < 0) return undefined;
  return { event: JSON.parse(bytes.toString('utf8', 0, end)) as JsonObject, rest: bytes.subarray(end + 1) };
};

/** metav1.WatchEvent: its type is field 1, its object (a RawExtension) field 2, whose bytes are field 1. */
export const readFrame: EventReader = (bytes) => {
  if (bytes.byteLength < lengthBytes) return undefined;
  const end = lengthBytes + bytes.readUInt32BE(0);
  if (bytes.byteLength < end) return undefined;
  const reader = new Reader(bytes.subarray(lengthBytes, end));
  let type = '';
  let object: JsonObject = {};
  while (reader.more) {
    const { number } = reader.tag();
    if (number === 1) type = reader.text();
    else
      reader.within(() => {
        reader.tag();
        object = codec.decode(reader.bytes());
      });
  }
  return { event: { type, object }, rest: bytes.subarray(end) };
};
