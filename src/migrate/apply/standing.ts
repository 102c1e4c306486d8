/** How far one object is, from its binding: taken over, or what it waits for. Pure. */
import { type Claim, claimOf } from '#apis/policy/claim.ts';
import type { Binding } from '#apis/work/binding.ts';
import { findCondition } from '#kube/conditions/conditions.ts';

export interface Expected {
  /** Of the template in the control plane. */
  readonly uid: string;
  /** The cluster that runs it. */
  readonly from: string;
  /** It has a status that must have come back. */
  readonly observed: boolean;
  /** Is this policy one of the plan's? */
  readonly isOwn: (claim: Claim) => boolean;
}

/** `refused`: waiting longer changes nothing, somebody has to do something. */
export type Standing =
  | { readonly is: 'applied' }
  | { readonly is: 'waiting'; readonly why: string }
  | { readonly is: 'refused'; readonly why: string };

const waiting = (why: string): Standing => ({ is: 'waiting', why });

const titleOfClaim = ({ kind, namespace, name }: Claim): string => `${kind} ${namespace ? `${namespace}/` : ''}${name}`;

export function standingOf(binding: Binding | undefined, expected: Expected): Standing {
  if (!binding) return waiting('no policy has it yet');
  const { spec, status, metadata } = binding;
  if (spec.resource.uid !== expected.uid) return waiting('its binding is of an earlier template');
  const claim = claimOf(binding);
  if (!claim) return waiting('no policy has it yet');
  if (!expected.isOwn(claim)) {
    return { is: 'refused', why: `${titleOfClaim(claim)} has it, and not a policy of this plan` };
  }
  const scheduled = findCondition(status?.conditions, 'Scheduled');
  if (scheduled?.status === 'False') return waiting(`not scheduled: ${scheduled.message ?? scheduled.reason ?? ''}`);
  if (!scheduled || status?.schedulerObservedGeneration !== metadata.generation) return waiting('not scheduled yet');
  const items = status?.aggregatedStatus ?? [];
  const troubled = items.find(({ applied, appliedMessage }) => !applied && appliedMessage);
  if (troubled) return waiting(`${troubled.clusterName}: ${troubled.appliedMessage}`);
  if (findCondition(status?.conditions, 'FullyApplied')?.status !== 'True') return waiting('not written yet');
  const own = items.find(({ clusterName }) => clusterName === expected.from);
  if (!own) return { is: 'refused', why: `it is scheduled to other clusters, and not to ${expected.from}` };
  if (expected.observed && own.status === undefined) return waiting('its status has not come back yet');
  return { is: 'applied' };
}
