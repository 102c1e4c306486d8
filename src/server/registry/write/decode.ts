/** From what a client sent to an object of the kind: type checks, field validation, pruning and defaults. */
import { builtinKind } from '#apis/kubernetes/kinds.ts';
import { parseApiVersion } from '#kube/meta/kind.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { decodeError } from '#kube/schema/decode.ts';
import { applyDefaults } from '#kube/schema/defaults.ts';
import { objectMetaSchema } from '#kube/schema/metadata.ts';
import { prune, pruneCustom } from '#kube/schema/prune.ts';
import { invalidValue } from '#kube/status/causes.ts';
import { badRequest, invalid } from '#kube/status/errors.ts';
import { isReason, StatusError } from '#kube/status/status.ts';
import type { Scope } from '../context.ts';
import { embeddedTypeError, metadataError } from '../custom/embedded.ts';
import type { ServedKind } from '../kinds/served.ts';
import { fits } from './fitting.ts';
import { validateFields } from './strict.ts';

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

const nameOf = (metadata: unknown): string =>
  isObject(metadata) && typeof metadata.name === 'string' ? metadata.name : '';

/** An empty text and `null` state nothing. */
const given = (value: unknown): unknown => (value === '' || value === null ? undefined : value);

/**
 * Body -> object with apiVersion, kind and metadata, of the version in the path. Absent apiVersion and kind are the
 * path's, as in kube-apiserver. Throws BadRequest.
 */
export function envelope(served: ServedKind, body: unknown): UnstructuredObject {
  const { kind } = served.definition;
  if (body === undefined || body === null) throw unrecognized(served, 'unexpected end of JSON input (<empty>)');
  if (!isObject(body))
    throw unrecognized(served, "couldn't get version/kind; json parse error: the body is not an object");
  const apiVersion = given(body.apiVersion) ?? served.apiVersion;
  const sent = given(body.kind) ?? kind;
  const metadata = body.metadata ?? {};
  if (typeof apiVersion !== 'string' || typeof sent !== 'string') throw notText(served, body);
  if (!isKnownType(served, apiVersion, sent)) throw unknownKind(served, apiVersion, sent);
  if (sent !== kind && !served.custom) throw wrongKind(served, { apiVersion, sent, name: nameOf(metadata) });
  if (apiVersion !== served.apiVersion) {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${served.apiVersion})`,
    );
  }
  if (sent !== kind) throw wrongKind(served, { apiVersion, sent, name: nameOf(metadata) });
  if (!isObject(metadata)) {
    const type = Array.isArray(metadata) ? 'array' : typeof metadata;
    const into = served.custom ? 'value' : `struct field ${kind}.metadata`;
    throw cannotBeHandled(served, `json: cannot unmarshal ${type} into Go ${into} of type v1.ObjectMeta`);
  }
  if (body.apiVersion === apiVersion && body.kind === kind && body.metadata !== undefined && body.metadata !== null) {
    return body as UnstructuredObject;
  }
  return { ...body, apiVersion, kind, metadata } as UnstructuredObject;
}

/** No longer served, but still known to kube-apiserver. */
const formerVersions: ReadonlySet<string> = new Set([
  'apps/v1beta1',
  'apps/v1beta2',
  'autoscaling/v2beta1',
  'autoscaling/v2beta2',
  'batch/v1beta1',
  'certificates.k8s.io/v1beta1',
  'coordination.k8s.io/v1beta1',
  'discovery.k8s.io/v1beta1',
  'events.k8s.io/v1beta1',
  'extensions/v1beta1',
  'networking.k8s.io/v1beta1',
  'node.k8s.io/v1beta1',
  'policy/v1beta1',
  'rbac.authorization.k8s.io/v1beta1',
  'scheduling.k8s.io/v1beta1',
  'storage.k8s.io/v1beta1',
]);

/** Whether kube-apiserver's own kinds have one of this name; of custom resources it knows no kinds. */
export function isKnownType(served: ServedKind, apiVersion: string, kind: string): boolean {
  if (served.custom || (apiVersion === served.apiVersion && kind === served.definition.kind)) return true;
  if (kind === served.definition.kind && formerVersions.has(apiVersion)) return true;
  const { group, version } = parseApiVersion(apiVersion);
  return [kind, kind.replace(/List$/, '')].some((name) => builtinKind(group, version, name) !== undefined);
}

function unknownKind(served: ServedKind, apiVersion: string, kind: string) {
  const [sent, version] = [JSON.stringify(kind), JSON.stringify(apiVersion)];
  return badRequest(
    `${kind} in version ${JSON.stringify(parseApiVersion(apiVersion).version)} cannot be handled as a ` +
      `${served.definition.kind}: no kind ${sent} is registered for version ${version} in scheme "pkg/runtime/scheme.go:111"`,
  );
}

/** So much of a body that cannot be told what it is, is shown. */
const shownStart = 30;

function notText(served: ServedKind, body: Readonly<Record<string, unknown>>) {
  const field = typeof (body.apiVersion ?? '') === 'string' ? 'kind' : 'apiVersion';
  const value = body[field];
  const type = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  const text = JSON.stringify(body);
  const shown = text.length > shownStart ? `${text.slice(0, shownStart)} ...` : text;
  const why = `json: cannot unmarshal ${type} into Go struct field .${field} of type string`;
  return unrecognized(served, `couldn't get version/kind; json parse error: ${why} (${shown})`);
}

function wrongKind(served: ServedKind, { apiVersion, sent, name }: { apiVersion: string; sent: string; name: string }) {
  // Custom resources are all of one Go type.
  if (served.custom) {
    const causes = [invalidValue('kind', sent, `must be ${served.definition.kind}`)];
    return invalid({ group: served.definition.group, kind: sent }, name, causes);
  }
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
  const { value, unknown } = (served.custom ? pruneCustom : prune)(served.schema, sent, known);
  validateFields(scope, unknown, (text) => cannotBeHandled(served, text));
  const object = applyDefaults(served.schema, value, known);
  return native?.defaults ? native.defaults(object, known) : object;
}

function checkTypes(served: ServedKind, object: KubeObject, known: KubeObject | undefined): void {
  const text = served.custom ? customTypeError(served, object, known) : builtinTypeError(served, object, known);
  if (text !== undefined) throw cannotBeHandled(served, text);
}

function builtinTypeError(served: ServedKind, object: KubeObject, known: KubeObject | undefined): string | undefined {
  return fits(served.schema, object, known) ? undefined : decodeError(served.schema, object, served.definition.kind);
}

/** Of custom resources kube-apiserver's decoder knows the metadata only, their own and that of objects inside them. */
function customTypeError(served: ServedKind, object: KubeObject, known: KubeObject | undefined): string | undefined {
  const own = fits(objectMetaSchema, object.metadata, known?.metadata) ? undefined : metadataError(object.metadata);
  if (own !== undefined) return own;
  const inner = embeddedTypeError(served.schema, object);
  return inner && `${inner.field}: ${inner.message}`;
}
