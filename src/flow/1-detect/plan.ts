/**
 * Step 1, the decision: which policy a template follows. A claim is sticky: it ends when its policy is gone or no
 * longer matches, or when a policy with `preemption: Always` may take it (compatibility.md section 3.1).
 */

import { type Claim, claimOf, policyIdOf } from '#apis/policy/claim.ts';
import type { ClusterPropagationPolicy } from '#apis/policy/cluster-propagation-policy.ts';
import { mayPreempt, type Policy, policyRank } from '#apis/policy/matching.ts';
import type { PropagationPolicy } from '#apis/policy/propagation-policy.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { bestPolicy } from './plan/match.ts';

export interface PolicyView {
  /** The policy of a claim, by namespace and name. */
  readonly claimed: (claim: Claim) => Policy | undefined;
  /** Policies that could match the template: its namespace's, and the cluster-wide ones. */
  readonly namespaced: readonly PropagationPolicy[];
  readonly clusterWide: readonly ClusterPropagationPolicy[];
  /** Gate PropagationPolicyPreemption. */
  readonly preemption: boolean;
}

export type Decision =
  /** No policy matches; `release` names a claim that has ended. */
  | { readonly follow: undefined; readonly release?: Claim }
  /** The claiming policy is being deleted: its own controller cleans up first. */
  | { readonly follow: undefined; readonly waitFor: Policy }
  | {
      readonly follow: Policy /** The claim that `follow` takes over from another living policy. */;
      readonly preempts?: Policy;
    };

/** The strongest policy that may take the template from its holder. */
function preemptor(template: KubeObject, holder: Policy, view: PolicyView): Policy | undefined {
  if (!view.preemption) return undefined;
  const rivals = <P extends Policy>(policies: readonly P[]) => policies.filter((policy) => mayPreempt(policy, holder));
  return bestPolicy(rivals(view.namespaced), template) ?? bestPolicy(rivals(view.clusterWide), template);
}

/** The policy a free template falls to: any PropagationPolicy goes before any ClusterPropagationPolicy. */
function firstMatch(template: KubeObject, view: PolicyView): Policy | undefined {
  return bestPolicy(view.namespaced, template) ?? bestPolicy(view.clusterWide, template);
}

export function decide(template: KubeObject, view: PolicyView): Decision {
  const claim = claimOf(template);
  if (!claim) {
    const first = firstMatch(template, view);
    return first ? { follow: first } : { follow: undefined };
  }
  const holder = view.claimed(claim);
  const holds = holder !== undefined && policyIdOf(holder) === claim.id;
  if (holds && holder.metadata.deletionTimestamp) return { follow: undefined, waitFor: holder };
  if (!holds || policyRank(holder, template) === 0) {
    const next = firstMatch(template, view);
    return next ? { follow: next } : { follow: undefined, release: claim };
  }
  const rival = preemptor(template, holder, view);
  return rival ? { follow: rival, preempts: holder } : { follow: holder };
}
