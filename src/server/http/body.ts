/** Request bodies: read within the limit, decoded by content type. */
import type { JsonValue } from '#kube/meta/object.ts';
import { type PatchType, patchContentTypes } from '#kube/request/request.ts';
import { badRequest, entityTooLarge, unsupportedMediaType } from '#kube/status/errors.ts';
import type { StatusError } from '#kube/status/status.ts';
import type { IncomingMessage } from '#world/network/listen.ts';
import { protobufType } from './accept.ts';

/** kube-apiserver's limit of a request body: 3 MiB. */
export const bodyLimit = 3_145_728;

const tooLarge = () => entityTooLarge(`Request entity too large: limit is ${bodyLimit}`);

/**
 * Of a body beyond the limit this much more is read and dropped before it is refused, for a client that is still writing
 * when the connection closes may never see why. Ten times the limit: what people send by mistake.
 */
const droppedLimit = 10 * bodyLimit;

/** Empty without a body. Throws RequestEntityTooLarge; nothing of such a body is kept. */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > droppedLimit) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.byteLength;
      if (size <= bodyLimit) {
        chunks.push(chunk);
        return;
      }
      chunks = [];
      if (size <= droppedLimit) return;
      request.removeAllListeners('data');
      request.pause();
      reject(tooLarge());
    });
    request.once('end', () => {
      if (size > bodyLimit) reject(tooLarge());
      else resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size));
    });
    request.once('error', reject);
    request.once('close', () => {
      if (!request.complete) reject(badRequest('the client went away before its request was complete'));
    });
  });
}

const patchTypes = Object.fromEntries(
  Object.entries(patchContentTypes).map(([type, contentType]) => [contentType, type as PatchType]),
);

const mediaTypeOf = (contentType: string | undefined) => (contentType ?? '').split(';', 1)[0]!.trim().toLowerCase();

const unknownFormat = (accepted: readonly string[]) =>
  unsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );

/** Throws UnsupportedMediaType. */
export function patchTypeOf(contentType: string | undefined): PatchType {
  const type = patchTypes[mediaTypeOf(contentType)];
  if (!type) throw unknownFormat(Object.values(patchContentTypes));
  return type;
}

const textFormats = ['application/json', 'application/yaml'];

/**
 * Of everything but patches, whose content types have said their type already. `protobuf`: whether what is sent has such a form.
 * Throws UnsupportedMediaType.
 */
export function requireObjectFormat(contentType: string | undefined, protobuf: () => boolean): void {
  const mediaType = mediaTypeOf(contentType);
  if (mediaType === '' || textFormats.includes(mediaType)) return;
  const formats = protobuf() ? [...textFormats, protobufType] : textFormats;
  if (!formats.includes(mediaType)) throw unknownFormat(formats);
}

const looksLikeJson = /^\s*[{[]/;

/** Of a body that cannot be read this much is repeated. */
const shownBytes = 30;

function summary(body: Buffer): string {
  if (body.byteLength === 0) return '<empty>';
  const more = body.byteLength > shownBytes ? ' ...' : '';
  const shown = body.subarray(0, shownBytes);
  return shown.toString(shown[0] === brace ? 'utf8' : 'hex') + more;
}
const brace = '{'.charCodeAt(0);

/** `kind` is what was to be sent; undefined for a patch, '' for the options of a deletion. */
export function unreadable(kind: string | undefined, why: string, body: Buffer): StatusError {
  if (kind === undefined) return badRequest(`error decoding patch: ${why}`);
  if (kind === '') return badRequest(`couldn't get version/kind; json parse error: ${why}`);
  return badRequest(
    `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${why} (${summary(body)})`,
  );
}

/** Loaded by the first body that is no JSON. */
async function syntaxError(text: string, error: unknown): Promise<string> {
  const { jsonSyntaxError } = await import('#kube/json/syntax.ts');
  return jsonSyntaxError(text) ?? (error as Error).message;
}

/** undefined for an empty body. YAML is tried where it is allowed and the text does not begin as JSON. Throws BadRequest. */
export async function decodeBody(
  body: Buffer,
  contentType: string | undefined,
  kind?: string,
): Promise<JsonValue | undefined> {
  if (body.byteLength === 0) return undefined;
  const mediaType = mediaTypeOf(contentType);
  if (mediaType === protobufType) return (await import('./protobuf.ts')).decodeProtobuf(body);
  const text = body.toString('utf8');
  const yaml = mediaType.endsWith('yaml');
  try {
    if (!yaml || looksLikeJson.test(text)) return JSON.parse(text) as JsonValue;
  } catch (error) {
    // YAML flow style also begins with a brace.
    if (!yaml) throw unreadable(kind, await syntaxError(text, error), body);
  }
  const { parseYaml } = await import('#kube/yaml/yaml.ts');
  try {
    return parseYaml(text);
  } catch (error) {
    throw badRequest(`error converting YAML to JSON: ${(error as Error).message}`);
  }
}
