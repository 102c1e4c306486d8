/** All policies of a control plane. */
import { ClusterOverridePolicyKind } from '#apis/policy/cluster-override-policy.ts';
import { ClusterPropagationPolicyKind } from '#apis/policy/cluster-propagation-policy.ts';
import type { Policy } from '#apis/policy/matching.ts';
import { OverridePolicyKind } from '#apis/policy/override-policy.ts';
import type { AnyOverridePolicy } from '#apis/policy/overrides/select.ts';
import { PropagationPolicyKind } from '#apis/policy/propagation-policy.ts';
import type { ApiClient, TypedResource } from '#client/api-client.ts';
import { listAll } from '#client/list-all.ts';

export const policiesIn = async (client: ApiClient): Promise<readonly Policy[]> =>
  (
    await Promise.all([
      listAll<Policy>(client, PropagationPolicyKind as TypedResource<Policy>),
      listAll<Policy>(client, ClusterPropagationPolicyKind as TypedResource<Policy>),
    ])
  ).flat();

export const overridesIn = async (client: ApiClient): Promise<readonly AnyOverridePolicy[]> =>
  (
    await Promise.all([
      listAll<AnyOverridePolicy>(client, ClusterOverridePolicyKind as TypedResource<AnyOverridePolicy>),
      listAll<AnyOverridePolicy>(client, OverridePolicyKind as TypedResource<AnyOverridePolicy>),
    ])
  ).flat();
