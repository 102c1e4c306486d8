/** What a Pod makes its node need: Secrets, ConfigMaps, claims and its account (upstream's podutil visitors). */
import type { JsonObject, JsonValue, KubeObject } from '#kube/meta/object.ts';
import { at, itemsAt, specOf, textAt } from './values.ts';

export interface PodReferences {
  readonly secrets: ReadonlySet<string>;
  readonly configMaps: ReadonlySet<string>;
  readonly claims: ReadonlySet<string>;
  readonly resourceClaims: ReadonlySet<string>;
  readonly serviceAccount: string;
}

const mirror = 'kubernetes.io/config.mirror';

interface Found {
  readonly secrets: Set<string>;
  readonly configMaps: Set<string>;
  readonly claims: Set<string>;
}

const add = (names: Set<string>, name: JsonValue | undefined) => {
  if (typeof name === 'string' && name !== '') names.add(name);
};

/** Volume sources that name a Secret in a field of their own. */
const secretPaths: readonly (readonly string[])[] = [
  ['secret', 'secretName'],
  ['azureFile', 'secretName'],
  ...['cephfs', 'cinder', 'flexVolume', 'rbd', 'scaleIO', 'iscsi', 'storageos'].map((kind) => [
    kind,
    'secretRef',
    'name',
  ]),
  ['csi', 'nodePublishSecretRef', 'name'],
];

function visitVolume(volume: JsonObject, pod: KubeObject, found: Found): void {
  for (const path of secretPaths) add(found.secrets, at(volume, ...path));
  add(found.configMaps, at(volume, 'configMap', 'name'));
  for (const source of itemsAt(volume, 'projected', 'sources')) {
    add(found.secrets, at(source, 'secret', 'name'));
    add(found.configMaps, at(source, 'configMap', 'name'));
  }
  add(found.claims, at(volume, 'persistentVolumeClaim', 'claimName'));
  if (volume.ephemeral) add(found.claims, `${pod.metadata.name}-${textAt(volume, 'name')}`);
}

function visitContainer(container: JsonObject, found: Found): void {
  for (const source of itemsAt(container, 'envFrom')) {
    add(found.secrets, at(source, 'secretRef', 'name'));
    add(found.configMaps, at(source, 'configMapRef', 'name'));
  }
  for (const variable of itemsAt(container, 'env')) {
    add(found.secrets, at(variable, 'valueFrom', 'secretKeyRef', 'name'));
    add(found.configMaps, at(variable, 'valueFrom', 'configMapKeyRef', 'name'));
  }
}

function resourceClaimsOf(pod: KubeObject): ReadonlySet<string> {
  const names = new Set<string>();
  const made = itemsAt(pod, 'status', 'resourceClaimStatuses');
  for (const claim of itemsAt(pod, 'spec', 'resourceClaims')) {
    add(names, claim.resourceClaimName);
    if (claim.resourceClaimTemplateName) add(names, made.find(({ name }) => name === claim.name)?.resourceClaimName);
  }
  add(names, at(pod, 'status', 'extendedResourceClaimStatus', 'resourceClaimName'));
  return names;
}

function referencesIn(pod: KubeObject): PodReferences {
  const found: Found = { secrets: new Set(), configMaps: new Set(), claims: new Set() };
  const none: ReadonlySet<string> = new Set();
  // A mirror Pod is made by its node: it must not be a way to what nobody gave the node.
  if (pod.metadata.annotations?.[mirror] !== undefined) return { ...found, resourceClaims: none, serviceAccount: '' };
  const spec = specOf(pod);
  for (const secret of itemsAt(spec, 'imagePullSecrets')) add(found.secrets, secret.name);
  for (const kind of ['initContainers', 'containers', 'ephemeralContainers'])
    for (const container of itemsAt(spec, kind)) visitContainer(container, found);
  for (const volume of itemsAt(spec, 'volumes')) visitVolume(volume, pod, found);
  return { ...found, resourceClaims: resourceClaimsOf(pod), serviceAccount: textAt(spec, 'serviceAccountName') };
}

/** Stored objects never change: what one needs is found once. */
const known = new WeakMap<KubeObject, PodReferences>();

export function podReferences(pod: KubeObject): PodReferences {
  let references = known.get(pod);
  if (!references) {
    references = referencesIn(pod);
    known.set(pod, references);
  }
  return references;
}

const volumeSecretPaths: readonly (readonly string[])[] = [
  ...['cephfs', 'cinder', 'flexVolume', 'rbd', 'scaleIO', 'iscsi', 'storageos'].map((kind) => [kind, 'secretRef']),
  ...['nodePublishSecretRef', 'nodeStageSecretRef', 'nodeExpandSecretRef'].map((name) => ['csi', name]),
];

/** Secrets that a kubelet needs to mount a volume, as `namespace/name`. */
export function volumeSecrets(volume: KubeObject): readonly string[] {
  const spec = specOf(volume);
  const claimNamespace = textAt(spec, 'claimRef', 'namespace');
  const found: string[] = [];
  const add = (namespace: string, name: string) => {
    if (name !== '') found.push(`${namespace || claimNamespace}/${name}`);
  };
  for (const path of volumeSecretPaths) add(textAt(spec, ...path, 'namespace'), textAt(spec, ...path, 'name'));
  add(textAt(spec, 'azureFile', 'secretNamespace'), textAt(spec, 'azureFile', 'secretName'));
  return found;
}
