/** A Map that forgets what has not been touched for longest. */
export interface BoundedMap<K, V> {
  readonly get: (key: K) => V | undefined;
  /** Does not count as touching. */
  readonly has: (key: K) => boolean;
  readonly set: (key: K, value: V) => void;
}

export function boundedMap<K, V>(most: number): BoundedMap<K, V> {
  const map = new Map<K, V>();
  const put = (key: K, value: V) => {
    map.delete(key);
    map.set(key, value);
  };
  return {
    get: (key) => {
      const value = map.get(key);
      if (value !== undefined) put(key, value);
      return value;
    },
    has: (key) => map.has(key),
    set: (key, value) => {
      put(key, value);
      if (map.size > most) map.delete(map.keys().next().value!);
    },
  };
}
