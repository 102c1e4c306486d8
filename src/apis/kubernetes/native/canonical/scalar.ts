/** Canonical forms of scalars, lists and maps, as Go's JSON encoder writes them; `undefined` means the field is dropped. */
import { canonicalQuantity, formatQuantity, milliValue, parseQuantity } from '#kube/quantity/quantity.ts';
import { canonicalBase64 } from '../base64.ts';
import { fieldsOf, isFields } from '../value.ts';
import { canonicalMicroTime, canonicalTime } from './time.ts';

/** `known` is canonical: what is the same reference in both is not looked at again. */
export type Canonical = (value: unknown, known?: unknown) => unknown;

export function isZero(value: unknown): boolean {
  return value === null || value === undefined || value === '' || value === 0 || value === false;
}

/** A field of which no table says anything: omitempty scalars, lists of scalars, maps of strings. */
export function dropZero(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return isZero(value) ? undefined : value;
  if (Array.isArray(value))
    return value.length === 0 ? undefined : value.includes(null) ? value.map(nullToEmpty) : value;
  return canonicalMap(value);
}

/** Decoding null into a Go string gives ''. */
const nullToEmpty = (value: unknown): unknown => value ?? '';

/** A map of strings or of values that are not looked into. */
export function canonicalMap(value: unknown): unknown {
  if (!isFields(value)) return value ?? undefined;
  let empty = true;
  let nulls = false;
  for (const key in value) {
    empty = false;
    if (value[key] === null) nulls = true;
  }
  if (empty) return undefined;
  return nulls ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, nullToEmpty(item)])) : value;
}

const noItems: readonly unknown[] = [];

/** `missing` undefined: an empty list is dropped; otherwise it is kept, and null becomes `missing`. */
export function listOf(item: Canonical | undefined, missing: unknown): Canonical {
  return (value, known) => {
    if (value === null || value === undefined) return missing;
    if (!Array.isArray(value) || value === known) return value;
    if (value.length === 0) return missing;
    if (item === undefined) return value.includes(null) ? value.map(nullToEmpty) : value;
    const before = Array.isArray(known) ? known : noItems;
    let copy: unknown[] | undefined;
    for (let index = 0; index < value.length; index++) {
      const next = item(value[index], before[index]);
      if (next === value[index]) continue;
      copy ??= [...value];
      copy[index] = next;
    }
    return copy ?? value;
  };
}

export function mapOf(item: Canonical): Canonical {
  return (value, known) => {
    if (!isFields(value)) return value ?? undefined;
    if (value === known) return value;
    const before = fieldsOf(known);
    let copy: Record<string, unknown> | undefined;
    let empty = true;
    for (const key in value) {
      empty = false;
      const next = item(value[key], before[key]);
      if (next === value[key]) continue;
      copy ??= { ...value };
      copy[key] = next;
    }
    return empty ? undefined : (copy ?? value);
  };
}

/** Quantities that most manifests hold and that are canonical as they are: below 1000, without a fraction. */
const plainQuantity = /^[1-9]\d{0,2}(m|k|M|G|Ki|Mi|Gi|Ti)?$/;

/** Throws RangeError on what is no quantity, which the decoder answers with BadRequest. */
export function canonicalQuantityField(value: unknown): unknown {
  if (typeof value === 'string') return plainQuantity.test(value) ? value : canonicalQuantity(value);
  if (typeof value === 'number') return canonicalQuantity(value);
  return orZero(value);
}

/** Of what is neither a text nor a number only nothing at all counts. */
const orZero = (value: unknown): unknown =>
  value === undefined || value === null ? '0' : canonicalQuantity(JSON.stringify(value));

/** Quantities of ResourceLists are rounded up to thousandths. */
export function canonicalResource(value: unknown): unknown {
  if (typeof value === 'string' && plainQuantity.test(value)) return value;
  if (typeof value !== 'string' && typeof value !== 'number') return orZero(value);
  const quantity = parseQuantity(value);
  if (quantity.nano % 1_000_000n === 0n) return formatQuantity(quantity);
  return canonicalQuantity(`${milliValue(quantity)}m`);
}

export const bytesField: Canonical = (value) => (typeof value === 'string' ? canonicalBase64(value) : value);

export const timeField: Canonical = (value) => (typeof value === 'string' ? canonicalTime(value) : (value ?? null));
export const microTimeField: Canonical = (value) =>
  typeof value === 'string' ? canonicalMicroTime(value) : (value ?? null);
