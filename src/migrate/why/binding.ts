/** From the policy to the binding: what the policy waits for, whether it is active, and what holds the binding back. */
import type { Policy } from '#apis/policy/matching.ts';
import type { AnyOverridePolicy } from '#apis/policy/overrides/select.ts';
import type { Binding } from '#apis/work/binding.ts';
import { isActive } from '#flow/1-detect/plan/lazy.ts';
import { stampOf } from '#flow/1-detect/plan/stamp.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { titled } from '../model.ts';
import { bad, good, note, type Step } from './story.ts';
import { mend, mergePatch, typed } from './words.ts';

export interface BindingFacts {
  readonly template: KubeObject;
  readonly policy: Policy | undefined;
  readonly overrides: readonly AnyOverridePolicy[];
  readonly binding: Binding | undefined;
  /** Messages of Warning events about the template, the latest first. */
  readonly warnings: readonly string[];
}

/** Undefined where the policy waits for nothing. */
function waits({ policy, overrides }: BindingFacts): Step | undefined {
  if (!policy) return undefined;
  const kind = policy.kind === 'PropagationPolicy' ? 'OverridePolicy' : 'ClusterOverridePolicy';
  const isThere = (name: string) =>
    overrides.some(
      ({ kind: own, metadata }) =>
        own === kind && metadata.name === name && metadata.namespace === policy.metadata.namespace,
    );
  const missing = (policy.spec.dependentOverrides ?? []).filter((name) => !isThere(name));
  if (missing.length === 0) return undefined;
  const sentence = `${titled(policy)} waits for the ${kind} ${missing.join(', ')} (spec.dependentOverrides), which is not there.`;
  const kept = (policy.spec.dependentOverrides ?? []).filter((name) => !missing.includes(name));
  return bad('binding', {
    sentence,
    mend: mend(
      `make it, or let the policy wait no longer`,
      mergePatch(policy, { spec: { dependentOverrides: kept.length > 0 ? kept : null } }),
    ),
  });
}

/** Undefined where the policy has been put into effect, or acts at once. */
function sleeps({ template, policy, binding }: BindingFacts): Step | undefined {
  if (policy?.spec.activationPreference !== 'Lazy') return undefined;
  const inEffect = binding && deepEqual(binding.spec.placement ?? {}, policy.spec.placement ?? {});
  if (inEffect) return undefined;
  if (isActive({ template, policy, existing: binding, stamp: stampOf(template), touched: false })) return undefined;
  const what = binding ? 'its latest change waits' : 'it waits';
  return bad('binding', {
    sentence: `${titled(policy)} is lazy (spec.activationPreference): ${what} until somebody changes ${titled(template)}.`,
    mend: mend('change the template', `flotilla annotate ${typed(template)} policy-activated=true --overwrite`),
  });
}

export function bindingSteps(facts: BindingFacts): readonly Step[] {
  const { template, policy, binding, warnings } = facts;
  const held = waits(facts) ?? sleeps(facts);
  if (held) return [held, ...(binding ? [bound(binding)] : [])];
  if (binding) return [bound(binding)];
  const because = warnings[0];
  return [
    bad('binding', {
      sentence: because
        ? `${titled(template)} has no binding yet: ${because.replace(/\.$/, '')}.`
        : `${titled(template)} has no binding yet, although ${titled(policy!)} matches: is karmada-controller-manager running?`,
      mend: mend('see what runs', 'flotilla status'),
    }),
  ];
}

function bound(binding: Binding): Step {
  const { suspension, resource } = binding.spec;
  if (binding.metadata.deletionTimestamp) return note('binding', `${titled(binding)} is being deleted`);
  const held = suspension?.dispatching ? ', dispatching suspended' : '';
  return good('binding', `${titled(binding)}, made of ${resource.kind} ${resource.name}${held}`);
}
