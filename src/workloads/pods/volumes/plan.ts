/** How a claim and its volume find each other in a simulated cluster: the volume is made for the claim. Pure. */
import type { PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from '#apis/kubernetes/types.ts';

/** Of the storage class every simulated member has. */
export const provisioner = 'volumes.simulated.flotilla.io';

const annotations = {
  byController: 'pv.kubernetes.io/bound-by-controller',
  completed: 'pv.kubernetes.io/bind-completed',
  provisionedBy: 'pv.kubernetes.io/provisioned-by',
} as const;

/** The volume a claim gets; undefined where its class is not ours to serve. */
export function volumeFor(
  claim: PersistentVolumeClaim,
  storageClass: StorageClass | undefined,
): PersistentVolume | undefined {
  if (storageClass?.provisioner !== provisioner) return undefined;
  const { metadata, spec } = claim;
  const name = `pvc-${metadata.uid}`;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, annotations: { [annotations.provisionedBy]: provisioner } },
    spec: {
      accessModes: spec.accessModes ?? [],
      capacity: spec.resources?.requests ?? {},
      claimRef: claimReference(claim),
      csi: { driver: provisioner, volumeHandle: name },
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
      storageClassName: storageClass.metadata.name!,
      ...(spec.volumeMode ? { volumeMode: spec.volumeMode } : {}),
    },
  };
}

const claimReference = ({ metadata }: PersistentVolumeClaim) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  name: metadata.name!,
  namespace: metadata.namespace!,
  uid: metadata.uid!,
});

/** A volume that is meant for this claim, or for any claim of its name, or for whoever asks for it by name. */
export function mayBind({ metadata }: PersistentVolumeClaim, { spec }: PersistentVolume): boolean {
  const { claimRef } = spec;
  if (!claimRef) return true;
  const sameName = claimRef.name === metadata.name && claimRef.namespace === metadata.namespace;
  return sameName && (claimRef.uid === undefined || claimRef.uid === metadata.uid);
}

export const withClaim = (volume: PersistentVolume, claim: PersistentVolumeClaim): PersistentVolume =>
  volume.spec.claimRef?.uid === claim.metadata.uid
    ? volume
    : { ...volume, spec: { ...volume.spec, claimRef: claimReference(claim) } };

/** The claim as it says which volume it has; the same one when it says so already. */
export function withVolume(claim: PersistentVolumeClaim, name: string): PersistentVolumeClaim {
  const { metadata, spec } = claim;
  if (spec.volumeName === name && metadata.annotations?.[annotations.completed]) return claim;
  const marks = {
    [annotations.completed]: 'yes',
    ...(spec.volumeName === name ? {} : { [annotations.byController]: 'yes' }),
  };
  return {
    ...claim,
    metadata: { ...metadata, annotations: { ...metadata.annotations, ...marks } },
    spec: { ...spec, volumeName: name },
  };
}

export const boundStatus = (volume: PersistentVolume): PersistentVolumeClaim['status'] => ({
  accessModes: volume.spec.accessModes ?? [],
  ...(volume.spec.capacity ? { capacity: volume.spec.capacity } : {}),
  phase: 'Bound',
});

/** What becomes of a volume whose claim is gone. */
export const isReclaimed = ({ spec }: PersistentVolume): boolean => spec.persistentVolumeReclaimPolicy === 'Delete';

export const claimFinalizer = 'kubernetes.io/pvc-protection';
export const volumeFinalizer = 'kubernetes.io/pv-protection';

/** The names of the claims that a Pod on a node holds: those it names, and those made for it until it has run. */
export function claimsUsedBy({ metadata, spec, status }: Pod): readonly string[] {
  if (!spec.nodeName) return [];
  const isOver = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  return (spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    if (persistentVolumeClaim) return [persistentVolumeClaim.claimName];
    return ephemeral && !isOver ? [`${metadata.name}-${name}`] : [];
  });
}
