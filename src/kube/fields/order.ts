/** The order of texts and JSON values as kube-apiserver has them: FieldsV1 is written in this order. */
import type { JsonArray, JsonObject, JsonValue } from '../meta/object.ts';

/** Byte order of UTF-8: like UTF-16 order, except that surrogate pairs come after U+E000–U+FFFF. */
export function compareText(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return utf8Rank(x) - utf8Rank(y);
  }
  return a.length - b.length;
}

const utf8Rank = (unit: number): number => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);

/** Numbers, then strings, booleans, lists, maps, null. */
function rankOf(value: JsonValue): number {
  switch (typeof value) {
    case 'number':
      return 0;
    case 'string':
      return 1;
    case 'boolean':
      return 2;
    default:
      return value === null ? 5 : Array.isArray(value) ? 3 : 4;
  }
}

/** A total order of JSON values; negative, 0 or positive. */
export function compareValues(a: JsonValue, b: JsonValue): number {
  if (a === b) return 0;
  const rank = rankOf(a);
  const difference = rank - rankOf(b);
  if (difference !== 0) return difference;
  switch (rank) {
    case 0:
      return (a as number) - (b as number);
    case 1:
      return compareText(a as string, b as string);
    case 2:
      return a === false ? -1 : 1;
    case 3:
      return compareLists(a as JsonArray, b as JsonArray);
    default:
      return compareMaps(a as JsonObject, b as JsonObject);
  }
}

function compareLists(a: JsonArray, b: JsonArray): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const order = compareValues(a[i]!, b[i]!);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareMaps(a: JsonObject, b: JsonObject): number {
  const keysA = Object.keys(a).sort(compareText);
  const keysB = Object.keys(b).sort(compareText);
  for (let i = 0; i < keysA.length && i < keysB.length; i++) {
    const order = compareText(keysA[i]!, keysB[i]!) || compareValues(a[keysA[i]!]!, b[keysB[i]!]!);
    if (order !== 0) return order;
  }
  return keysA.length - keysB.length;
}
