/**
 * Whether a Secret is as it was before anything was written. A plan holds nothing of its data to compare with; evidence
 * does, hashed with a key that is not in the folder.
 */
import type { ApiClient } from '#client/api-client.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import type { Disk } from '#world/disk/disk.ts';
import type { PlannedObject } from '../model.ts';
import { identityOf } from '../reading/identity.ts';
import type { EvidenceSet } from './evidence.ts';
import { type EvidenceKey, readEvidenceKey } from './key.ts';
import { hasEvidence, readEvidence } from './store.ts';
import { objectEvidence } from './take.ts';

/** False where it is not, and where nobody can tell. */
export type IsAsBefore = (object: PlannedObject, live: UnstructuredObject) => boolean;

export function asIn({ clusters }: EvidenceSet, cluster: string, key: EvidenceKey): IsAsBefore {
  const seen = clusters.find((each) => each.cluster === cluster)?.objects ?? [];
  const hashes = new Map(
    seen.map(({ apiVersion, kind, namespace, name, hash }) => [identityOf(apiVersion, kind, namespace, name), hash]),
  );
  return (object, live) => {
    const { apiVersion, kind, namespace, name } = object;
    return hashes.get(identityOf(apiVersion, kind, namespace, name)) === objectEvidence(object, live, key).hash;
  };
}

export interface AsBeforeOptions {
  readonly disk: Disk;
  readonly folder: string;
  readonly control: ApiClient;
  readonly plan: string;
  readonly cluster: string;
}

/** Throws NoEvidence where the folder's is not what was taken. */
export async function asBefore({ disk, folder, control, plan, cluster }: AsBeforeOptions): Promise<IsAsBefore> {
  const key = (await hasEvidence(disk, folder, 'before')) ? await readEvidenceKey(control, plan) : undefined;
  const stored = key && (await readEvidence(disk, folder, 'before', key));
  return stored ? asIn(stored.set, cluster, key) : () => false;
}
