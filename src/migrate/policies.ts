/**
 * The policies of a plan: one for each namespace and wave, naming every object, so that nothing else is ever taken over
 * by them, and a wave is taken over by applying its policies. Pure.
 */

import { migrationPlan } from '#apis/names/labels.ts';
import { ClusterPropagationPolicyKind } from '#apis/policy/cluster-propagation-policy.ts';
import type { Policy } from '#apis/policy/matching.ts';
import { PropagationPolicyKind } from '#apis/policy/propagation-policy.ts';
import { apiVersionOf } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';

export interface Selected {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

export interface PolicyInput {
  readonly plan: string;
  /** From 1. */
  readonly wave: number;
  readonly clusters: readonly string[];
  readonly objects: readonly Selected[];
  /** For what stays in the running cluster alone, beside policies of the same wave for more clusters. */
  readonly home?: boolean;
}

const nameFor = (plan: string, wave: number, home: boolean): string => `${plan}${home ? '-home' : ''}-${wave}`;

/** How the policies of a wave may be called. */
export const policyNamesOf = (plan: string, wave: number): readonly string[] =>
  [false, true].map((home) => nameFor(plan, wave, home));

/** Whose policy it is: rollback and status find what a plan made by it. */
export const planLabel = migrationPlan;

/** Going back must find everything in place: nothing is deleted in a member because a template goes. */
const specFor = (clusters: readonly string[], objects: readonly Selected[]): Policy['spec'] =>
  ({
    conflictResolution: 'Overwrite',
    preserveResourcesOnDeletion: true,
    placement: { clusterAffinity: { clusterNames: clusters } },
    resourceSelectors: objects.map(({ apiVersion, kind, namespace, name }) => ({
      apiVersion,
      kind,
      ...(namespace ? { namespace } : {}),
      name,
    })),
  }) as unknown as Policy['spec'];

export function policiesFor({ plan, wave, clusters, objects, home = false }: PolicyInput): readonly Policy[] {
  const byNamespace = new Map<string, Selected[]>();
  for (const object of objects) {
    const place = object.namespace ?? '';
    byNamespace.set(place, [...(byNamespace.get(place) ?? []), object]);
  }
  return [...byNamespace]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([namespace, members]) => {
      const kind = namespace ? PropagationPolicyKind : ClusterPropagationPolicyKind;
      return {
        apiVersion: apiVersionOf(kind),
        kind: kind.kind,
        metadata: {
          ...(namespace ? { namespace } : {}),
          name: nameFor(plan, wave, home),
          labels: { [planLabel]: plan },
        },
        spec: specFor(clusters, members),
      } as unknown as Policy;
    });
}

/** How detection would see the policy that the plan has for this template, before it is known which wave that is in. */
export function policyOf(plan: string, { apiVersion, kind, metadata }: UnstructuredObject, cluster = ''): Policy {
  const { namespace, name } = metadata;
  const selected = { apiVersion, kind, name: name!, ...(namespace ? { namespace } : {}) };
  const [policy] = policiesFor({ plan, wave: 1, clusters: [cluster], objects: [selected] }) as readonly [Policy];
  // What defaulting writes there.
  return { ...policy, spec: { ...policy.spec, priority: 0 } } as Policy;
}
