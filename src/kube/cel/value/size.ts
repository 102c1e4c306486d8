/** Sizes as `size()` and the costs count them: code points, bytes, items, entries. */
import { CelError, CelList, CelMap, CelOpaque, CelOptional, type CelValue, type Evaluated } from './value.ts';

/** Code points of a text; a lone surrogate counts as one. */
export function textSize(text: string): number {
  let size = text.length;
  for (let index = 0; index < text.length - 1; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0xd800 || unit > 0xdbff) continue;
    const next = text.charCodeAt(index + 1);
    if (next >= 0xdc00 && next <= 0xdfff) {
      size--;
      index++;
    }
  }
  return size;
}

/** undefined for what has no size. */
export function sizeOf(value: CelValue): number | undefined {
  if (typeof value === 'string') return textSize(value);
  if (value instanceof CelList || value instanceof CelMap) return value.size;
  if (value instanceof Uint8Array) return value.length;
  return undefined;
}

/** What an operation on a value costs by its size: 1 for what has none. */
export function costSize(value: CelValue): number {
  if (value instanceof CelOpaque) return value.costSize;
  if (value instanceof CelOptional) return value.value === undefined ? 1 : costSize(value.value);
  return sizeOf(value) ?? 1;
}

/** Bytes of UTF-8. */
function byteSize(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) bytes += unit > 0x7ff ? (unit >= 0xd800 && unit <= 0xdfff ? 1 : 2) : 1;
  }
  return bytes;
}

/** Visiting everything in a value: what functions over whole lists cost. */
export function traversalSize(value: CelValue): number {
  if (typeof value === 'string') return Math.trunc(byteSize(value) * 0.1);
  if (value instanceof Uint8Array) return Math.trunc(value.length * 0.1);
  if (value instanceof CelList) {
    let cost = 0;
    for (let index = 0; index < value.size; index++) cost += traversalOf(value.at(index));
    return cost;
  }
  if (value instanceof CelMap) {
    let cost = 0;
    for (const key of value.keys()) cost += traversalSize(key) + traversalOf(value.find(key));
    return cost;
  }
  return 1;
}

const traversalOf = (part: Evaluated | undefined): number =>
  part === undefined || part instanceof CelError ? 1 : traversalSize(part);
