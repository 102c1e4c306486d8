/** Match conditions of webhooks and policies: CEL expressions that say whether a request is looked at. */
import type { AdmissionRequest } from '#kube/admission/review.ts';

export interface MatchCondition {
  readonly name: string;
  readonly expression: string;
}

export interface Conditions {
  /** Whether none is false, and what went wrong with the others. */
  readonly match: (
    conditions: readonly MatchCondition[],
    request: AdmissionRequest,
  ) => Promise<{ readonly matches: boolean; readonly errors: readonly string[] }>;
}

/** For servers without CEL. */
export const noConditions: Conditions = {
  match: async () => ({ matches: true, errors: ['matchConditions are not supported by this server'] }),
};
