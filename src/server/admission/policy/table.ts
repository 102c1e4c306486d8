/** The policies in force with their bindings, kept up with what is stored, as a step of admission. CEL is loaded with the first. */
import type { Policy, PolicyBinding } from '#apis/kubernetes/expressions/policy.ts';
import type { Authorizer } from '../../auth/authorizer.ts';
import type { KindRegistry } from '../../registry/kinds/registry.ts';
import type { Storage } from '../../registry/storage.ts';
import { isExempt } from '../matching/rules.ts';
import type { FindNamespace } from '../matching/selectors.ts';
import type { AdmissionStep, AdmissionTarget } from '../step.ts';
import { type Constraints, constraintsOf, couldMatch } from './constraints.ts';

const policies = 'admissionregistration.k8s.io/validatingadmissionpolicies';
const bindings = 'admissionregistration.k8s.io/validatingadmissionpolicybindings';

export interface PolicyWorld {
  readonly storage: Storage;
  readonly kinds: KindRegistry;
  readonly authorizer: Authorizer;
  readonly namespace: FindNamespace;
}

export interface BoundPolicy {
  readonly policy: Policy;
  readonly constraints: Constraints;
  readonly bindings: readonly { readonly binding: PolicyBinding; readonly constraints: Constraints }[];
}

/** Policies that nothing binds do nothing. */
function boundPolicies(storage: Storage): readonly BoundPolicy[] {
  const all = storage.list(bindings, undefined).items as readonly PolicyBinding[];
  const stored = storage.list(policies, undefined).items as readonly Policy[];
  return stored.flatMap((policy) => {
    const own = all.filter(({ spec }) => spec.policyName === policy.metadata.name);
    if (own.length === 0) return [];
    return [
      {
        policy,
        constraints: constraintsOf(policy.spec.matchConstraints),
        bindings: own.map((binding) => ({ binding, constraints: constraintsOf(binding.spec.matchResources) })),
      },
    ];
  });
}

/** `changed` is called within the write that changes a policy or a binding, so that the next write is judged by it. */
export function storedPolicies(world: PolicyWorld, changed: () => void): AdmissionStep {
  const { storage, kinds } = world;
  let bound: readonly BoundPolicy[] | undefined;
  for (const resource of [policies, bindings]) {
    storage.onCommit(resource, () => {
      bound = undefined;
      changed();
    });
  }
  const inForce = () => {
    bound ??= boundPolicies(storage);
    return bound;
  };
  const concerns = (target: AdmissionTarget) =>
    !isExempt(target) && inForce().some(({ constraints }) => couldMatch(kinds, constraints, target));
  return {
    name: 'ValidatingAdmissionPolicy',
    phase: 'validate',
    handles: concerns,
    review: async (request, pass) => {
      const { judge } = await import('./dispatch.ts');
      return judge(world, inForce(), request, pass);
    },
  };
}
