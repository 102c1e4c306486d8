/** Which resource is counted how, and what all objects of a namespace use of a quota together. */
import type { ResourceQuota } from '../types.ts';
import { type Amounts, add, amountsIn, only, zero } from './amounts.ts';
import { countEvaluator, type IsPast, type QuotaEvaluator, scopeSelectors } from './evaluator.ts';
import { claimEvaluator, deviceEvaluator, serviceEvaluator } from './objects.ts';
import { podEvaluator } from './pods.ts';

const aliases: Readonly<Record<string, string>> = {
  '/configmaps': 'configmaps',
  '/resourcequotas': 'resourcequotas',
  '/replicationcontrollers': 'replicationcontrollers',
  '/secrets': 'secrets',
};

const special: Readonly<Record<string, QuotaEvaluator>> = {
  '/pods': podEvaluator,
  '/services': serviceEvaluator,
  '/persistentvolumeclaims': claimEvaluator,
  'resource.k8s.io/resourceclaims': deviceEvaluator,
};

/** Questions, and what comes and goes by itself. */
const ignored = new Set([
  '/bindings',
  '/componentstatuses',
  '/events',
  'events.k8s.io/events',
  'authentication.k8s.io/tokenreviews',
  'authentication.k8s.io/selfsubjectreviews',
  'authorization.k8s.io/subjectaccessreviews',
  'authorization.k8s.io/selfsubjectaccessreviews',
  'authorization.k8s.io/localsubjectaccessreviews',
  'authorization.k8s.io/selfsubjectrulesreviews',
]);

const known = new Map<string, QuotaEvaluator>();

/** Undefined for what no quota counts. */
export function evaluatorOf(group: string, resource: string): QuotaEvaluator | undefined {
  const id = `${group}/${resource}`;
  if (ignored.has(id)) return undefined;
  const evaluator = special[id] ?? known.get(id) ?? countEvaluator(group, resource, aliases[id]);
  if (!special[id]) known.set(id, evaluator);
  return evaluator;
}

/** Of other resources only the number counts, which no update changes. */
export const countsUpdates = (group: string, resource: string): boolean => `${group}/${resource}` in special;

/** A resource with all its objects in the quota's namespace. */
export interface Counted {
  readonly group: string;
  readonly resource: string;
  readonly objects: () => readonly object[];
}

/** What the names in `spec.hard` amount to, as far as anybody counts them. */
export function usedIn(quota: ResourceQuota, resources: readonly Counted[], isPast: IsPast): Amounts {
  const hard = Object.keys(amountsIn(quota.spec.hard));
  const selectors = scopeSelectors(quota);
  let used: Amounts = {};
  for (const { group, resource, objects } of resources) {
    const evaluator = evaluatorOf(group, resource);
    const names = evaluator?.matching(hard) ?? [];
    if (!evaluator || names.length === 0) continue;
    let own: Amounts = Object.fromEntries(names.map((name) => [name, zero]));
    for (const object of objects()) {
      if (selectors.every((selector) => evaluator.inScope(selector, object))) {
        own = add(own, only(evaluator.usage(object, isPast), names));
      }
    }
    used = add(used, own);
  }
  return used;
}
