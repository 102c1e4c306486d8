/** Equality of JSON values: what decides whether a write changes anything. */

/** Field order does not matter; an absent field equals one that is undefined. Shared references cost nothing. */
export function equalValues(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left)) return Array.isArray(right) && equalLists(left, right);
  if (Array.isArray(right)) return false;
  return equalFields(left as Fields, right as Fields);
}

type Fields = Readonly<Record<string, unknown>>;

function equalLists(left: readonly unknown[], right: readonly unknown[]): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) if (!equalValues(left[index], right[index])) return false;
  return true;
}

function equalFields(left: Fields, right: Fields): boolean {
  for (const name in left) if (!equalValues(left[name], right[name])) return false;
  for (const name in right) if (right[name] !== undefined && left[name] === undefined) return false;
  return true;
}

/** Equal apart from the top-level fields named in `except`. */
export function equalExcept(left: object, right: object, except: ReadonlySet<string>): boolean {
  if (left === right) return true;
  const a = left as Fields;
  const b = right as Fields;
  for (const name in a) if (!except.has(name) && !equalValues(a[name], b[name])) return false;
  for (const name in b) if (!except.has(name) && b[name] !== undefined && a[name] === undefined) return false;
  return true;
}
