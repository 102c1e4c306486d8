/** TaintToleration: the placement tolerates the cluster's taints. They keep out who is not there, and drive nobody out. */
import type { Taint } from '#apis/cluster/cluster.ts';
import type { Toleration } from '#apis/meta/selectors.ts';
import type { Plugin } from '../plugin.ts';

function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  if (toleration.operator === 'Exists') return true;
  return (toleration.operator || 'Equal') === 'Equal' && (toleration.value ?? '') === (taint.value ?? '');
}

/** As kubectl writes a taint: `key=value:Effect`, `key:Effect` or `key=value`. */
const taintText = ({ key, value, effect }: Taint): string =>
  `${key}${value ? `=${value}` : ''}${effect ? `:${effect}` : ''}`;

export const taintToleration: Plugin = {
  filter: ({ placement, held }) => {
    const tolerations = placement.clusterTolerations ?? [];
    return ({ name, taints }) => {
      if (taints.length === 0 || held.has(name)) return undefined;
      const untolerated = taints.find((taint) => !tolerations.some((toleration) => tolerates(toleration, taint)));
      return untolerated && `cluster(s) had untolerated taint {${taintText(untolerated)}}`;
    };
  },
};
