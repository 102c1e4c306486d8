/**
 * YAML maps as objects. What a merge key (`<<`) brings may be stated again, also under a key that is no text while it
 * is read: `y` and `8080` are `true` and a number then, and texts once they are keys of an object.
 */

type Members = Record<string, unknown>;
type Plain = string | number | boolean;

/** How the parser asks a map, which is an object, for its members. */
interface MapTag {
  readonly keys: (object: Members) => Iterable<unknown>;
  readonly get: (object: Members, key: unknown) => unknown;
  readonly has: (object: Members, key: unknown) => boolean;
  /** What is wrong with the key; '' for nothing. */
  readonly addPair: (object: Members, key: unknown, value: unknown) => string;
}

/** A key of the map that is merged, told from one that is stated. */
class MergedKey {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** `tag` with those rules, and without null as a key. */
export function mergeable<T extends MapTag>(tag: T): T {
  /** Of each map, the keys that only a merge has brought so far. */
  const merged = new WeakMap<Members, Set<string>>();
  const rules: MapTag = {
    keys: (object) => Array.from(tag.keys(object), (key) => new MergedKey(String(key as Plain))),
    get: (object, key) => tag.get(object, key instanceof MergedKey ? key.text : key),
    // For another merge all that is there is there; for who states a key, what was stated.
    has: (object, key) => {
      if (key instanceof MergedKey) return tag.has(object, key.text);
      return tag.has(object, key) && !merged.get(object)?.has(String(key as Plain));
    },
    addPair: (object, key, value) => {
      if (key === null) return 'unsupported map key: null';
      if (!(key instanceof MergedKey)) {
        merged.get(object)?.delete(String(key as Plain));
        return tag.addPair(object, key, value);
      }
      merged.set(object, (merged.get(object) ?? new Set()).add(key.text));
      return tag.addPair(object, key.text, value);
    },
  };
  return { ...tag, ...rules };
}
