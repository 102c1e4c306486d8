/** Server-side apply: an intent is merged field by field, or becomes a new object. */
import { serverSideApply } from '#kube/apply/apply.ts';
import { parseApiVersion } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { ApiResponse } from '#kube/request/request.ts';
import { requiredValue } from '#kube/status/causes.ts';
import { badRequest, conflict, invalid } from '#kube/status/errors.ts';
import { StatusError } from '#kube/status/status.ts';
import type { Registry, Scope } from '../context.ts';
import { createDecoded } from './create.ts';
import { decode, decoderText, envelope, isKnownType } from './decode.ts';
import { type Door, mainDoor } from './door.ts';
import { resetFields } from './managed.ts';
import { inNamespace } from './names.ts';
import { elsewhere } from './other-versions.ts';
import { validateIntent } from './strict.ts';
import { requireCreate, updateWith } from './update.ts';

/** Throws Conflict with one FieldManagerConflict cause per field, and what every update throws. */
export async function apply(registry: Registry, scope: Scope, door: Door = mainDoor): Promise<ApiResponse> {
  const config = intent(scope);
  return applyIntent(registry, scope, door, config);
}

/** `config`: the intent as an object of the kind, whichever subresource it came through. */
export async function applyIntent(
  registry: Registry,
  scope: Scope,
  door: Door,
  config: KubeObject,
): Promise<ApiResponse> {
  const onto = (live: KubeObject | undefined) => merged(registry, scope, door, config, live);
  if (door === mainDoor && !registry.storage.get(scope)) {
    if (config.metadata.uid) throw goneSince(scope, config.metadata.uid);
    requireCreate(registry, scope);
    return createDecoded(registry, scope, withoutVersion(onto(undefined)), (object) => object);
  }
  return updateWith(registry, scope, door, (old) => ({ object: onto(old), owned: true }));
}

/** Throws Invalid or BadRequest. */
function intent(scope: Scope): KubeObject {
  const { options, body } = scope.request;
  if (!options.fieldManager) {
    throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
      requiredValue('fieldManager', 'is required for apply patch'),
    ]);
  }
  const sent = body as { readonly apiVersion?: unknown; readonly kind?: unknown } | undefined;
  if (!sent?.apiVersion || !sent.kind) {
    throw badRequest(
      `failed to create manager for existing fields: the applied object must have apiVersion and kind of ` +
        `${scope.served.apiVersion}, Kind=${scope.served.definition.kind}`,
    );
  }
  requireKnownType(scope, sent);
  const config = envelope(scope.served, body);
  const { name = scope.name, managedFields } = config.metadata;
  if (managedFields && managedFields.length > 0) throw badRequest('metadata.managedFields must be nil');
  if (name !== scope.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${scope.name})`);
  }
  // For its refusal only: what is stated stays as it was sent, for messages and kubectl's record quote it.
  inNamespace(scope, config);
  return config.metadata.name ? config : { ...config, metadata: { ...config.metadata, name } };
}

/** The merge wants a type it has a schema of, and takes what is no text for none. Throws BadRequest. */
function requireKnownType({ served }: Scope, sent: { readonly apiVersion?: unknown; readonly kind?: unknown }): void {
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const [apiVersion, kind] = [text(sent.apiVersion), text(sent.kind)];
  if (isKnownType(served, apiVersion, kind)) return;
  const { group, version } = parseApiVersion(apiVersion);
  throw badRequest(`invalid object type: ${group}/${version}, Kind=${kind}`);
}

/** An apply that names a uid means an object that exists. */
function goneSince(scope: Scope, uid: string) {
  const text = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
  return conflict(scope.served.definition, scope.name, text);
}

/** An apply that creates may name a version; no object has it yet. */
function withoutVersion(object: KubeObject): KubeObject {
  if (object.metadata.resourceVersion === undefined) return object;
  const { resourceVersion: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** Live object and intent merged, decoded and with the manager's entry; `live` is undefined on creation. */
function merged(
  registry: Registry,
  scope: Scope,
  door: Door,
  config: KubeObject,
  live: KubeObject | undefined,
): KubeObject {
  const { options } = scope.request;
  const reset = resetFields(scope, door.subresource);
  const others = live && elsewhere(registry, scope, reset);
  const { object } = serverSideApply({
    schema: scope.served.schema,
    live,
    config,
    manager: options.fieldManager ?? '',
    force: options.force === true,
    apiVersion: scope.served.apiVersion,
    ...(scope.served.alikeVersions ? { isAlike: scope.served.alikeVersions } : {}),
    ...(others ? { elsewhere: others } : {}),
    now: registry.world.clock.now(),
    ...(door.subresource ? { subresource: door.subresource } : {}),
    ...(reset ? { resetFields: reset } : {}),
  });
  validateIntent(scope);
  return live !== undefined && object === live ? live : inNamespace(scope, converted(scope, config, object, live));
}

/** The merge knows JSON types only; what Go's types want beyond that is found after it. Throws a 500, as kube-apiserver. */
function converted(scope: Scope, config: KubeObject, object: KubeObject, live: KubeObject | undefined): KubeObject {
  try {
    return decode(scope, object, live);
  } catch (error) {
    const why = decoderText(scope.served, error);
    if (why === undefined) throw error;
    const { group, version, kind } = scope.served.definition;
    const { namespace = '', name = '' } = config.metadata;
    const type = `${group}/${version}, Kind=${kind}`;
    // Only what has no reader of its own is read by the JSON decoder.
    const read = why.startsWith('illegal base64') ? 'error decoding from json: ' : '';
    throw new StatusError({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message:
        `failed to convert new object (${namespace}/${name}; ${type}) to proper version: ` +
        `unable to convert unstructured object to ${type}: ${read}${why}`,
      code: 500,
    });
  }
}
