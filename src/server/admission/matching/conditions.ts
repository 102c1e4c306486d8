/** Match conditions of webhooks: CEL expressions that say whether a request is looked at. CEL is loaded with the first of them. */
import type { MatchCondition } from '#apis/kubernetes/expressions/policy.ts';
import type { AdmissionRequest } from '#kube/admission/review.ts';
import type { Authorizer } from '../../auth/authorizer.ts';

export interface Conditions {
  /** Whether none is false, and what went wrong with the others. */
  readonly match: (
    conditions: readonly MatchCondition[],
    request: AdmissionRequest,
    matched: AdmissionRequest,
  ) => Promise<{ readonly matches: boolean; readonly errors: readonly string[] }>;
}

export function celConditions(authorizer: Authorizer): Conditions {
  const compiled = new WeakMap<readonly MatchCondition[], unknown>();
  return {
    match: async (conditions, request, matched) => {
      const { compiledConditions, matchConditions } = await import('../expressions/conditions.ts');
      const { inputVariables } = await import('../expressions/input.ts');
      type Expressions = ReturnType<typeof compiledConditions>;
      const known = (compiled.get(conditions) as Expressions | undefined) ?? compiledConditions(conditions);
      compiled.set(conditions, known);
      return matchConditions(known, inputVariables({ request, matched, authorizer }));
    },
  };
}
