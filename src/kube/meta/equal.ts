/** Equality of JSON values. */

/** Same value, whatever the order of keys; a key that holds undefined counts as absent. Shared references are not walked. */
export function deepEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
    for (let i = 0; i < left.length; i++) if (!deepEqual(left[i], right[i])) return false;
    return true;
  }
  const [a, b] = [left as Readonly<Record<string, unknown>>, right as Readonly<Record<string, unknown>>];
  // Counted, for `a[key]` is there for every `constructor` and `toString` that only `b` has.
  let more = 0;
  for (const key in a) {
    if (a[key] === undefined) continue;
    if (!deepEqual(a[key], b[key])) return false;
    more++;
  }
  for (const key in b) if (b[key] !== undefined) more--;
  return more === 0;
}
