/** Claims and volumes stay while somebody uses them: what kube-controller-manager's two protection controllers do. */
import {
  type PersistentVolume,
  type PersistentVolumeClaim,
  PersistentVolumeClaims,
  PersistentVolumes,
  type Pod,
  Pods,
} from '#apis/kubernetes/types.ts';
import type { CachedResource } from '#client/cached.ts';
import { keyFor, keyOf } from '#kube/meta/key.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import { type Controller, done } from '#runtime/reconciler.ts';
import { managedResource } from '../../resources.ts';
import { priorityOf } from '../../wake.ts';
import type { VolumeOptions } from './controller.ts';
import { claimFinalizer, claimsUsedBy, volumeFinalizer } from './plan.ts';

const workers = 2;
const byUser = 'pod';

/** A claim that is to go keeps its finalizer while a Pod on a node names it. */
export function claimProtection(options: VolumeOptions): Controller {
  const claims = managedResource(options, PersistentVolumeClaims);
  const pods = options.informers.informer(Pods);
  const claimKeys = (pod: Pod) => claimsUsedBy(pod).map((name) => keyFor(pod.metadata.namespace, name));
  return {
    name: 'persistentvolumeclaim-protection',
    workers,
    setUp: (enqueue) => {
      pods.addIndex(byUser, claimKeys);
      claims.informer.onChange((change) => {
        if (change.type !== 'deleted') enqueue(keyOf(change.object), priorityOf(change));
      });
      pods.onChange(({ type, object }) => {
        if (type === 'deleted' || isOver(object)) for (const key of claimKeys({ ...object, status: {} })) enqueue(key);
      });
    },
    reconcile: async (key) => {
      const claim = claims.get(key);
      if (claim) await settle(claims, claim, claimFinalizer, () => pods.byIndex(byUser, key).length > 0);
      return done;
    },
  };
}

/** A volume that is to go keeps its finalizer while a claim is bound to it. */
export function volumeProtection(options: VolumeOptions): Controller {
  const volumes = managedResource(options, PersistentVolumes);
  return {
    name: 'persistentvolume-protection',
    workers,
    setUp: (enqueue) => {
      volumes.informer.onChange((change) => {
        if (change.type !== 'deleted') enqueue(keyOf(change.object), priorityOf(change));
      });
    },
    reconcile: async (key) => {
      const volume = volumes.get(key);
      if (volume) await settle(volumes, volume, volumeFinalizer, () => volume.status?.phase === 'Bound');
      return done;
    },
  };
}

const isOver = ({ status }: Pod) => status?.phase === 'Succeeded' || status?.phase === 'Failed';

type Protected = PersistentVolumeClaim | PersistentVolume;

/** Puts the finalizer on what lives without it, and takes it off what is to go and nobody uses. */
async function settle<T extends Protected & KubeObject>(
  resource: CachedResource<T>,
  object: T,
  finalizer: string,
  isUsed: () => boolean,
): Promise<void> {
  const { finalizers = [], deletionTimestamp } = object.metadata;
  const isGoing = deletionTimestamp !== undefined;
  if (isGoing !== finalizers.includes(finalizer) || (isGoing && isUsed())) return;
  const settled = isGoing ? finalizers.filter((name) => name !== finalizer) : [...finalizers, finalizer];
  try {
    await resource.update({ ...object, metadata: { ...object.metadata, finalizers: settled } });
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
  }
}
