/**
 * The admission chain: which steps concern a write is decided once per kind, subresource and operation, so that
 * resources nobody has rules for pay nothing. Steps are asked one after the other, as kube-apiserver asks its plugins.
 */
import type { AdmissionOperation, AdmissionRequest, AdmissionResponse } from '#kube/admission/review.ts';
import type { GroupVersionKind } from '#kube/meta/kind.ts';
import type { JsonObject, KubeObject } from '#kube/meta/object.ts';
import type { DeleteOptions } from '#kube/request/request.ts';
import { StatusError, type StatusReason } from '#kube/status/status.ts';
import type { Random } from '#world/random/random.ts';
import type { Scope } from '../registry/context.ts';
import type { ServedKind } from '../registry/kinds/served.ts';
import type { AdmissionPass, AdmissionStep } from './step.ts';

export interface AdmissionPlan {
  readonly mutating: readonly AdmissionStep[];
  readonly validating: readonly AdmissionStep[];
}

/** A write as admission sees it. */
export interface Admitted {
  readonly scope: Scope;
  readonly operation: AdmissionOperation;
  readonly subresource: string;
  /** Of what a subresource takes (Scale, Binding, PodExecOptions); that of the resource when absent. */
  readonly kind?: GroupVersionKind;
  /** Absent on DELETE. */
  readonly object: KubeObject | undefined;
  /** Absent on CREATE and CONNECT. */
  readonly old: KubeObject | undefined;
}

export type Undo = () => Promise<void>;

export interface AdmissionChain {
  readonly plan: (served: ServedKind, subresource: string, operation: AdmissionOperation) => AdmissionPlan;
  /** The object after all steps. Throws what a step says. */
  readonly mutate: (steps: readonly AdmissionStep[], admitted: Admitted) => Promise<KubeObject | undefined>;
  /** Answers how to undo what steps have done beyond the object, should the write fail. Throws what a step says. */
  readonly validate: (steps: readonly AdmissionStep[], admitted: Admitted) => Promise<Undo | undefined>;
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
      const memory = new Map<string, unknown>();
      let askedAgain = false;
      const askAgain = () => {
        askedAgain = true;
      };
      const object = await mutateOnce(chosen, admitted, uid, passOf(admitted.scope, memory, askAgain, false));
      if (!askedAgain) return object;
      return mutateOnce(chosen, { ...admitted, object }, uid, passOf(admitted.scope, memory, askAgain, true));
    },
    validate: async (chosen, admitted) => {
      const request = requestOf(admitted, random.uuid());
      let undo: Undo | undefined;
      const onFailure = (given: Undo) => {
        undo = given;
      };
      const pass = { ...passOf(admitted.scope, new Map(), () => {}, false), onFailure };
      for (const step of chosen) {
        const answered = step.review(request, pass);
        take(answered instanceof Promise ? await answered : answered, pass);
      }
      return undo;
    },
    changed: () => {
      plans = new WeakMap();
    },
  };
}

/** One round of mutating steps, each on what the last one left. */
async function mutateOnce(
  chosen: readonly AdmissionStep[],
  admitted: Admitted,
  uid: string,
  pass: AdmissionPass,
): Promise<KubeObject | undefined> {
  let { object } = admitted;
  let request = requestOf(admitted, uid);
  for (const step of chosen) {
    const answered = step.review(request, pass);
    const response = answered instanceof Promise ? await answered : answered;
    take(response, pass);
    if (response?.allowed && response.object && response.object !== object) {
      ({ object } = response as { readonly object: KubeObject });
      request = requestOf({ ...admitted, object }, uid);
    }
  }
  return object;
}

function passOf(
  { request, warnings }: Scope,
  memory: Map<string, unknown>,
  askAgain: () => void,
  again: boolean,
): AdmissionPass {
  return {
    warn: (text) => {
      if (!warnings.includes(text)) warnings.push(text);
    },
    annotate: (key, value, level) => request.annotate?.(key, value, level),
    onFailure: () => {},
    again,
    askAgain,
    memory,
  };
}

function requestOf(admitted: Admitted, uid: string): AdmissionRequest {
  const { scope, operation, subresource, object, old } = admitted;
  const { group, version, resource, kind } = scope.served.definition;
  const name = scope.name || (operation === 'DELETE' ? '' : object?.metadata.name);
  // A namespace counts as its own, so that selectors over namespaces find it.
  const namespace = group === '' && resource === 'namespaces' ? name : scope.namespace;
  return {
    uid,
    kind: admitted.kind ?? { group, version, kind },
    path: {
      group,
      version,
      resource,
      ...(namespace ? { namespace } : {}),
      ...(name ? { name } : {}),
      ...(subresource ? { subresource } : {}),
    },
    operation,
    user: scope.request.user,
    ...(object ? { object } : {}),
    ...(old ? { oldObject: old } : {}),
    dryRun: scope.dryRun,
    ...(operation === 'CONNECT' ? {} : { options: optionsOf(scope, operation) }),
  };
}

function optionsOf({ request, dryRun }: Scope, operation: AdmissionOperation): JsonObject {
  const apiVersion = 'meta.k8s.io/v1';
  if (operation === 'DELETE') {
    const given = (request.verb.startsWith('delete') ? (request.body ?? {}) : {}) as DeleteOptions;
    return { ...(given as JsonObject), kind: 'DeleteOptions', apiVersion };
  }
  const { fieldManager, fieldValidation } = request.options;
  return {
    kind: operation === 'CREATE' ? 'CreateOptions' : 'UpdateOptions',
    apiVersion,
    ...(dryRun ? { dryRun: ['All'] } : {}),
    ...(fieldManager ? { fieldManager } : {}),
    ...(fieldValidation ? { fieldValidation } : {}),
  };
}

function take(response: AdmissionResponse | undefined, pass: AdmissionPass): void {
  if (!response) return;
  for (const text of response.warnings ?? []) pass.warn(text);
  if (!response.allowed) throw refusal(response);
}

/** A refusal never carries a code that means success. */
function refusal({ code, reason, message }: Extract<AdmissionResponse, { allowed: false }>): StatusError {
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    // A webhook may give a reason of its own.
    ...(reason ? { reason: reason as StatusReason } : {}),
    code: code < 400 ? 400 : code,
  });
}
