/** Patch: JSON patch, merge patch and strategic merge patch, made anew on what is stored now when somebody was faster. */
import type { JsonValue, KubeObject } from '#kube/meta/object.ts';
import { applyJsonPatch } from '#kube/patch/json.ts';
import { applyMergePatch } from '#kube/patch/merge.ts';
import { goText } from '#kube/patch/strategic/errors.ts';
import { applyStrategicMergePatch } from '#kube/patch/strategic.ts';
import type { ApiResponse, PatchType } from '#kube/request/request.ts';
import { patchContentTypes } from '#kube/request/request.ts';
import { badRequest, invalid, unsupportedMediaType } from '#kube/status/errors.ts';
import type { Registry, Scope } from '../context.ts';
import { apply } from './apply.ts';
import { decode, decoderText, envelope } from './decode.ts';
import { type Door, mainDoor } from './door.ts';
import { matchesPath } from './names.ts';
import { unrestorable } from './restore.ts';
import { updateWith } from './update.ts';

/** Throws UnsupportedMediaType, BadRequest, Invalid, NotFound, Conflict, or what admission says. */
export async function patch(registry: Registry, scope: Scope, door: Door = mainDoor): Promise<ApiResponse> {
  if (patchTypeOf(scope) === 'apply') return apply(registry, scope, door);
  return updateWith(registry, scope, door, (old) => ({
    object: decodePatched(scope, patched(scope, old), old),
  }));
}

/** Of what a patch makes of an object the decoder says the same, but as Invalid. The object itself is not told. */
function decodePatched(scope: Scope, document: JsonValue, old: KubeObject): KubeObject {
  const asInvalid = <T>(read: () => T): T => {
    try {
      return read();
    } catch (error) {
      const why = decoderText(scope.served, error);
      throw why === undefined ? error : wrongPatch(shownPatch(scope) + why);
    }
  };
  const sent = matchesPath(
    scope,
    asInvalid(() => envelope(scope.served, document)),
  );
  return asInvalid(() => decode(scope, sent, old));
}

/** A strategic patch is repeated before what is wrong; others are not, nor what they make of the object. */
const shownPatch = ({ request: { patchType, body } }: Scope): string =>
  patchType === 'strategic' ? `${JSON.stringify(goText(body))}: ` : '';

/** Custom resources have no strategic merge: their schema says nothing about merge keys. */
function patchTypeOf(scope: Scope): PatchType {
  const { patchType } = scope.request;
  if (patchType !== undefined && (patchType !== 'strategic' || !scope.served.custom)) return patchType;
  const accepted = Object.entries(patchContentTypes)
    .filter(([type]) => type !== 'strategic' || !scope.served.custom)
    .map(([, contentType]) => contentType);
  throw unsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );
}

/** The document the patch makes of `document`, an object or what a subresource shows of it. */
export function patched(scope: Scope, document: KubeObject): JsonValue {
  const { body } = scope.request;
  const value = document as unknown as JsonValue;
  const type = patchTypeOf(scope);
  if (body === null && (type === 'json' || type === 'strategic')) return value;
  if (body === undefined || body === null) throw badRequest('error decoding patch: unexpected end of JSON input');
  const change = body as JsonValue;
  switch (type) {
    case 'json':
      return applyJsonPatch(value, change);
    case 'strategic': {
      const merged = applyStrategicMergePatch(value, objectPatch(change, ''), scope.served.schema);
      const why = unrestorable(scope.served.schema, merged, value);
      if (why !== undefined) throw wrongPatch(shownPatch(scope) + why);
      return merged;
    }
    case 'merge':
    case 'apply':
      return applyMergePatch(value, objectPatch(change, 'error decoding patch: '));
  }
}

/** What a patch makes of an object is none of its kind. */
export const wrongPatch = (why: string) =>
  invalid({ group: '', kind: '' }, '', [
    { reason: 'FieldValueInvalid', field: 'patch', message: `Invalid value: ${why}` },
  ]);

function objectPatch(change: JsonValue, prefix: string): JsonValue {
  if (typeof change === 'object' && !Array.isArray(change)) return change;
  const type = Array.isArray(change) ? 'array' : typeof change;
  throw badRequest(`${prefix}json: cannot unmarshal ${type} into Go value of type map[string]interface {}`);
}
