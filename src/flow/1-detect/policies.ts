/** The policies as the decision needs them: by claim, by namespace, and by the kind their selectors name. */

import type { Claim } from '#apis/policy/claim.ts';
import {
  type ClusterPropagationPolicy,
  ClusterPropagationPolicyKind,
} from '#apis/policy/cluster-propagation-policy.ts';
import type { Policy } from '#apis/policy/matching.ts';
import { type PropagationPolicy, PropagationPolicyKind } from '#apis/policy/propagation-policy.ts';
import type { ApiClient } from '#client/api-client.ts';
import { type CachedResource, cachedResource } from '#client/cached.ts';
import type { InformerFactory } from '#client/informer/informer.ts';
import { keyFor } from '#kube/meta/key.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import type { PolicyView } from './plan.ts';

export interface Policies {
  readonly namespaced: CachedResource<PropagationPolicy>;
  readonly clusterWide: CachedResource<ClusterPropagationPolicy>;
  readonly viewFor: (template: KubeObject) => Omit<PolicyView, 'preemption'>;
  /** The policy of a claim as the API server has it now; undefined when it is not there. */
  readonly live: (claim: Claim) => Promise<Policy | undefined>;
}

/** Index of policies by what a selector of theirs could be for: `namespace|apiVersion|kind`. */
const bySelected = 'selected';
const selectedKey = (namespace: string | undefined, apiVersion: string, kind: string) =>
  `${namespace ?? ''}|${apiVersion}|${kind}`;

const selected = (policy: Policy): readonly string[] => [
  ...new Set(
    policy.spec.resourceSelectors.map(({ apiVersion, kind }) =>
      selectedKey(policy.metadata.namespace, apiVersion, kind),
    ),
  ),
];

export function policiesOf(client: ApiClient, informers: InformerFactory): Policies {
  const namespaced = cachedResource<PropagationPolicy>(client, informers, PropagationPolicyKind);
  const clusterWide = cachedResource<ClusterPropagationPolicy>(client, informers, ClusterPropagationPolicyKind);
  namespaced.informer.addIndex(bySelected, selected);
  clusterWide.informer.addIndex(bySelected, selected);
  return {
    namespaced,
    clusterWide,
    viewFor: ({ apiVersion, kind, metadata: { namespace } }) => ({
      claimed: (claim) =>
        claim.kind === 'PropagationPolicy'
          ? namespaced.get(keyFor(claim.namespace, claim.name))
          : clusterWide.get(claim.name),
      namespaced: namespace ? namespaced.informer.byIndex(bySelected, selectedKey(namespace, apiVersion, kind)) : [],
      clusterWide: clusterWide.informer.byIndex(bySelected, selectedKey(undefined, apiVersion, kind)),
    }),
    live: async (claim) => {
      try {
        return claim.kind === 'PropagationPolicy'
          ? await namespaced.live.get({ namespace: claim.namespace, name: claim.name })
          : await clusterWide.live.get({ name: claim.name });
      } catch (error) {
        if (isReason(error, 'NotFound')) return undefined;
        throw error;
      }
    },
  };
}
