/** Lazy activation: such a policy acts when its user changes the template, not when the policy itself changes. */
import type { Policy } from '#apis/policy/matching.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { parseTime } from '#kube/meta/time.ts';
import { hasSeenUsersPart } from './stamp.ts';

export interface LazyInput {
  readonly template: KubeObject;
  readonly policy: Policy;
  readonly existing: Binding | undefined;
  readonly stamp: string;
  /** The template was seen to be made or changed by a user while no binding could record it. */
  readonly touched: boolean;
}

const madeAt = ({ metadata }: KubeObject) => parseTime(metadata.creationTimestamp ?? '');

/** May the policy be put into effect on the template now? A template made after its policy is its user's word too. */
export function isActive({ template, policy, existing, stamp, touched }: LazyInput): boolean {
  if (policy.spec.activationPreference !== 'Lazy') return true;
  if (existing) return !hasSeenUsersPart(existing, stamp);
  return touched || madeAt(template) > madeAt(policy);
}
