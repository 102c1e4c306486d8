/** Reading and changing JSON values of kinds that have no TypeScript type here. */

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `value` as an object, {} when it is none. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : none;
}
const none: Fields = {};

/** `value` as a list, [] when it is none. */
export function itemsOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value : nothing;
}
const nothing: readonly Fields[] = [];

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Absent or null: Go's nil. */
export function isNothing(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

/** Whether an object (or nothing) holds no field. */
export function isEmpty(value: unknown): boolean {
  for (const _ in fieldsOf(value)) return false;
  return true;
}

/** A copy with `name` set, or taken away when `next` is undefined; the same reference when that changes nothing. */
export function withField<T extends object>(value: T, name: string, next: unknown): T {
  if ((value as Fields)[name] === next) return value;
  const copy = { ...value, [name]: next };
  if (next === undefined) delete copy[name];
  return copy;
}

/** Fields of `defaults` that `value` lacks (absent, null). */
export function withMissing<T extends Fields>(value: T, defaults: Fields): T {
  let copy: Record<string, unknown> | undefined;
  for (const name in defaults) {
    if (value[name] === undefined || value[name] === null) {
      copy ??= { ...value };
      copy[name] = defaults[name];
    }
  }
  return (copy ?? value) as T;
}

/** The list with each element changed by `change`; the same reference when none changes. */
export function mapList<T>(list: readonly T[], change: (item: T, index: number) => T): readonly T[] {
  let copy: T[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const next = change(list[index]!, index);
    if (next === list[index]) continue;
    copy ??= [...list];
    copy[index] = next;
  }
  return copy ?? list;
}

/** Deep equality of JSON values; absent and undefined fields are the same. */
export function sameValue(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false;
    return left.every((item, index) => sameValue(item, right[index]));
  }
  if (Array.isArray(right)) return false;
  for (const name in left) if (!sameValue((left as Fields)[name], (right as Fields)[name])) return false;
  for (const name in right)
    if ((left as Fields)[name] === undefined && (right as Fields)[name] !== undefined) return false;
  return true;
}
