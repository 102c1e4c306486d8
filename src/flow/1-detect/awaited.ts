/**
 * What a policy names that must be there before it is applied: the override policies it depends on, and the
 * PriorityClass of its bindings. A template that waits for one is not tried again and again: it is woken when that comes.
 */
import { PriorityClasses } from '#apis/kubernetes/types.ts';
import { ClusterOverridePolicyKind } from '#apis/policy/cluster-override-policy.ts';
import type { Policy } from '#apis/policy/matching.ts';
import { OverridePolicyKind } from '#apis/policy/override-policy.ts';
import type { InformerFactory } from '#client/informer/informer.ts';
import { keyFor, keyOf } from '#kube/meta/key.ts';
import type { DetectorGates } from './gates.ts';
import type { Policies } from './policies.ts';

/** Somebody has to make what is missing: until then nothing can be done. */
export class NotThereYet extends Error {
  override readonly name = 'NotThereYet';
}

export interface Awaited {
  /** Throws NotThereYet while an override policy that it depends on is missing. */
  readonly overridesFor: (policy: Policy) => void;
  /** The priority of its bindings; undefined where it sets none. Throws NotThereYet while the class is missing. */
  readonly priorityOf: (policy: Policy) => number | undefined;
  /** `wake` hears of each policy that may have waited for what has just come. To be called before informers sync. */
  readonly onArrival: (wake: (policy: Policy) => void) => void;
}

export function awaited(
  informers: InformerFactory,
  { namespaced, clusterWide }: Policies,
  { PriorityBasedScheduling }: DetectorGates,
): Awaited {
  const overrides = informers.informer(OverridePolicyKind);
  const clusterOverrides = informers.informer(ClusterOverridePolicyKind);
  const classes = PriorityBasedScheduling ? informers.informer(PriorityClasses) : undefined;
  const isThere = ({ kind, metadata: { namespace } }: Policy, name: string): boolean =>
    kind === 'PropagationPolicy'
      ? overrides.get(keyFor(namespace, name)) !== undefined
      : clusterOverrides.get(name) !== undefined;
  return {
    overridesFor: (policy) => {
      const missing = (policy.spec.dependentOverrides ?? []).filter((name) => !isThere(policy, name));
      if (missing.length === 0) return;
      const [kind, place] =
        policy.kind === 'PropagationPolicy'
          ? ['OverridePolicy', ` in namespace ${policy.metadata.namespace}`]
          : ['ClusterOverridePolicy', ''];
      throw new NotThereYet(`waiting for dependent overrides: no ${kind} ${missing.join(', ')}${place}`);
    },
    priorityOf: ({ spec: { schedulePriority } }) => {
      if (!classes || !schedulePriority) return undefined;
      const found = classes.get(schedulePriority.priorityClassName);
      if (found) return found.value;
      throw new NotThereYet(
        `no PriorityClass ${schedulePriority.priorityClassName}, which spec.schedulePriority of the policy names`,
      );
    },
    onArrival: (wake) => {
      overrides.onChange((change) => {
        if (change.type !== 'added' || change.initial) return;
        const { namespace, name } = change.object.metadata;
        for (const policy of namespaced.informer.list(namespace)) {
          if (policy.spec.dependentOverrides?.includes(name!)) wake(policy);
        }
      });
      clusterOverrides.onChange((change) => {
        if (change.type !== 'added' || change.initial) return;
        for (const policy of clusterWide.informer.list()) {
          if (policy.spec.dependentOverrides?.includes(keyOf(change.object))) wake(policy);
        }
      });
      classes?.onChange((change) => {
        if (change.type === 'deleted' || (change.type === 'added' && change.initial)) return;
        for (const policy of [...namespaced.informer.list(), ...clusterWide.informer.list()]) {
          if (policy.spec.schedulePriority?.priorityClassName === keyOf(change.object)) wake(policy);
        }
      });
    },
  };
}
