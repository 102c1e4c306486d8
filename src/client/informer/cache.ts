/** The objects of an informer by key, by namespace and by named indexes. Knows nothing of lists and watches. */
import { keyOf } from '#kube/meta/key.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { Indexer } from './informer.ts';

export interface ObjectCache<T extends KubeObject> {
  readonly get: (key: string) => T | undefined;
  readonly size: () => number;
  readonly keys: () => string[];
  /** One array is shared by all callers until the cache changes. */
  readonly list: (namespace?: string) => readonly T[];
  readonly byIndex: (index: string, value: string) => readonly T[];
  readonly addIndex: (name: string, indexer: Indexer<T>) => void;
  readonly set: (key: string, object: T) => void;
  readonly remove: (key: string) => void;
}

/** Most values of an index belong to one object: its key stands alone, a Set is made for the second. */
type Bucket = string | Set<string>;

interface Index<T extends KubeObject> {
  readonly indexer: Indexer<T>;
  readonly buckets: Map<string, Bucket>;
}

const none: readonly never[] = [];

const sameValues = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);

function put(buckets: Map<string, Bucket>, value: string, key: string): void {
  const bucket = buckets.get(value);
  if (bucket === undefined) buckets.set(value, key);
  else if (typeof bucket === 'string') {
    if (bucket !== key) buckets.set(value, new Set([bucket, key]));
  } else bucket.add(key);
}

function take(buckets: Map<string, Bucket>, value: string, key: string): void {
  const bucket = buckets.get(value);
  if (typeof bucket === 'string') {
    if (bucket === key) buckets.delete(value);
  } else if (bucket?.delete(key) && bucket.size === 0) buckets.delete(value);
}

function reindex<T extends KubeObject>(index: Index<T>, key: string, old: T | undefined, object: T | undefined): void {
  const before = old ? index.indexer(old) : none;
  const after = object ? index.indexer(object) : none;
  if (sameValues(before, after)) return;
  for (const value of before) take(index.buckets, value, key);
  for (const value of after) put(index.buckets, value, key);
}

const byNamespace: Indexer<KubeObject> = ({ metadata }) => (metadata.namespace ? [metadata.namespace] : none);

export function objectCache<T extends KubeObject>(namespaced: boolean): ObjectCache<T> {
  const objects = new Map<string, T>();
  const indexes = new Map<string, Index<T>>();
  const namespaces: Index<T> | undefined = namespaced ? { indexer: byNamespace, buckets: new Map() } : undefined;
  let all: readonly T[] | undefined;

  const change = (key: string, old: T | undefined, object: T | undefined) => {
    all = undefined;
    if (namespaces && (old === undefined || object === undefined)) reindex(namespaces, key, old, object);
    for (const index of indexes.values()) reindex(index, key, old, object);
  };

  const inBucket = (bucket: Bucket | undefined): readonly T[] => {
    if (bucket === undefined) return none;
    if (typeof bucket === 'string') return [objects.get(bucket)!];
    return Array.from(bucket, (key) => objects.get(key)!);
  };

  return {
    get: (key) => objects.get(key),
    size: () => objects.size,
    keys: () => [...objects.keys()],
    list: (namespace) => {
      if (namespace !== undefined) return inBucket(namespaces?.buckets.get(namespace));
      all ??= [...objects.values()];
      return all;
    },
    byIndex: (name, value) => {
      const index = indexes.get(name);
      if (!index) throw new Error(`there is no index "${name}": add it with addIndex before asking for it`);
      return inBucket(index.buckets.get(value));
    },
    addIndex: (name, indexer) => {
      const existing = indexes.get(name);
      if (existing && existing.indexer !== indexer) throw new Error(`index "${name}" exists with another function`);
      if (existing) return;
      const index: Index<T> = { indexer, buckets: new Map() };
      for (const object of objects.values()) reindex(index, keyOf(object), undefined, object);
      indexes.set(name, index);
    },
    set: (key, object) => {
      const old = objects.get(key);
      objects.set(key, object);
      change(key, old, object);
    },
    remove: (key) => {
      const old = objects.get(key);
      if (!old) return;
      objects.delete(key);
      change(key, old, undefined);
    },
  };
}
