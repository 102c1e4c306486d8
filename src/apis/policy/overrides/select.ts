/**
 * Which rules of which override policies a template gets, and in which order: a later one overrules an earlier one
 * (compatibility.md section 3.2).
 */
import { clusterMatches } from '#apis/cluster/affinity.ts';
import type { Cluster } from '#apis/cluster/cluster.ts';
import type { ClusterOverridePolicy } from '../cluster-override-policy.ts';
import { closestRank, type Selectable } from '../matching.ts';
import type { OverridePolicy } from '../override-policy.ts';
import type { OverrideRule, OverrideSpec } from '../override-spec.ts';

export type AnyOverridePolicy = OverridePolicy | ClusterOverridePolicy;

/** A rule as a policy has it, and where it stands there. */
export interface PolicyRule {
  readonly policy: AnyOverridePolicy;
  readonly rule: OverrideRule;
  /** `spec.overrideRules[0].overriders`. */
  readonly path: string;
}

/** The policy itself counts as matching everything where it has no selectors. */
const matchAll = 1;

/** 0 where it does not match. */
export function overrideRank({ kind, metadata, spec }: AnyOverridePolicy, template: Selectable): number {
  if (kind === 'OverridePolicy' && metadata.namespace !== template.metadata.namespace) return 0;
  const selectors = spec.resourceSelectors ?? [];
  return selectors.length === 0 ? matchAll : closestRank(selectors, template);
}

/** The rules of a policy; the form before rules counts only where there are none. */
export function rulesOf({ overrideRules = [], targetCluster, overriders = {} }: OverrideSpec): readonly OverrideRule[] {
  return overrideRules.length > 0 ? overrideRules : [{ overriders, ...(targetCluster ? { targetCluster } : {}) }];
}

interface Ranked {
  readonly policy: AnyOverridePolicy;
  readonly rank: number;
}

const byPrecedence = (a: Ranked, b: Ranked): number => {
  if (a.policy.kind !== b.policy.kind) return a.policy.kind === 'ClusterOverridePolicy' ? -1 : 1;
  if (a.rank !== b.rank) return a.rank - b.rank;
  return a.policy.metadata.name! < b.policy.metadata.name! ? -1 : 1;
};

/**
 * The rules for a template in any cluster, in the order in which they apply: ClusterOverridePolicies before
 * OverridePolicies, then the closer selector and the later name last.
 */
export function rulesFor(policies: readonly AnyOverridePolicy[], template: Selectable): readonly PolicyRule[] {
  return policies
    .map((policy) => ({ policy, rank: overrideRank(policy, template) }))
    .filter(({ rank }) => rank > 0)
    .sort(byPrecedence)
    .flatMap(({ policy }) => {
      const many = (policy.spec.overrideRules ?? []).length > 0;
      return rulesOf(policy.spec).map((rule, i) => ({
        policy,
        rule,
        path: many ? `spec.overrideRules[${i}].overriders` : 'spec.overriders',
      }));
    });
}

export const isFor = ({ targetCluster }: OverrideRule, cluster: Cluster): boolean =>
  clusterMatches(cluster, targetCluster);

export const rulesIn = (rules: readonly PolicyRule[], cluster: Cluster): readonly PolicyRule[] =>
  rules.filter(({ rule }) => isFor(rule, cluster));
