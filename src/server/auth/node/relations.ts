/**
 * Whether a node has to do with an object: looked up from its Pods when a node asks. Nothing is kept up to date for it,
 * so that clusters whose nodes ask for nothing pay nothing; references of a Pod are found once.
 */
import type { KubeObject } from '#kube/meta/object.ts';
import { type PodReferences, podReferences, volumeSecrets } from './references.ts';
import { specOf } from './values.ts';

/** Reads the store: `resource` as it names it (`pods`, `storage.k8s.io/volumeattachments`). */
export interface ReadObjects {
  readonly find: (resource: string, namespace: string, name: string) => KubeObject | undefined;
  readonly list: (resource: string, namespace: string | undefined) => readonly KubeObject[];
}

export type Related =
  | 'secrets'
  | 'configmaps'
  | 'pods'
  | 'persistentvolumeclaims'
  | 'persistentvolumes'
  | 'resourceclaims'
  | 'volumeattachments'
  | 'resourceslices'
  | 'serviceaccounts';

export type IsRelated = (node: string, kind: Related, namespace: string, name: string) => boolean;

export function nodeRelations({ find, list }: ReadObjects): IsRelated {
  const anyPod = (node: string, namespace: string, needs: (references: PodReferences) => boolean): boolean =>
    list('pods', namespace).some((pod) => specOf(pod).nodeName === node && needs(podReferences(pod)));

  const claim = (node: string, namespace: string, name: string) =>
    anyPod(node, namespace, ({ claims }) => claims.has(name));

  const volumeNeeded = (node: string, volume: KubeObject): boolean => {
    const { namespace, name } = (specOf(volume).claimRef ?? {}) as {
      readonly namespace?: string;
      readonly name?: string;
    };
    return namespace !== undefined && name !== undefined && claim(node, namespace, name);
  };

  const secret = (node: string, namespace: string, name: string): boolean =>
    anyPod(node, namespace, ({ secrets }) => secrets.has(name)) ||
    list('persistentvolumes', undefined).some(
      (volume) => volumeSecrets(volume).includes(`${namespace}/${name}`) && volumeNeeded(node, volume),
    );

  const named = (resource: string, namespace: string, name: string, node: string): boolean => {
    const object = find(resource, namespace, name);
    return object !== undefined && specOf(object).nodeName === node;
  };

  const kinds: Readonly<Record<Related, (node: string, namespace: string, name: string) => boolean>> = {
    secrets: secret,
    configmaps: (node, namespace, name) => anyPod(node, namespace, ({ configMaps }) => configMaps.has(name)),
    pods: (node, namespace, name) => named('pods', namespace, name, node),
    persistentvolumeclaims: claim,
    persistentvolumes: (node, _, name) => {
      const volume = find('persistentvolumes', '', name);
      return volume !== undefined && volumeNeeded(node, volume);
    },
    resourceclaims: (node, namespace, name) =>
      anyPod(node, namespace, ({ resourceClaims }) => resourceClaims.has(name)),
    volumeattachments: (node, _, name) => named('storage.k8s.io/volumeattachments', '', name, node),
    resourceslices: (node, _, name) => named('resource.k8s.io/resourceslices', '', name, node),
    serviceaccounts: (node, namespace, name) =>
      anyPod(node, namespace, ({ serviceAccount }) => serviceAccount === name),
  };
  return (node, kind, namespace, name) => kinds[kind](node, namespace, name);
}
