/** What a log line may hold: scalars and short structures, never a Secret's data, never credentials. */
import { keyOf } from '#kube/meta/key.ts';
import type { KubeObject } from '#kube/meta/object.ts';

const hidden = '[redacted]';

/** Keys whose values are credentials wherever they stand. */
const secretKeys =
  /^(data|stringData|binaryData|token|.*[-_.]?(password|secret|authorization|bearer)|.*Token|client-key(-data)?|clientKey(Data)?|key(Pem|Data)|privateKey)$/i;

/** Longest text and deepest structure of one value; a line stays below about 10 kB. */
const longestText = 2_000;
const deepest = 4;
const mostItems = 50;

const isObject = (value: object): value is KubeObject => 'kind' in value && 'metadata' in value;

/** An API object is logged by name only: whoever wants to see it asks the API server, which knows what they may see. */
const nameOf = (object: KubeObject) => `${object.kind} ${keyOf(object)}`;

function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.length > longestText ? `${value.slice(0, longestText)}…` : value;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? '[function]' : value;
  if (value instanceof Error) return errorFields(value);
  if (isObject(value)) return nameOf(value);
  if (depth >= deepest) return '[…]';
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) {
    const items = value.slice(0, mostItems).map((item) => redact(item, depth + 1));
    return value.length > mostItems ? [...items, `[${value.length - mostItems} more]`] : items;
  }
  const fields = Object.entries(value).slice(0, mostItems);
  return Object.fromEntries(
    fields.map(([key, field]) => [key, secretKeys.test(key) ? hidden : redact(field, depth + 1)]),
  );
}

/** The keys of one log call. */
export function redactKeys(keys: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const safe: Record<string, unknown> = {};
  for (const key in keys) if (keys[key] !== undefined) safe[key] = secretKeys.test(key) ? hidden : redact(keys[key]);
  return safe;
}

/** A stack is of use for defects only; an API server's refusal is said by its words. */
export function errorFields(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: redact(error) };
  const expected = 'status' in error || error.name === 'TransportError' || error.name === 'AbortError';
  return { error: redact(error.message), ...(expected ? {} : { stack: error.stack }) };
}
