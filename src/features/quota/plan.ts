/** What a FederatedResourceQuota gives single clusters, and what its status says is used. Pure. */
import {
  type Amounts,
  type AmountTexts,
  add,
  amountsIn,
  sameAmounts,
  textsOf,
} from '#apis/kubernetes/quota/amounts.ts';
import { execution } from '#apis/names/finalizers.ts';
import { quotaName, quotaNamespace } from '#apis/names/labels.ts';
import { clusterOfExecutionNamespace, executionNamespace, workNameFor } from '#apis/names/objects.ts';
import type { FederatedResourceQuota } from '#apis/policy/federated-resource-quota.ts';
import { overallUsed } from '#apis/policy/quota-usage.ts';
import type { BindingSpec } from '#apis/work/binding-spec.ts';
import { manifestsOf, type Work } from '#apis/work/work.ts';
import { isConditionTrue } from '#kube/conditions/conditions.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { JsonObject } from '#kube/meta/object.ts';

/** Counted anew from the bindings of its namespace; the same reference when nothing changes. */
export function withOverall(
  quota: FederatedResourceQuota,
  bindings: readonly { readonly spec: BindingSpec }[],
): FederatedResourceQuota {
  const { spec, status } = quota;
  const [overall, used] = [amountsIn(spec.overall), overallUsed(quota, bindings)];
  const isRight =
    status?.overall !== undefined &&
    sameAmounts(overall, amountsIn(status.overall)) &&
    sameAmounts(used, amountsIn(status.overallUsed));
  const { overallUsed: _, ...others } = status ?? {};
  return isRight ? quota : { ...quota, status: { ...others, overall: spec.overall, ...usedIn(used) } };
}

/** Go's omitempty: nothing used is not written. */
const usedIn = (used: Amounts) => (Object.keys(used).length > 0 ? { overallUsed: textsOf(used) } : {});

/** A cluster's share as the Work that brings it there; the Work webhook adds its id, our marks and the records of keys. */
export function shareWork(
  { metadata: { namespace, name } }: FederatedResourceQuota,
  { clusterName, hard }: Share,
): Work {
  const manifest = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { namespace, name }, spec: { hard } };
  return {
    apiVersion: 'work.karmada.io/v1alpha1',
    kind: 'Work',
    metadata: {
      namespace: executionNamespace(clusterName),
      name: workNameFor('ResourceQuota', name!, namespace),
      finalizers: [execution],
      labels: { [quotaNamespace]: namespace!, [quotaName]: name! },
    },
    spec: { workload: { manifests: [manifest as unknown as JsonObject] } },
  };
}

type Share = NonNullable<FederatedResourceQuota['spec']['staticAssignments']>[number];

export interface SharePlan {
  readonly create: readonly Work[];
  readonly update: readonly Work[];
  readonly remove: readonly Work[];
}

/**
 * What is to be done so that each cluster that is there has its share, the first where one is named twice. `existing`:
 * all Works of the quota.
 */
export function planShares(
  quota: FederatedResourceQuota | undefined,
  clusters: ReadonlySet<string>,
  existing: readonly Work[],
): SharePlan {
  const wanted = new Map<string, Work>();
  for (const share of quota?.spec.staticAssignments ?? []) {
    if (!clusters.has(share.clusterName) || wanted.has(share.clusterName)) continue;
    wanted.set(share.clusterName, shareWork(quota!, share));
  }
  const remove: Work[] = [];
  const update: Work[] = [];
  for (const work of existing) {
    const cluster = clusterOfExecutionNamespace(work.metadata.namespace!)!;
    const to = wanted.get(cluster);
    wanted.delete(cluster);
    if (work.metadata.deletionTimestamp) continue;
    if (!to) remove.push(work);
    else if (!deepEqual(manifestsOf(work)[0]?.spec, manifestsOf(to)[0]!.spec))
      update.push({ ...work, spec: { ...work.spec, ...to.spec } });
  }
  return { create: [...wanted.values()], update, remove };
}

/** As a member's ResourceQuota tells it. */
interface ShareStatus {
  readonly hard?: AmountTexts;
  readonly used?: AmountTexts;
}

/**
 * What the clusters tell of their shares; `counts`: nobody else counts what is used in all of them together. The same
 * reference when nothing changes.
 */
export function withShares(
  quota: FederatedResourceQuota,
  works: readonly Work[],
  counts: boolean,
): FederatedResourceQuota {
  const aggregatedStatus = works
    .filter((work) => !work.metadata.deletionTimestamp && isConditionTrue(work.status?.conditions, 'Applied'))
    .flatMap((work) => {
      const told = work.status?.manifestStatuses?.[0]?.status as ShareStatus | undefined;
      const clusterName = clusterOfExecutionNamespace(work.metadata.namespace!)!;
      return told ? [{ clusterName, ...only(told) }] : [];
    })
    .sort((left, right) => (left.clusterName < right.clusterName ? -1 : 1));
  const used = aggregatedStatus.map((share) => amountsIn(share.used)).reduce(add, {});
  const { overall: _overall, aggregatedStatus: _told, overallUsed: before, ...others } = quota.status ?? {};
  const status = {
    ...others,
    overall: quota.spec.overall,
    ...(aggregatedStatus.length > 0 ? { aggregatedStatus } : {}),
    ...(counts ? usedIn(used) : before ? { overallUsed: before } : {}),
  };
  return deepEqual(status, quota.status) ? quota : { ...quota, status };
}

const only = ({ hard, used }: ShareStatus): ShareStatus => ({ ...(hard ? { hard } : {}), ...(used ? { used } : {}) });
