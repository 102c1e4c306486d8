/** Which resources and objects are templates at all (compatibility.md section 3.1). */
import { belongsToItsCluster } from '#apis/kubernetes/own-objects.ts';
import { claimedBy } from '#apis/names/labels.ts';
import { isReservedNamespace } from '#apis/names/objects.ts';
import type { KubeObject } from '#kube/meta/object.ts';

/** Groups whose objects are the control plane's own. */
const ownGroups = new Set(
  ['cluster', 'policy', 'work', 'config', 'networking', 'autoscaling', 'remedy', 'apps'].map(
    (group) => `${group}.karmada.io`,
  ),
);

const neverPropagated = new Set(['events.k8s.io/events', '/events', 'coordination.k8s.io/leases']);

interface DiscoveredResource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly resource: string;
  readonly verbs: readonly string[];
}

/** One entry of `--skipped-propagating-apis`: `group`, `group/version` or `group/version/Kind,Kind`. */
export type SkippedApi = (resource: DiscoveredResource) => boolean;

export function parseSkippedApis(flag: string): readonly SkippedApi[] {
  return flag
    .split(';')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [group, version, kinds] = entry.includes('/') ? entry.split('/') : [entry];
      // The core group is written as its version alone, as in apiVersion.
      if (/^v\d/.test(group!)) return coreEntry(group!, version);
      const wanted = kinds?.split(',');
      return (resource) =>
        resource.group === group &&
        (version === undefined || resource.version === version) &&
        (wanted === undefined || wanted.includes(resource.kind));
    });
}

function coreEntry(version: string, kinds: string | undefined): SkippedApi {
  const wanted = kinds?.split(',');
  return (resource) =>
    resource.group === '' && resource.version === version && (wanted === undefined || wanted.includes(resource.kind));
}

/** Resources the detector watches: those that can be listed, watched and deleted, and are not ours or mere noise. */
export function isTemplateResource(resource: DiscoveredResource, skipped: readonly SkippedApi[]): boolean {
  return (
    ['delete', 'list', 'watch'].every((verb) => resource.verbs.includes(verb)) &&
    !ownGroups.has(resource.group) &&
    !neverPropagated.has(`${resource.group}/${resource.resource}`) &&
    !skipped.some((skips) => skips(resource))
  );
}

/** False for objects in reserved or skipped namespaces, for a cluster's own, and for those another controller propagates. */
export function isTemplate(object: KubeObject, skippedNamespaces: readonly RegExp[]): boolean {
  const { apiVersion, kind, metadata } = object;
  if (metadata.labels?.[claimedBy]) return false;
  const place = apiVersion === 'v1' && kind === 'Namespace' ? metadata.name : metadata.namespace;
  if (place !== undefined && (isReservedNamespace(place) || skippedNamespaces.some((pattern) => pattern.test(place))))
    return false;
  return !belongsToItsCluster(object);
}
