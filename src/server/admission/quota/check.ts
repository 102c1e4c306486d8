/** What a request would use of the quotas in its namespace, and whether they allow it: apiserver's CheckRequest. Pure. */
import {
  type Amounts,
  add,
  amountsIn,
  exceeding,
  increase,
  only,
  shown,
  textsOf,
  withoutZeros,
} from '#apis/kubernetes/quota/amounts.ts';
import { type IsPast, type QuotaEvaluator, scopeSelectors } from '#apis/kubernetes/quota/evaluator.ts';
import type { ResourceQuota } from '#apis/kubernetes/types.ts';
import type { AdmissionRequest } from '#kube/admission/review.ts';
import { refuse } from '../refuse.ts';

const hardOf = ({ status }: ResourceQuota): readonly string[] => Object.keys(status?.hard ?? {}).sort();

/** A quota speaks of the object: of its resource, and all its scopes hold. */
const matches = (evaluator: QuotaEvaluator, quota: ResourceQuota, object: unknown): boolean =>
  evaluator.matching(hardOf(quota)).length > 0 &&
  scopeSelectors(quota).every((selector) => evaluator.inScope(selector, object));

/** What the request adds to each quota that speaks of it, by the quota's name. Throws Forbidden. */
export function charges(
  request: AdmissionRequest,
  evaluator: QuotaEvaluator,
  quotas: readonly ResourceQuota[],
  isPast: IsPast,
): ReadonlyMap<string, Amounts> {
  const { object, oldObject, operation } = request;
  const concerned = quotas.filter((quota) => matches(evaluator, quota, object));
  for (const quota of concerned) requireSaid(request, evaluator, quota);
  if (concerned.length === 0) return new Map();
  const usage = evaluator.usage(object, isPast);
  const more = operation === 'UPDATE' && oldObject ? increase(usage, evaluator.usage(oldObject, isPast)) : usage;
  return new Map(
    concerned.flatMap((quota) => {
      const isNew = operation !== 'UPDATE' || !matches(evaluator, quota, oldObject);
      const added = only(withoutZeros(isNew ? usage : more), hardOf(quota));
      return Object.keys(added).length > 0 ? [[quota.metadata.name!, added] as const] : [];
    }),
  );
}

/** Throws Forbidden where the object leaves open what the quota limits, or nobody has counted yet. */
function requireSaid(request: AdmissionRequest, evaluator: QuotaEvaluator, quota: ResourceQuota): void {
  const restricted = evaluator.matching(hardOf(quota));
  const missing = evaluator.missing?.(restricted, request.object);
  const { name } = quota.metadata;
  if (missing) throw refuse(request, `failed quota: ${name}: ${missing}`);
  const used = quota.status?.used ?? {};
  if (restricted.every((each) => each in used)) return;
  throw refuse(request, `status unknown for quota: ${name}, resources: ${restricted.join(',')}`);
}

/** The quota with the charge in it. Throws Forbidden when it is more than the quota allows. */
export function charged(request: AdmissionRequest, quota: ResourceQuota, added: Amounts): ResourceQuota {
  const hard = amountsIn(quota.status?.hard);
  const used = amountsIn(quota.status?.used);
  const after = add(used, added);
  const beyond = request.path.subresource === 'status' ? [] : exceeding(only(after, Object.keys(added)), hard);
  if (beyond.length > 0) {
    const texts = [only(added, beyond), only(used, beyond), only(hard, beyond)].map(shown);
    throw refuse(
      request,
      `exceeded quota: ${quota.metadata.name}, requested: ${texts[0]}, used: ${texts[1]}, limited: ${texts[2]}`,
    );
  }
  return withUsed(quota, after);
}

export const withUsed = (quota: ResourceQuota, used: Amounts): ResourceQuota => ({
  ...quota,
  status: { ...quota.status, used: textsOf(used) },
});
