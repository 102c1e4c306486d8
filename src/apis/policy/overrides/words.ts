/** What is told of a policy that overrides something for a cluster: the reference's words. */
import { keyFor } from '#kube/meta/key.ts';
import type { AnyOverridePolicy } from './select.ts';

export const overrideMessage = (
  { kind, metadata }: Pick<AnyOverridePolicy, 'kind' | 'metadata'>,
  cluster: string,
  outcome: 'succeed' | 'failed',
): string =>
  `Apply ${kind === 'ClusterOverridePolicy' ? 'cluster override' : 'override'} policy(${keyFor(metadata.namespace, metadata.name!)}) for cluster(${cluster}) ${outcome}.`;

/** All failures as one error, clusters that failed alike together. */
export function overridesFailed(failures: ReadonlyMap<string, Error>): Error {
  const byReason = new Map<string, string[]>();
  for (const [cluster, { message }] of failures) byReason.set(message, [...(byReason.get(message) ?? []), cluster]);
  const texts = [...byReason].map(([why, clusters]) => `${why} (in ${clusters.join(', ')})`);
  return new Error(texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`);
}
