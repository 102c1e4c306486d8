/** A cluster's taints in the words of events. */
import type { Taint } from './cluster.ts';

export function taintsMessage(taints: readonly Taint[] | undefined): string {
  if (!taints || taints.length === 0) return 'cluster now does not have taints.';
  const list = taints
    .map(({ key, value, effect }) => `{Key:${key}${value ? `,Value:${value}` : ''},Effect:${effect}}`)
    .join(' ');
  return `cluster now has taints([${list}]).`;
}
