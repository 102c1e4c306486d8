/**
 * The admission chain: which steps concern a write is decided once per kind, subresource and operation, so that
 * resources nobody has rules for pay nothing.
 */
import type { AdmissionOperation, AdmissionRequest, AdmissionResponse } from '#kube/admission/review.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { StatusError, type StatusReason, statusCodes } from '#kube/status/status.ts';
import type { Random } from '#world/random/random.ts';
import type { Scope } from '../registry/context.ts';
import type { ServedKind } from '../registry/kinds/served.ts';
import type { AdmissionStep } from './step.ts';

export interface AdmissionPlan {
  readonly mutating: readonly AdmissionStep[];
  readonly validating: readonly AdmissionStep[];
}

/** A write as admission sees it. */
export interface Admitted {
  readonly scope: Scope;
  readonly operation: AdmissionOperation;
  readonly subresource: string;
  /** Absent on DELETE. */
  readonly object: KubeObject | undefined;
  /** Absent on CREATE. */
  readonly old: KubeObject | undefined;
  readonly options?: unknown;
}

export interface AdmissionChain {
  readonly plan: (served: ServedKind, subresource: string, operation: AdmissionOperation) => AdmissionPlan;
  /** The object after all steps. Throws what a step says. */
  readonly mutate: (
    steps: readonly AdmissionStep[],
    admitted: Admitted & { readonly object: KubeObject },
  ) => Promise<KubeObject>;
  readonly validate: (steps: readonly AdmissionStep[], admitted: Admitted) => Promise<void>;
  /** Steps have come, gone or changed their rules. */
  readonly changed: () => void;
}

/** `steps` is asked anew after `changed`: in the order in which they run. */
export function admissionChain(steps: () => readonly AdmissionStep[], random: Random): AdmissionChain {
  let plans = new WeakMap<ServedKind, Map<string, AdmissionPlan>>();

  const makePlan = (served: ServedKind, subresource: string, operation: AdmissionOperation): AdmissionPlan => {
    const { group, version, resource, namespaced } = served.definition;
    const target = { group, version, resource, subresource, namespaced, operation };
    const concerned = steps().filter((step) => step.handles(target));
    return {
      mutating: concerned.filter(({ phase }) => phase === 'mutate'),
      validating: concerned.filter(({ phase }) => phase === 'validate'),
    };
  };

  return {
    plan: (served, subresource, operation) => {
      const known = plans.get(served) ?? new Map<string, AdmissionPlan>();
      if (known.size === 0) plans.set(served, known);
      const key = subresource === '' ? operation : `${operation} ${subresource}`;
      const plan = known.get(key) ?? makePlan(served, subresource, operation);
      known.set(key, plan);
      return plan;
    },
    mutate: async (chosen, admitted) => {
      const uid = random.uuid();
      let { object } = admitted;
      for (const step of chosen) {
        const answered = step.review(requestOf({ ...admitted, object }, uid));
        const response = answered instanceof Promise ? await answered : answered;
        take(admitted.scope, response);
        if (response.allowed && response.object) ({ object } = response as { readonly object: KubeObject });
      }
      return object;
    },
    // All are asked at once, as kube-apiserver asks validating webhooks; the first refusal in order is the one told.
    validate: async (chosen, admitted) => {
      const request = requestOf(admitted, random.uuid());
      const answers = await Promise.all(chosen.map((step) => settled(step, request)));
      for (const { response, error } of answers) {
        if (error) throw error;
        if (response) take(admitted.scope, response);
      }
    },
    changed: () => {
      plans = new WeakMap();
    },
  };
}

/** Nothing is left unhandled when an earlier step has refused already. */
async function settled(
  step: AdmissionStep,
  request: AdmissionRequest,
): Promise<{ readonly response?: AdmissionResponse; readonly error?: Error }> {
  try {
    return { response: await step.review(request) };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}

function requestOf({ scope, operation, subresource, object, old, options }: Admitted, uid: string): AdmissionRequest {
  const { group, version, resource, kind } = scope.served.definition;
  const name = scope.name || object?.metadata.name;
  return {
    uid,
    kind: { group, version, kind },
    path: {
      group,
      version,
      resource,
      ...(scope.namespace ? { namespace: scope.namespace } : {}),
      ...(name ? { name } : {}),
      ...(subresource ? { subresource } : {}),
    },
    operation,
    user: scope.request.user,
    ...(object ? { object } : {}),
    ...(old ? { oldObject: old } : {}),
    dryRun: scope.dryRun,
    ...(options === undefined ? {} : { options }),
  };
}

function take(scope: Scope, response: AdmissionResponse): void {
  if (!response.allowed) throw refusal(response);
  for (const text of response.warnings ?? []) if (!scope.warnings.includes(text)) scope.warnings.push(text);
}

/** A refusal never carries a code that means success. */
function refusal({ code, reason, message }: Extract<AdmissionResponse, { allowed: false }>): StatusError {
  const known = reason !== undefined && reason in statusCodes ? (reason as StatusReason) : undefined;
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(known ? { reason: known } : {}),
    code: code < 400 ? 400 : code,
  });
}
