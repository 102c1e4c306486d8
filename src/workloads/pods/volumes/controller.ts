/** Claims get volumes, and volumes go with their claims: what a cluster's binder and provisioner do, without disks. */
import {
  type PersistentVolume,
  type PersistentVolumeClaim,
  PersistentVolumeClaims,
  PersistentVolumes,
  type StorageClass,
  StorageClasses,
} from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { CachedResource } from '#client/cached.ts';
import type { Informer, InformerFactory } from '#client/informer/informer.ts';
import { keyFor, keyOf } from '#kube/meta/key.ts';
import { isReason } from '#kube/status/status.ts';
import { type Controller, done, type Result } from '#runtime/reconciler.ts';
import { managedResource } from '../../resources.ts';
import { priorityOf } from '../../wake.ts';
import { ifFound } from '../if-found.ts';
import { boundStatus, isReclaimed, mayBind, volumeFor, withClaim, withVolume } from './plan.ts';

export interface VolumeOptions {
  /** Acts as `system:kube-controller-manager`. */
  readonly client: ApiClient;
  readonly informers: InformerFactory;
}

interface Context {
  readonly claims: CachedResource<PersistentVolumeClaim>;
  readonly volumes: CachedResource<PersistentVolume>;
  readonly classes: Informer<StorageClass>;
}

const workers = 4;

/** Keys are those of claims; one that is gone is asked for because of the volumes it leaves. */
export function volumeController(options: VolumeOptions): Controller {
  const context: Context = {
    claims: managedResource(options, PersistentVolumeClaims),
    volumes: managedResource(options, PersistentVolumes),
    classes: options.informers.informer(StorageClasses),
  };
  const { claims, volumes, classes } = context;
  return {
    name: 'persistentvolume-binder',
    workers,
    setUp: (enqueue) => {
      volumes.informer.addIndex(byClaim, ({ spec }) => (spec.claimRef ? [claimKey(spec.claimRef)] : []));
      claims.informer.addIndex(byClass, ({ spec }) => [spec.storageClassName ?? '']);
      claims.informer.onChange((change) => enqueue(keyOf(change.object), priorityOf(change)));
      volumes.informer.onChange((change) => {
        const { claimRef } = change.object.spec;
        if (claimRef) enqueue(claimKey(claimRef), priorityOf(change));
      });
      classes.onChange(({ type, object }) => {
        if (type !== 'added') return;
        for (const claim of claims.informer.byIndex(byClass, object.metadata.name!)) enqueue(keyOf(claim), 'low');
      });
    },
    reconcile: (key) => reconcileClaim(context, key),
  };
}

const byClaim = 'claim';
const byClass = 'class';
const claimKey = ({ namespace, name = '' }: { readonly namespace?: string; readonly name?: string }) =>
  keyFor(namespace, name);

async function reconcileClaim(context: Context, key: string): Promise<Result> {
  const claim = context.claims.get(key);
  for (const volume of context.volumes.informer.byIndex(byClaim, key)) {
    if (volume.spec.claimRef?.uid && volume.spec.claimRef.uid !== claim?.metadata.uid) await release(context, volume);
  }
  if (!claim || claim.metadata.deletionTimestamp !== undefined) return done;
  const volume = claim.spec.volumeName ? context.volumes.get(claim.spec.volumeName) : await provision(context, claim);
  if (volume && mayBind(claim, volume)) await bind(context, claim, volume);
  return done;
}

async function provision(
  { volumes, classes }: Context,
  claim: PersistentVolumeClaim,
): Promise<PersistentVolume | undefined> {
  const wanted = volumeFor(claim, classes.get(claim.spec.storageClassName ?? ''));
  if (!wanted) return undefined;
  const known = volumes.get(wanted.metadata.name!);
  if (known) return known;
  try {
    return await volumes.create(wanted);
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) throw error;
    return volumes.live.get({ name: wanted.metadata.name! });
  }
}

/** Volume first: a claim that says it is bound has a volume that says so, too. */
async function bind(
  { claims, volumes }: Context,
  claim: PersistentVolumeClaim,
  volume: PersistentVolume,
): Promise<void> {
  const taken = withClaim(volume, claim);
  const held = taken === volume ? volume : await volumes.update(taken);
  if (held.status?.phase !== 'Bound') await volumes.updateStatus({ ...held, status: { phase: 'Bound' } });
  const named = withVolume(claim, volume.metadata.name!);
  const bound = named === claim ? claim : await claims.update(named);
  if (bound.status?.phase !== 'Bound') await claims.updateStatus({ ...bound, status: boundStatus(volume) });
}

async function release({ claims, volumes }: Context, volume: PersistentVolume): Promise<void> {
  const { name = '', namespace = '', uid } = volume.spec.claimRef ?? {};
  const live = await ifFound(claims.live.get({ namespace, name }));
  if (live?.metadata.uid === uid || volume.metadata.deletionTimestamp !== undefined) return;
  // Nothing that is bound may go.
  const released =
    volume.status?.phase === 'Released'
      ? volume
      : await volumes.updateStatus({ ...volume, status: { phase: 'Released' } });
  if (isReclaimed(volume)) await volumes.delete(released);
}
