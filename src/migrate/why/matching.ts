/** Which policies concern a template, which of them has it and why, and which come near without matching. */
import { claimOf, policyIdOf } from '#apis/policy/claim.ts';
import { mayPreempt, type Policy, policyRank } from '#apis/policy/matching.ts';
import { decide, type PolicyView } from '#flow/1-detect/plan.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { titled } from '../model.ts';
import { nearMiss } from './near-miss.ts';
import { bringing, type Needing, notBrought, withWhom } from './needed.ts';
import { bad, good, note, type Step } from './story.ts';
import { mend, typed } from './words.ts';

/** Near misses that are told; the nearest first. */
const mostNear = 5;

export interface Matching {
  readonly step: Step;
  /** The policy that it follows, or will once nothing blocks. */
  readonly policy?: Policy;
}

/** How a policy matches, by the rank of its closest selector. */
const closeness = ['not at all', 'by its kind', 'by its labels', 'by its name'] as const;

/** The view that detection has of these policies. */
export function viewOf(policies: readonly Policy[], template: KubeObject, preemption = true): PolicyView {
  const { namespace } = template.metadata;
  const namespaced = policies.filter((each) => each.kind === 'PropagationPolicy');
  return {
    claimed: (claim) =>
      policies.find(
        ({ kind, metadata }) =>
          kind === claim.kind && metadata.name === claim.name && metadata.namespace === claim.namespace,
      ),
    namespaced: namespaced.filter(({ metadata }) => namespace !== undefined && metadata.namespace === namespace),
    clusterWide: policies.filter((each) => each.kind === 'ClusterPropagationPolicy'),
    preemption,
  } as PolicyView;
}

/** Why `policy`, which matches too, has not got the template that `winner` has. */
export function whyNot(policy: Policy, winner: Policy, template: KubeObject): string {
  if (policy.metadata.deletionTimestamp) return 'it is being deleted';
  const [rank, best] = [policyRank(policy, template), policyRank(winner, template)];
  if (claimOf(template)?.id === policyIdOf(winner)) {
    const stronger = policy.spec.priority > winner.spec.priority || policy.kind !== winner.kind;
    if (stronger && policy.spec.preemption !== 'Always')
      return `a claim is kept: ${titled(winner)} had it first, and spec.preemption of this one is ${policy.spec.preemption}`;
    if (mayPreempt(policy, winner)) return 'it may take it from there, and will where preemption is on';
  }
  if (policy.kind !== winner.kind) return 'a PropagationPolicy goes before every ClusterPropagationPolicy';
  if (policy.spec.priority !== winner.spec.priority)
    return `its priority ${policy.spec.priority} is lower than ${winner.spec.priority}`;
  if (rank !== best) return `it selects ${closeness[rank]}, and ${titled(winner)} ${closeness[best]}`;
  return `all else being equal, "${winner.metadata.name}" comes before "${policy.metadata.name}"`;
}

/** Why the winner has it. */
function whyWon(winner: Policy, others: readonly Policy[], template: KubeObject): string {
  const how = `it selects it ${closeness[policyRank(winner, template)]}`;
  const rivals = others.filter(({ metadata }) => !metadata.deletionTimestamp);
  if (rivals.length === 0) return `${how}, and no other policy matches`;
  const priority = winner.spec.priority;
  const sameKind = rivals.filter(({ kind }) => kind === winner.kind);
  if (sameKind.length > 0 && sameKind.every(({ spec }) => spec.priority < priority))
    return `${how}, with the highest priority (${priority})`;
  return how;
}

export function matchPolicies(
  template: KubeObject,
  policies: readonly Policy[],
  clusters: readonly string[],
  needing: readonly Needing[],
): Matching {
  const matching = policies.filter((policy) => policyRank(policy, template) > 0);
  const decision = decide(template, viewOf(policies, template));
  if ('waitFor' in decision) {
    const { waitFor } = decision;
    const sentence = `${titled(waitFor)}, which has ${titled(template)}, is being deleted: it holds back until that is over.`;
    return {
      step: bad('policy', { sentence, mend: mend('see what keeps it', `flotilla describe ${typed(waitFor)}`) }),
    };
  }
  const winner = decision.follow;
  if (winner) {
    const others = matching.filter((policy) => policy !== winner);
    const below = others.map((policy) => note('candidate', `${titled(policy)}: ${whyNot(policy, winner, template)}`));
    return { policy: winner, step: good('policy', `${titled(winner)}: ${whyWon(winner, others, template)}`, below) };
  }
  return unmatched(template, policies, clusters, needing);
}

function unmatched(
  template: KubeObject,
  policies: readonly Policy[],
  clusters: readonly string[],
  needing: readonly Needing[],
): Matching {
  const near = policies
    .flatMap((policy) => {
      const miss = nearMiss(policy, template);
      return miss ? [{ policy, miss }] : [];
    })
    .sort((a, b) => a.miss.distance - b.miss.distance || (titled(a.policy) < titled(b.policy) ? -1 : 1));
  const below = near
    .slice(0, mostNear)
    .map(({ policy, miss }) => note('candidate', `${titled(policy)} comes near: ${miss.why}`));
  const none = policies.length === 0 ? 'there is no policy' : `none matches, of ${policies.length}`;
  const brought = needing.filter(({ brings }) => brings !== undefined);
  if (brought.some(({ brings = [] }) => brings.length > 0))
    return { step: note('policy', `none of its own: it comes along with ${withWhom(brought)}`, below) };
  const unbrought = notBrought(template, needing);
  // Somebody who brings it along says more than a policy that nearly matches; somebody who does not, less.
  if (unbrought && (bringing(needing).length > 0 || near.length === 0))
    return { step: bad('policy', unbrought, none, below) };
  const [nearest] = near;
  const without = `No policy matches ${titled(template)}`;
  const spread = `flotilla get ${typed(template)} -o yaml | flotilla apply -f - -C ${clusters.join(',') || 'CLUSTER'}`;
  const block = nearest
    ? {
        sentence: `${without}: ${titled(nearest.policy)} comes near, but ${nearest.miss.why}.`,
        mend: nearest.miss.mend ?? mend('propagate it by a policy of its own', spread),
      }
    : { sentence: `${without}: it stays in the control plane.`, mend: mend('propagate it by a policy', spread) };
  return { step: bad('policy', block, none, below) };
}
