/** To whom a template would belong, and the binding it would have: asked of detection's and the scheduler's plans. */
import { claimOf } from '#apis/policy/claim.ts';
import type { Policy } from '#apis/policy/matching.ts';
import type { AnyOverridePolicy } from '#apis/policy/overrides/select.ts';
import type { Binding } from '#apis/work/binding.ts';
import { bindingFor } from '#flow/1-detect/plan/binding.ts';
import { isActive } from '#flow/1-detect/plan/lazy.ts';
import { stampOf } from '#flow/1-detect/plan/stamp.ts';
import { decide } from '#flow/1-detect/plan.ts';
import type { Fleet } from '#flow/2-schedule/plan/fleet.ts';
import { isScheduled, needsScheduling } from '#flow/2-schedule/plan/needs.ts';
import { defaultSettings } from '#flow/2-schedule/plan/settings.ts';
import { schedule } from '#flow/2-schedule/plan.ts';
import { bringsDefinition } from '#interpreter/closure/record.ts';
import type { Replicas } from '#interpreter/interpreter.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { titled } from '../model.ts';
import { viewOf } from '../why/matching.ts';
import { type Ownership, someId } from './model.ts';

export interface FollowInput {
  readonly template: KubeObject;
  readonly existing: Binding | undefined;
  /** As they would be. */
  readonly policies: readonly Policy[];
  readonly overrides: readonly AnyOverridePolicy[];
  readonly preemption: boolean;
  readonly fleet: Fleet;
  readonly replicas: Replicas | undefined;
}

export interface Followed {
  readonly owner: { readonly before?: string; readonly after?: string; readonly is: Ownership };
  readonly binding: Binding | undefined;
  readonly failure?: string;
  readonly notes: readonly string[];
}

/** The policy that has it, by its claim. */
export const claimTitle = (template: KubeObject): string | undefined => {
  const claim = claimOf(template);
  return claim && `${claim.kind} ${claim.namespace ? `${claim.namespace}/` : ''}${claim.name}`;
};

const missingOverrides = (policy: Policy, overrides: readonly AnyOverridePolicy[]): readonly string[] =>
  (policy.spec.dependentOverrides ?? []).filter(
    (name) =>
      !overrides.some(
        ({ kind, metadata }) =>
          metadata.name === name &&
          metadata.namespace === policy.metadata.namespace &&
          kind === policy.kind.replace('Propagation', 'Override'),
      ),
  );

export function follow(input: FollowInput): Followed {
  const { template, existing, policies, overrides, preemption } = input;
  const decision = decide(template, viewOf(policies, template, preemption));
  const before = claimTitle(template);
  const held = before ? { before } : {};
  const stays = (is: Ownership, note?: string): Followed => ({
    owner: { ...held, ...(is === 'kept' && before ? { after: before } : {}), is },
    binding: existing,
    notes: note ? [note] : [],
  });
  if (!decision.follow) {
    if ('waitFor' in decision) return stays('kept');
    if (!decision.release) return stays('none');
    return stays('released', 'it stays where it is, and follows no policy any more');
  }
  const policy = decision.follow;
  const missing = missingOverrides(policy, overrides);
  if (missing.length > 0)
    return stays(before ? 'kept' : 'none', `${titled(policy)} would wait for ${missing.join(', ')}`);
  const after = titled(policy);
  const is = after === before ? 'kept' : decision.preempts ? 'preempted' : 'claimed';
  const owner = { ...held, after, is } as const;
  const stamp = stampOf(template);
  if (!isActive({ template, policy, existing, stamp, touched: false })) {
    // What the policy says has been in effect, and a policy that says nothing new is not worth telling.
    const silent = existing && is === 'kept' && bindingAfter(input, policy, stamp) === existing;
    const notes = silent ? [] : ['the policy is lazy: nothing more happens until the template changes'];
    return { owner, binding: existing, notes };
  }
  return { owner, notes: [], ...placed(input, bindingAfter(input, policy, stamp)) };
}

const bindingAfter = ({ template, existing, replicas }: FollowInput, policy: Policy, stamp: string): Binding =>
  bindingFor({
    template,
    policy,
    // Gates are not known from here: what they have put into a binding tells.
    replicas: existing?.spec.components ? undefined : replicas,
    components: existing?.spec.components,
    priority: existing?.spec.schedulePriority?.priority,
    workloadAffinity: existing?.spec.workloadAffinityGroups !== undefined,
    existing,
    stamp,
    newId: someId,
  });

/** The binding with the clusters that the scheduler would choose. */
function placed(
  { existing, fleet }: FollowInput,
  binding: Binding,
): { readonly binding: Binding; readonly failure?: string } {
  const clusters = new Map(fleet.clusters.map(({ name, cluster }) => [name, cluster]));
  if (binding === existing || !isScheduled(binding) || !needsScheduling(binding, clusters)) return { binding };
  const { spec, status } = binding;
  const brings = bringsDefinition(binding) ? { bringsDefinition: true } : {};
  const verdict = schedule({ spec, status, fleet, settings: defaultSettings, ...brings });
  const withClusters = (to: Binding['spec']['clusters']) =>
    ({ ...binding, spec: { ...spec, clusters: to } }) as Binding;
  if (verdict.outcome === 'scheduled') return { binding: withClusters(verdict.clusters) };
  return { binding: verdict.withdraws ? withClusters([]) : binding, failure: verdict.message };
}
