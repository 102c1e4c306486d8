/** A webhook's answer, held against its request: whose it is, whether it was successful, and the patch in it. Pure. */
import { contextKind, type InterpreterRequest, type InterpreterResponse } from '#apis/config/context.ts';
import type { JsonObject, JsonValue, UnstructuredObject } from '#kube/meta/object.ts';
import { applyJsonPatch } from '#kube/patch/json.ts';
import { StatusError } from '#kube/status/status.ts';

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: JsonValue) => (typeof value === 'string' ? value : JSON.stringify(value));

/** A longer answer is not shown whole in an event. */
const shownBytes = 200;

function bodyOf(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`the answer is no JSON: ${(error as Error).message}`);
  }
  if (!isObject(value)) throw new Error('the answer is no JSON object');
  return value;
}

/** Throws where the HTTP answer is no context of our version that answers this very request successfully. */
export function responseIn(
  { uid }: InterpreterRequest,
  { status, body }: { readonly status: number; readonly body: string },
): InterpreterResponse {
  if (status < 200 || status > 299) throw new Error(`it answered ${status}: ${body.trim().slice(0, shownBytes)}`);
  const context = bodyOf(body);
  for (const field of ['apiVersion', 'kind'] as const) {
    const given = context[field];
    if (given !== undefined && given !== '' && given !== contextKind[field])
      throw new Error(`${field} must be ${contextKind[field]}, and is ${JSON.stringify(given)}`);
  }
  const { response } = context;
  if (!isObject(response)) throw new Error('webhook response was absent');
  if (response.uid !== uid)
    throw new Error(`expected response.uid ${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? '')}`);
  const told = response as InterpreterResponse;
  if (told.successful === true) return told;
  if (!isObject(told.status)) throw new Error('webhook require response.status when response.successful is false');
  const { code = 0, message = '' } = told.status;
  throw new Error(`webhook call failed, get status code: ${JSON.stringify(code)}, msg: ${textOf(message)}`);
}

/** The object as the answer's patch changes it; the same reference where there is none. */
export function patchedBy({ patch, patchType }: InterpreterResponse, object: UnstructuredObject): UnstructuredObject {
  const none = patch === undefined || patch === null || patch === '';
  if (none && (patchType === undefined || patchType === null)) return object;
  if (patchType === undefined || patchType === null) throw new Error('webhook returned nil response.patchType');
  if (none) throw new Error('webhook returned empty response.patch');
  if (patchType !== 'JSONPatch')
    throw new Error(`webhook returned invalid response.patchType of ${JSON.stringify(patchType)}`);
  try {
    return applyJsonPatch(object, operationsIn(patch));
  } catch (error) {
    // What is wrong with an operation is the cause of a general refusal.
    const [cause] = error instanceof StatusError ? (error.status.details?.causes ?? []) : [];
    throw new Error(`response.patch does not apply: ${cause?.message ?? (error as Error).message}`, { cause: error });
  }
}

function operationsIn(patch: JsonValue): unknown {
  try {
    if (typeof patch !== 'string') throw new Error('it is no text');
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(patch))) as unknown;
  } catch (error) {
    throw new Error(`it is no JSON in base64: ${(error as Error).message}`);
  }
}

/** `atob` refuses what is no base64, which Buffer passes by; `Uint8Array.from` would take a second for 8 MiB. */
const bytesOf = (base64: string) => Buffer.from(atob(base64), 'latin1');
