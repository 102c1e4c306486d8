/** Taints of member clusters: read, compared, written. */
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import type { JsonValue } from '#kube/meta/object.ts';
import type { Session } from '../connection/session.ts';

export interface ClusterTaint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
  readonly timeAdded?: string;
}

/** Key and effect tell taints apart; the value does not. */
export const isSameTaint = (a: ClusterTaint, b: ClusterTaint): boolean => a.key === b.key && a.effect === b.effect;

/** Throws NotFound in the server's words. */
export async function taintsOf({ client }: Session, name: string): Promise<readonly ClusterTaint[]> {
  const { spec } = await client.resource<Cluster>(ClusterKind).get({ name });
  return (spec.taints ?? []) as readonly ClusterTaint[];
}

export async function writeTaints({ client }: Session, name: string, taints: readonly ClusterTaint[]): Promise<void> {
  const patch = { spec: { taints: taints as unknown as JsonValue } };
  await client.resource<Cluster>(ClusterKind).patch({ name }, 'merge', patch);
}
