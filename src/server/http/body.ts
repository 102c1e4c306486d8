/** Request bodies: read within the limit, decoded by content type. */
import { isUtf8 } from 'node:buffer';
import { duplicatesOf, noteRepeats } from '#kube/json/duplicates.ts';
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';
import { type PatchType, patchContentTypes } from '#kube/request/request.ts';
import { badRequest, entityTooLarge, unsupportedMediaType } from '#kube/status/errors.ts';
import { failure, type StatusError } from '#kube/status/status.ts';
import type { IncomingMessage } from '#world/network/listen.ts';
import { protobufType } from './accept.ts';
import { tooDeep, whole } from './hostile-json.ts';

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

/** `builtin`: what is patched is served as kube-apiserver's own resources are, by routes. Throws UnsupportedMediaType. */
export function patchTypeOf(contentType: string | undefined, builtin: () => boolean): PatchType {
  const type = patchTypes[mediaTypeOf(contentType)];
  if (type) return type;
  throw builtin() ? unroutedType() : unknownFormat(Object.values(patchContentTypes));
}

const unroutedType = () => failure('UnsupportedMediaType', '415: Unsupported Media Type', {});

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
  return refusedObject(kind, `couldn't get version/kind; json parse error: ${why}`, body);
}

/** Loaded by the first body that is no JSON. */
async function syntaxError(text: string, error: unknown): Promise<string> {
  const { jsonSyntaxError } = await import('#kube/json/syntax.ts');
  return jsonSyntaxError(text) ?? (error as Error).message;
}

/** What Go reads type and version of a body into. */
const typeMeta = String.raw`struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`;

/** Of an object: `null` is one without content. Throws BadRequest for what is no object at all. */
function requireObject(value: JsonValue, kind: string, body: Buffer): JsonValue {
  if (value === null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) {
    const { apiVersion } = value as JsonObject;
    if (typeof apiVersion !== 'string' || apiVersion.indexOf('/') === apiVersion.lastIndexOf('/')) return value;
    throw refusedObject(kind, `unexpected GroupVersion string: ${apiVersion}`, body);
  }
  const type = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  throw unreadable(kind, `json: cannot unmarshal ${type} into Go value of type ${typeMeta}`, body);
}

const refusedObject = (kind: string, why: string, body: Buffer): StatusError =>
  badRequest(`the object provided is unrecognized (must be of type ${kind}): ${why} (${summary(body)})`);

const notYaml = (kind: string | undefined, why: string, body: Buffer): StatusError =>
  kind === undefined ? badRequest(`error decoding YAML: ${why}`) : refusedObject(kind, why, body);

/** `kind`: of an object; a patch may be anything. undefined for an empty body of JSON. Throws BadRequest. */
export async function decodeBody(
  body: Buffer,
  contentType: string | undefined,
  kind?: string,
): Promise<JsonValue | undefined> {
  const mediaType = mediaTypeOf(contentType);
  const yaml = mediaType.endsWith('yaml');
  if (body.byteLength === 0) return yaml && kind !== undefined ? {} : undefined;
  if (mediaType === protobufType) return fromProtobuf(body, kind);
  const value = yaml ? await fromYaml(body, kind) : await fromJson(body, kind);
  return kind === undefined ? value : requireObject(value, kind, body);
}

/** Loaded with the codec, by the first such body. */
async function fromProtobuf(body: Buffer, kind: string | undefined): Promise<JsonValue> {
  const { decodeProtobuf } = await import('./protobuf.ts');
  return decodeProtobuf(body, (why) =>
    kind ? refusedObject(kind, why, body) : badRequest(`the object provided is unrecognized: ${why}`),
  );
}

async function fromJson(body: Buffer, kind: string | undefined): Promise<JsonValue> {
  const deep = tooDeep(body);
  if (deep) throw unreadable(kind, `invalid character '${deep}' exceeded max depth`, body);
  const text = body.toString('utf8');
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (error) {
    throw unreadable(kind, await syntaxError(text, error), body);
  }
  const read = whole(text, value);
  if (kind === '' || typeof read !== 'object' || read === null) return read;
  const texts = duplicatesOf(text, read);
  if (texts.length > 0) noteRepeats(read, { json: text, texts });
  return read;
}

/** A text that begins as JSON is read as JSON where it can be; YAML's flow style also begins with a brace. */
async function fromYaml(body: Buffer, kind: string | undefined): Promise<JsonValue> {
  if (!isUtf8(body)) throw notYaml(kind, 'yaml: invalid leading UTF-8 octet', body);
  const text = body.toString('utf8');
  if (tooDeep(body)) throw notYaml(kind, 'yaml: exceeded max depth of 10000', body);
  if (looksLikeJson.test(text)) {
    try {
      const value = whole(text, JSON.parse(text) as JsonValue);
      if (typeof value !== 'object' || value === null || duplicatesOf(text, value).length === 0) return value;
    } catch {
      // YAML says what is wrong with it.
    }
  }
  const { parseRepeatingYaml } = await import('#kube/yaml/yaml.ts');
  try {
    const { value, repeated } = parseRepeatingYaml(text);
    if (repeated.length > 0) noteRepeats(value, { texts: repeated });
    return value;
  } catch (error) {
    throw notYaml(kind, (error as Error).message, body);
  }
}
