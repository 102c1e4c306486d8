/** Equality of objects apart from some of their fields. */
import { deepEqual } from '#kube/meta/equal.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Equal apart from the top-level fields named in `except`. */
export function equalExcept(left: object, right: object, except: ReadonlySet<string>): boolean {
  if (left === right) return true;
  const a = left as Fields;
  const b = right as Fields;
  for (const name in a) if (!except.has(name) && !deepEqual(a[name], b[name])) return false;
  for (const name in b)
    if (!except.has(name) && b[name] !== undefined && (a[name] === undefined || !Object.hasOwn(a, name))) return false;
  return true;
}
