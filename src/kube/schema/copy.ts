/** Copy-on-write in walks over lists and objects: the first change copies, later ones write into that copy. */

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const noFields: Fields = Object.freeze({});
const noItems: readonly unknown[] = Object.freeze([]);

/** For walks over two values side by side: what is not there, or is something else, has nothing in it. */
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : noFields);
export const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : noItems);

/** A field the object has itself; `toString` and its like are inherited by every object. */
export const ownField = (value: Fields, name: string): unknown =>
  Object.hasOwn(value, name) ? value[name] : undefined;

/** `current` is `original` or this walk's own copy of it; answers the list that holds `next` at `index`. */
export function replaceItem(
  current: readonly unknown[],
  original: readonly unknown[],
  index: number,
  next: unknown,
): readonly unknown[] {
  if (next === current[index]) return current;
  const copy = (current === original ? [...original] : current) as unknown[];
  copy[index] = next;
  return copy;
}

/** The same for a field; `undefined` takes it away. */
export function replaceField(current: Fields, original: Fields, name: string, next: unknown): Fields {
  if (next === ownField(current, name)) return current;
  const copy = (current === original ? { ...original } : current) as Record<string, unknown>;
  if (next === undefined) delete copy[name];
  else copy[name] = next;
  return copy;
}
