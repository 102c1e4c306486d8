/** From what a client sent to an object of the kind: type checks, field validation, pruning and defaults. */
import { parseApiVersion } from '#kube/meta/kind.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { decodeError } from '#kube/schema/decode.ts';
import { applyDefaults } from '#kube/schema/defaults.ts';
import { objectMetaSchema } from '#kube/schema/metadata.ts';
import { prune } from '#kube/schema/prune.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { badRequest } from '#kube/status/errors.ts';
import { isReason, StatusError } from '#kube/status/status.ts';
import type { Scope } from '../context.ts';
import type { ServedKind } from '../kinds/served.ts';
import { fits } from './fitting.ts';

const isObject = (body: unknown): body is Readonly<Record<string, unknown>> =>
  typeof body === 'object' && body !== null && !Array.isArray(body);

const prefixOf = ({ definition: { kind, version } }: ServedKind) =>
  `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: `;

/** apiserver's transformDecodeError. */
const cannotBeHandled = (served: ServedKind, why: string) => badRequest(prefixOf(served) + why);

/** What Go's decoder said, for those who meet it on another way than in a body; undefined for other errors. */
export function decoderText(served: ServedKind, error: unknown): string | undefined {
  if (!(error instanceof StatusError) || !isReason(error, 'BadRequest')) return undefined;
  const prefix = prefixOf(served);
  return error.message.startsWith(prefix) ? error.message.slice(prefix.length) : error.message;
}

const unrecognized = (served: ServedKind, why: string) =>
  badRequest(`the object provided is unrecognized (must be of type ${served.definition.kind}): ${why}`);

/**
 * Body -> object with apiVersion, kind and metadata, of the version in the path. Absent apiVersion and kind are the
 * path's, as in kube-apiserver. Throws BadRequest.
 */
export function envelope(served: ServedKind, body: unknown): UnstructuredObject {
  const { kind } = served.definition;
  if (body === undefined || body === null) throw unrecognized(served, 'unexpected end of JSON input (<empty>)');
  if (!isObject(body))
    throw unrecognized(served, "couldn't get version/kind; json parse error: the body is not an object");
  const { apiVersion = served.apiVersion, kind: sent = kind, metadata = {} } = body;
  if (typeof apiVersion !== 'string' || typeof sent !== 'string') {
    throw unrecognized(served, "couldn't get version/kind; json parse error: apiVersion and kind are strings");
  }
  if (apiVersion !== served.apiVersion) {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${served.apiVersion})`,
    );
  }
  if (sent !== kind) throw wrongKind(served, apiVersion, sent);
  if (!isObject(metadata)) {
    const type = Array.isArray(metadata) ? 'array' : typeof metadata;
    throw cannotBeHandled(
      served,
      `json: cannot unmarshal ${type} into Go struct field ${kind}.metadata of type v1.ObjectMeta`,
    );
  }
  if (
    body.apiVersion !== undefined &&
    body.kind !== undefined &&
    body.metadata !== undefined &&
    body.metadata !== null
  ) {
    return body as UnstructuredObject;
  }
  return { ...body, apiVersion, kind, metadata } as UnstructuredObject;
}

function wrongKind(served: ServedKind, apiVersion: string, sent: string) {
  const { version } = parseApiVersion(apiVersion);
  const { kind, group } = served.definition;
  // Go names the type that came and the package of the type it wanted.
  const wanted = `${group === '' ? 'core' : group.split('.', 1)[0]}.${kind}`;
  return badRequest(
    `${sent} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: ` +
      `converting (${version}.${sent}) to (${wanted}): unknown conversion`,
  );
}

/**
 * The rest of decoding: unknown fields are refused (Strict), warned of (Warn, the default) or passed over, then
 * dropped; defaults are filled in. `known` is the object as it was decoded before, if it was: most writes change little,
 * and what they leave as it was is the same reference. Throws BadRequest.
 */
export function decode(scope: Scope, sent: KubeObject, known?: KubeObject): KubeObject {
  const { served } = scope;
  const { native } = served.definition;
  checkTypes(served, sent, known);
  const { value, unknown } = prune(served.schema, sent, known);
  if (unknown.length > 0) reportUnknown(scope, unknown);
  const object = applyDefaults(served.schema, value, known);
  return native?.defaults ? native.defaults(object, known) : object;
}

/** Of custom resources kube-apiserver's decoder knows the metadata only. */
const metadataOnly: Schema = { type: 'object', properties: { metadata: objectMetaSchema } };

function checkTypes(served: ServedKind, object: KubeObject, known: KubeObject | undefined): void {
  const schema = served.custom ? metadataOnly : served.schema;
  if (fits(schema, object, known)) return;
  const text = decodeError(schema, object, served.definition.kind);
  if (text !== undefined) throw cannotBeHandled(served, text);
}

/** At most this many unknown fields are named in one answer, so that a hostile body cannot make a long one. */
const mostFieldsNamed = 100;

function reportUnknown(scope: Scope, unknown: readonly string[]): void {
  const mode = scope.request.options.fieldValidation ?? 'Warn';
  if (mode === 'Ignore') return;
  const texts = unknown.slice(0, mostFieldsNamed).map((path) => `unknown field ${JSON.stringify(path)}`);
  if (mode === 'Strict') throw cannotBeHandled(scope.served, `strict decoding error: ${texts.join(', ')}`);
  for (const text of texts) if (!scope.warnings.includes(text)) scope.warnings.push(text);
}
