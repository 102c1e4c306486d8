/** Whether a Pod speaks of other API objects: one that a node makes for itself must not (upstream's HasAPIObjectReference). */
import type { JsonObject, KubeObject } from '#kube/meta/object.ts';
import { podReferences } from './references.ts';
import { itemsAt, specOf } from './values.ts';

/** What a volume's source speaks of, as upstream names it; sources that are not here speak of nothing. */
const volumeKinds: Readonly<Record<string, string>> = {
  configMap: 'configmaps (via configmap volumes)',
  secret: 'secrets (via secret volumes)',
  csi: 'csidrivers (via CSI volumes)',
  glusterfs: 'endpoints (via glusterFS volumes)',
  persistentVolumeClaim: 'persistentvolumeclaims',
  ephemeral: 'persistentvolumeclaims (via ephemeral volumes)',
  azureFile: 'secrets (via azureFile volumes)',
};

const projectedKinds: Readonly<Record<string, string>> = {
  configMap: 'configmaps (via projected volumes)',
  secret: 'secrets (via projected volumes)',
  serviceAccountToken: 'serviceaccounts (via projected volumes)',
  clusterTrustBundle: 'clustertrustbundles',
  podCertificate: 'podcertificates',
};

function named(kinds: Readonly<Record<string, string>>, source: JsonObject): string | undefined {
  for (const [field, kind] of Object.entries(kinds)) if (source[field]) return kind;
  return undefined;
}

function volumeReference(volume: JsonObject): string | undefined {
  const own = named(volumeKinds, volume);
  if (own) return own;
  for (const source of itemsAt(volume, 'projected', 'sources')) {
    const kind = named(projectedKinds, source);
    if (kind) return kind;
  }
  return undefined;
}

/** Its kind, as upstream names it; undefined when there is none. */
export function apiReference(pod: KubeObject): string | undefined {
  const spec = specOf(pod);
  if (spec.serviceAccountName) return 'serviceaccounts';
  const { annotations: _mirror, ...metadata } = pod.metadata;
  // Without the annotation it is an ordinary Pod, whose references are looked at.
  const { secrets, configMaps } = podReferences({ ...pod, metadata } as KubeObject);
  if (secrets.size > 0) return 'secrets';
  if (configMaps.size > 0) return 'configmaps';
  if (itemsAt(spec, 'resourceClaims').length > 0) return 'resourceclaims';
  for (const volume of itemsAt(spec, 'volumes')) {
    const kind = volumeReference(volume);
    if (kind) return kind;
  }
  return undefined;
}
