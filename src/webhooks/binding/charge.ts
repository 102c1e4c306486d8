/**
 * Charges a binding's use to every FederatedResourceQuota of its namespace (gate FederatedQuotaEnforcement): the answer
 * to the request writes their status, as the reference's does. What is charged for a write that fails afterwards is put
 * right when the quota controller counts anew.
 */
import { type Amounts, amountsIn, exceeding, textsOf } from '#apis/kubernetes/quota/amounts.ts';
import { type FederatedResourceQuota, FederatedResourceQuotaKind } from '#apis/policy/federated-resource-quota.ts';
import { usageChange, usedWith } from '#apis/policy/quota-usage.ts';
import type { ResourceBinding } from '#apis/work/resource-binding.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { AdmissionRequest, AdmissionResponse } from '#kube/admission/review.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { formatQuantity } from '#kube/quantity/quantity.ts';
import { isReason } from '#kube/status/status.ts';
import { allowed, type ControlPlane } from '../reviewer.ts';

/** Tries where another process charges the same quota at the same time; within one they wait for each other. */
const mostTries = 5;

type Charged = { readonly refusal: string } | { readonly quotas: readonly FederatedResourceQuota[] };

/**
 * The quotas with the change in their status, those alone that it concerns; or why it is too much. What is not used more
 * is never too much, as with a ResourceQuota: after a limit was lowered one step down must be possible. Pure.
 */
export function charged(quotas: readonly FederatedResourceQuota[], change: Amounts): Charged {
  const written: FederatedResourceQuota[] = [];
  for (const quota of quotas) {
    const used = usedWith(quota, change);
    if (!used) continue;
    const overall = amountsIn(quota.spec.overall);
    const over = exceeding(used, overall)
      .toSorted()
      .find((name) => (change[name]?.nano ?? 0n) > 0n);
    if (over !== undefined) {
      const { namespace, name } = quota.metadata;
      const [sum, limit] = [formatQuantity(used[over]!), formatQuantity(overall[over]!)];
      return {
        refusal: `FederatedResourceQuota(${namespace}/${name}) exceeded for resource ${over}: requested sum ${sum}, limit ${limit}.`,
      };
    }
    written.push({ ...quota, status: { ...quota.status, overallUsed: textsOf(used) } });
  }
  return { quotas: written };
}

export type Charge = (request: AdmissionRequest) => Promise<AdmissionResponse>;

/** `client`: the control plane's API. */
export function chargeQuotas(client: ControlPlane): Charge {
  /** By namespace, the last one in line: no more than there are requests being answered. */
  const lines = new Map<string, Promise<unknown>>();
  return async ({ object, oldObject, dryRun }) => {
    const binding = object as KubeObject as ResourceBinding;
    const { namespace = '' } = binding.metadata;
    const change = usageChange(binding.spec, (oldObject as ResourceBinding | undefined)?.spec);
    if (Object.keys(change).length === 0) return allowed;
    const before = lines.get(namespace);
    const answer = (before ?? Promise.resolve()).then(
      async () => tryToCharge(await client(), namespace, change, dryRun),
      async () => tryToCharge(await client(), namespace, change, dryRun),
    );
    lines.set(namespace, answer);
    try {
      return await answer;
    } finally {
      if (lines.get(namespace) === answer) lines.delete(namespace);
    }
  };
}

async function tryToCharge(
  client: ApiClient,
  namespace: string,
  change: Amounts,
  dryRun: boolean,
): Promise<AdmissionResponse> {
  const resource = client.resource<FederatedResourceQuota>(FederatedResourceQuotaKind);
  /** Names of quotas that have been charged: another's conflict must not charge them twice. */
  const paid = new Set<string>();
  for (let tries = 1; ; tries++) {
    const { items } = await resource.list({ namespace });
    const result = charged(
      items.filter(({ metadata }) => !paid.has(metadata.name!)),
      change,
    );
    if ('refusal' in result) return { allowed: false, code: 403, reason: 'QuotaExceeded', message: result.refusal };
    try {
      for (const quota of result.quotas) {
        await resource.update(quota, { subresource: 'status', dryRun });
        paid.add(quota.metadata.name!);
      }
      return allowed;
    } catch (error) {
      if (!isReason(error, 'Conflict') || tries >= mostTries) throw error;
    }
  }
}
