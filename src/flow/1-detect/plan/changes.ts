/** What kind of change an update of a template is: a user's, ours, or none that matters. */
import { skipAutoPropagation } from '#apis/names/labels.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { KubeObject, ObjectMeta } from '#kube/meta/object.ts';

export type TemplateChange = 'none' | 'ours' | 'user';

type StringMap = Readonly<Record<string, string>> | undefined;

/** The mark users set to keep a namespace to themselves lives among our keys, but is theirs. */
const isOurs = (key: string) => key.includes('.karmada.io') && key !== skipAutoPropagation;

const keysWhere = (map: StringMap, wanted: (key: string) => boolean) =>
  Object.fromEntries(Object.entries(map ?? {}).filter(([key]) => wanted(key)));

const ignoredMetadata: ReadonlySet<keyof ObjectMeta> = new Set(['managedFields', 'resourceVersion', 'generation']);

/** Everything users state: not status, not the server's bookkeeping, not our keys. */
export function usersPart(object: KubeObject): unknown {
  const { metadata, status: _, ...rest } = object as KubeObject & { readonly status?: unknown };
  const kept = Object.entries(metadata).filter(([key]) => !ignoredMetadata.has(key as keyof ObjectMeta));
  const theirs = (map: StringMap) => keysWhere(map, (key) => !isOurs(key));
  return {
    ...rest,
    metadata: {
      ...Object.fromEntries(kept),
      labels: theirs(metadata.labels),
      annotations: theirs(metadata.annotations),
    },
  };
}

/** Our keys among its labels and annotations: the claim, and what users say to us by them. */
export const ourMarks = ({ metadata: { labels, annotations } }: KubeObject): unknown => [
  keysWhere(labels, isOurs),
  keysWhere(annotations, isOurs),
];

export function changeOf(old: KubeObject, object: KubeObject): TemplateChange {
  if (!deepEqual(usersPart(old), usersPart(object))) return 'user';
  return deepEqual(ourMarks(old), ourMarks(object)) ? 'none' : 'ours';
}
