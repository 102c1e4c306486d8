/** Which objects may not simply be copied to other clusters. Pure. */
import { parseApiVersion } from '#kube/meta/kind.ts';

/** State belongs to where its data is: two copies would be two databases that know nothing of each other. */
const stateful = new Set(['apps/StatefulSet', '/PersistentVolumeClaim', '/PersistentVolume']);

/** It stays in its own cluster, whatever clusters the plan is for. */
export const staysHome = ({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): boolean =>
  stateful.has(`${parseApiVersion(apiVersion).group}/${kind}`);

export const homeNote = (cluster: string): string =>
  `stays in ${cluster} alone: its data is there, and a copy elsewhere would be another one; a policy of its own can say otherwise`;

/** The clusters of a plan that get it. */
export const placesOf = (
  object: { readonly apiVersion: string; readonly kind: string },
  from: string,
  to: readonly string[],
): readonly string[] => (staysHome(object) ? [from] : to);
