/** The patch of a mutating webhook on the object it was shown: applied, decoded, and with its defaults. */
import { deepEqual } from '#kube/meta/equal.ts';
import type { JsonValue, KubeObject } from '#kube/meta/object.ts';
import { applyJsonPatch } from '#kube/patch/json.ts';
import { decodeError } from '#kube/schema/decode.ts';
import { applyDefaults } from '#kube/schema/defaults.ts';
import { prune } from '#kube/schema/prune.ts';
import { internalError } from '#kube/status/errors.ts';
import { StatusError } from '#kube/status/status.ts';
import type { ServedKind } from '../../registry/kinds/served.ts';
import { fits } from '../../registry/write/fitting.ts';
import type { ReviewAnswer } from './review.ts';

export interface Patched {
  readonly object: KubeObject;
  readonly operations: JsonValue;
  /** What the patch did is not undone by decoding. */
  readonly changed: boolean;
}

/** A patch that the webhook is to blame for: its failurePolicy decides. Everything else fails the request. */
class WebhookPatchError extends Error {
  override readonly name = 'WebhookPatchError';
}

/**
 * undefined when nothing is asked for. `served`: the kind of the object, absent for what subresources take (a Scale,
 * a Binding), which is taken as it is. Throws WebhookPatchError, or InternalError as kube-apiserver does.
 */
export function patchedObject(
  name: string,
  object: KubeObject | undefined,
  { patch = '', patchType }: ReviewAnswer,
  served: ServedKind | undefined,
): Patched | undefined {
  if (patch === '') return undefined;
  const operations = operationsIn(patch);
  if (operations.length === 0) return undefined;
  if (!object) {
    throw internalError(
      `admission webhook ${JSON.stringify(name)} attempted to modify the object, which is not supported for this operation`,
    );
  }
  if (patchType !== 'JSONPatch') throw new WebhookPatchError(`unsupported patch type ${JSON.stringify(patchType)}`);
  const patched = decoded(applied(object, operations), object, served);
  return { object: patched, operations, changed: !deepEqual(object, patched) };
}

function operationsIn(patch: string): readonly JsonValue[] {
  let value: JsonValue;
  try {
    value = JSON.parse(patch) as JsonValue;
  } catch {
    throw undecodable(`invalid character ${JSON.stringify(patch.trimStart()[0] ?? '')}`);
  }
  if (value === null) return [];
  if (Array.isArray(value)) return value as readonly JsonValue[];
  const type = typeof value === 'object' ? 'object' : typeof value;
  throw undecodable(`json: cannot unmarshal ${type} into Go value of type jsonpatch.Patch`);
}

const undecodable = (why: string) => new WebhookPatchError(`received undecodable patch in webhook response: ${why}`);

function applied(object: KubeObject, operations: readonly JsonValue[]): KubeObject {
  try {
    return applyJsonPatch(object, operations);
  } catch (error) {
    // Which operation failed is its cause.
    const cause = error instanceof StatusError ? error.status.details?.causes?.[0]?.message : undefined;
    throw internalError(cause ?? (error as Error).message);
  }
}

/** Unknown fields are left out without a word: the client did not send them. */
function decoded(patched: KubeObject, before: KubeObject, served: ServedKind | undefined): KubeObject {
  if (!served) return patched;
  if (!served.custom && !fits(served.schema, patched, before)) {
    const why = decodeError(served.schema, patched, served.definition.kind);
    if (why !== undefined) throw internalError(why);
  }
  const { value } = prune(served.schema, patched, before);
  const object = applyDefaults(served.schema, value, before);
  return served.definition.native?.defaults?.(object, before) ?? object;
}
