/** How many watches a write concerns: they are part of what it costs. */
import type { ResourcePath } from '#kube/request/request.ts';

type Watched = Pick<ResourcePath, 'group' | 'resource' | 'namespace' | 'name'>;

export interface WatchCount {
  /** Answers how to forget it again. */
  readonly add: (watched: Watched) => () => void;
  /** Watches of the resource, of the namespace, and of the one object. */
  readonly concerned: (written: Watched) => number;
}

const keyOf = (group: string, resource: string, namespace: string, name: string) =>
  `${group}/${resource}/${namespace}/${name}`;

export function watchCount(): WatchCount {
  const counts = new Map<string, number>();
  const change = (key: string, by: number) => {
    const count = (counts.get(key) ?? 0) + by;
    if (count === 0) counts.delete(key);
    else counts.set(key, count);
  };
  return {
    add: ({ group, resource, namespace = '', name = '' }) => {
      const key = keyOf(group, resource, namespace, name);
      change(key, 1);
      return () => change(key, -1);
    },
    concerned: ({ group, resource, namespace = '', name = '' }) => {
      if (counts.size === 0) return 0;
      let count = counts.get(keyOf(group, resource, '', '')) ?? 0;
      if (namespace !== '') count += counts.get(keyOf(group, resource, namespace, '')) ?? 0;
      if (name !== '') count += counts.get(keyOf(group, resource, namespace, name)) ?? 0;
      return count;
    },
  };
}
