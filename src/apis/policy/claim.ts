/** A policy's claim on a template or binding: one label with the policy's id, annotations with its name. */
import { clusterPolicyName, policyName, policyNamespace } from '#apis/names/annotations.ts';
import { clusterPolicyId, policyId } from '#apis/names/labels.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { Policy } from './matching.ts';

export interface Claim {
  readonly kind: Policy['kind'];
  /** Absent for a ClusterPropagationPolicy. */
  readonly namespace?: string;
  readonly name: string;
  readonly id: string;
}

/** The complete claim an object carries; a PropagationPolicy's goes before a ClusterPropagationPolicy's. */
export function claimOf(object: KubeObject): Claim | undefined {
  const { labels = {}, annotations = {} } = object.metadata;
  const [namespace, name, id] = [annotations[policyNamespace], annotations[policyName], labels[policyId]];
  if (namespace && name && id) return { kind: 'PropagationPolicy', namespace, name, id };
  const [clusterName, clusterId] = [annotations[clusterPolicyName], labels[clusterPolicyId]];
  if (clusterName && clusterId) return { kind: 'ClusterPropagationPolicy', name: clusterName, id: clusterId };
  return undefined;
}

/** The id its claim markers carry, on the policy itself and on what it claimed. */
export function policyIdOf(policy: Policy): string {
  return policy.metadata.labels?.[policy.kind === 'PropagationPolicy' ? policyId : clusterPolicyId] ?? '';
}

export function claimFor(policy: Policy): Claim {
  const { namespace, name } = policy.metadata;
  const identity = { name: name!, id: policyIdOf(policy) };
  return policy.kind === 'PropagationPolicy'
    ? { kind: 'PropagationPolicy', namespace: namespace!, ...identity }
    : { kind: 'ClusterPropagationPolicy', ...identity };
}

const claimLabelKeys = [policyId, clusterPolicyId] as const;
const claimAnnotationKeys = [policyNamespace, policyName, clusterPolicyName] as const;

const claimLabels = (claim: Claim): Readonly<Record<string, string>> => ({
  [claim.kind === 'PropagationPolicy' ? policyId : clusterPolicyId]: claim.id,
});

const claimAnnotations = (claim: Claim): Readonly<Record<string, string>> =>
  claim.kind === 'PropagationPolicy'
    ? { [policyNamespace]: claim.namespace!, [policyName]: claim.name }
    : { [clusterPolicyName]: claim.name };

type StringMap = Readonly<Record<string, string>>;

/** `map` without `keys` and with `added`; undefined when nothing is left, the same reference when nothing changes. */
function replaceKeys(map: StringMap | undefined, keys: readonly string[], added: StringMap): StringMap | undefined {
  const stale = keys.some((key) => map?.[key] !== added[key]);
  if (!stale) return map;
  const kept = Object.entries(map ?? {}).filter(([key]) => !keys.includes(key));
  const result = { ...Object.fromEntries(kept), ...added };
  return Object.keys(result).length > 0 ? result : undefined;
}

/** The object carrying exactly this claim, or none; the same reference when it already does. */
export function withClaim<T extends KubeObject>(object: T, claim: Claim | undefined): T {
  const { metadata } = object;
  const labels = replaceKeys(metadata.labels, claimLabelKeys, claim ? claimLabels(claim) : {});
  const annotations = replaceKeys(metadata.annotations, claimAnnotationKeys, claim ? claimAnnotations(claim) : {});
  if (labels === metadata.labels && annotations === metadata.annotations) return object;
  return { ...object, metadata: { ...metadata, labels, annotations } };
}
