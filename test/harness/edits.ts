/** What makes one JSON value of another: where something is put, and where it is taken away. */
import type { JsonValue } from '#kube/meta/object.ts';

export interface Edits {
  /** By JSON pointer. */
  readonly put: Readonly<Record<string, JsonValue>>;
  readonly gone?: readonly string[];
}

type Holder = Record<string, JsonValue>;

const isHolder = (value: JsonValue | undefined): value is Holder => typeof value === 'object' && value !== null;
const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');
const unescaped = (key: string) => key.replaceAll('~1', '/').replaceAll('~0', '~');

/** Lists of one length are gone into; others are put as a whole. */
const alike = (before: Holder, after: Holder): boolean =>
  Array.isArray(before) === Array.isArray(after) && (!Array.isArray(before) || before.length === after.length);

export function editsBetween(before: JsonValue, after: JsonValue): Edits {
  const put: Record<string, JsonValue> = {};
  const gone: string[] = [];
  const look = (left: JsonValue | undefined, right: JsonValue, path: string): void => {
    if (JSON.stringify(left) === JSON.stringify(right)) return;
    if (!isHolder(left) || !isHolder(right) || !alike(left, right)) {
      put[path] = right;
      return;
    }
    for (const key in left) if (right[key] === undefined) gone.push(`${path}/${escaped(key)}`);
    for (const key in right) look(left[key], right[key]!, `${path}/${escaped(key)}`);
  };
  look(before, after, '');
  return { put, ...(gone.length > 0 ? { gone } : {}) };
}

export function edited(before: JsonValue, { put, gone = [] }: Edits): JsonValue {
  const root: Holder = { value: structuredClone(before) };
  const at = (path: string): [Holder, string] => {
    const keys = ['value', ...path.split('/').slice(1).map(unescaped)];
    let holder = root;
    for (const key of keys.slice(0, -1)) holder = holder[key] as Holder;
    return [holder, keys.at(-1)!];
  };
  for (const path of gone) {
    const [holder, key] = at(path);
    delete holder[key];
  }
  for (const [path, value] of Object.entries(put)) {
    const [holder, key] = at(path);
    holder[key] = value;
  }
  return root.value!;
}
