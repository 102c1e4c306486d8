/**
 * ResourceQuota: the last of all steps charges what a write uses to the quotas of its namespace, in their status, and
 * gives it back when the write then fails.
 */
import { type Amounts, add, amountsIn, negative } from '#apis/kubernetes/quota/amounts.ts';
import type { IsPast } from '#apis/kubernetes/quota/evaluator.ts';
import { countsUpdates, evaluatorOf } from '#apis/kubernetes/quota/evaluators.ts';
import type { ResourceQuota } from '#apis/kubernetes/types.ts';
import type { AdmissionRequest } from '#kube/admission/review.ts';
import { isReason } from '#kube/status/status.ts';
import { type Clock, parseTimestamp } from '#world/clock/clock.ts';
import type { AdmissionPass, AdmissionStep } from '../step.ts';
import { charged, charges, withUsed } from './check.ts';

export interface Quotas {
  readonly inNamespace: (namespace: string) => readonly ResourceQuota[];
  /** Writes the quota's status as `change` makes it of what is stored. Throws NotFound, or what `change` throws. */
  readonly update: (quota: ResourceQuota, change: (live: ResourceQuota) => ResourceQuota) => Promise<void>;
}

export function resourceQuota(quotas: Quotas, clock: Clock): AdmissionStep {
  const isPast: IsPast = (time, seconds) => clock.now() > parseTimestamp(time) + seconds * 1_000;
  return {
    name: 'ResourceQuota',
    phase: 'validate',
    handles: ({ namespaced, group, resource, operation }) =>
      namespaced &&
      (operation === 'CREATE' || (operation === 'UPDATE' && countsUpdates(group, resource))) &&
      evaluatorOf(group, resource) !== undefined,
    review: (request, pass) => {
      const { namespace = '', group, resource, subresource = '' } = request.path;
      const known = quotas.inNamespace(namespace);
      if (known.length === 0) return undefined;
      const evaluator = evaluatorOf(group, resource)!;
      if (!evaluator.handles(request.operation, subresource, request.object, request.oldObject)) return undefined;
      const due = charges(request, evaluator, known, isPast);
      return due.size > 0 ? chargeAll(quotas, known, due, request, pass) : undefined;
    },
  };
}

/** All or none. Each is checked again against what is stored when it is written. */
async function chargeAll(
  quotas: Quotas,
  known: readonly ResourceQuota[],
  due: ReadonlyMap<string, Amounts>,
  request: AdmissionRequest,
  pass: AdmissionPass,
): Promise<undefined> {
  const concerned = known.filter(({ metadata }) => due.has(metadata.name!));
  for (const quota of concerned) charged(request, quota, due.get(quota.metadata.name!)!);
  if (request.dryRun) return undefined;
  const done: ResourceQuota[] = [];
  const giveBack = async () => {
    for (const quota of done) await refund(quotas, quota, due.get(quota.metadata.name!)!);
  };
  try {
    for (const quota of concerned) {
      await quotas.update(quota, (live) => charged(request, live, due.get(quota.metadata.name!)!));
      done.push(quota);
    }
  } catch (error) {
    await giveBack();
    throw error;
  }
  pass.onFailure(giveBack);
  return undefined;
}

/** A quota that has gone meanwhile needs nothing back. */
async function refund(quotas: Quotas, quota: ResourceQuota, amounts: Amounts): Promise<void> {
  try {
    await quotas.update(quota, (live) => withUsed(live, add(amountsIn(live.status?.used), negative(amounts))));
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
  }
}
