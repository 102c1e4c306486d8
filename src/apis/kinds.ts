/** Every kind the control plane declares, for whoever serves, installs or lists them. */
import type { KindDefinition } from '#kube/kind/definition.ts';
import { WorkloadRebalancerKind } from './apps/workload-rebalancer.ts';
import { clusterBehaviour } from './cluster/behaviour.ts';
import { ClusterKind } from './cluster/cluster.ts';
import { ResourceInterpreterCustomizationKind } from './config/customization.ts';
import { ResourceInterpreterWebhookConfigurationKind } from './config/webhook-configuration.ts';
import { ClusterOverridePolicyKind } from './policy/cluster-override-policy.ts';
import { ClusterPropagationPolicyKind } from './policy/cluster-propagation-policy.ts';
import { ClusterTaintPolicyKind } from './policy/cluster-taint-policy.ts';
import { FederatedResourceQuotaKind } from './policy/federated-resource-quota.ts';
import { OverridePolicyKind } from './policy/override-policy.ts';
import { PropagationPolicyKind } from './policy/propagation-policy.ts';
import { ClusterResourceBindingKind } from './work/cluster-resource-binding.ts';
import { ResourceBindingKind } from './work/resource-binding.ts';
import { WorkKind } from './work/work.ts';

/** Installed as CustomResourceDefinitions, as the reference does. */
export const customKinds: readonly KindDefinition[] = [
  PropagationPolicyKind,
  ClusterPropagationPolicyKind,
  OverridePolicyKind,
  ClusterOverridePolicyKind,
  FederatedResourceQuotaKind,
  ClusterTaintPolicyKind,
  ResourceBindingKind,
  ClusterResourceBindingKind,
  WorkKind,
  WorkloadRebalancerKind,
  ResourceInterpreterCustomizationKind,
  ResourceInterpreterWebhookConfigurationKind,
];

/** Served by the control plane's own API server (the reference: by an aggregated one). */
export const servedKinds: readonly KindDefinition[] = [{ ...ClusterKind, native: clusterBehaviour }];
