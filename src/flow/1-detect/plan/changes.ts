/** What kind of change an update of a template is: a user's, ours, or none that matters. */
import { skipAutoPropagation } from '#apis/names/labels.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { KubeObject, ObjectMeta } from '#kube/meta/object.ts';

export type TemplateChange = 'none' | 'ours' | 'user';

type StringMap = Readonly<Record<string, string>> | undefined;

/** The mark users set to keep a namespace to themselves lives among our keys, but is theirs. */
const isOurs = (key: string) => key.includes('.karmada.io') && key !== skipAutoPropagation;

const usersKeys = (map: StringMap) => Object.fromEntries(Object.entries(map ?? {}).filter(([key]) => !isOurs(key)));

const ignoredMetadata: readonly (keyof ObjectMeta)[] = ['managedFields', 'resourceVersion', 'generation'];

/** Everything users state: not status, not the server's bookkeeping, not our keys. */
function usersPart(object: KubeObject): unknown {
  const { metadata, status: _, ...rest } = object as KubeObject & { readonly status?: unknown };
  const kept = Object.fromEntries(
    Object.entries(metadata).filter(([key]) => !ignoredMetadata.includes(key as keyof ObjectMeta)),
  );
  return {
    ...rest,
    metadata: { ...kept, labels: usersKeys(metadata.labels), annotations: usersKeys(metadata.annotations) },
  };
}

export function changeOf(old: KubeObject, object: KubeObject): TemplateChange {
  if (!deepEqual(usersPart(old), usersPart(object))) return 'user';
  const { labels, annotations } = object.metadata;
  return deepEqual(old.metadata.labels, labels) && deepEqual(old.metadata.annotations, annotations) ? 'none' : 'ours';
}
