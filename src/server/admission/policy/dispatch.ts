/** All policies that speak of a request asked, their bindings' actions carried out, and the first refusal told. */
import type { Policy, PolicyBinding } from '#apis/kubernetes/expressions/policy.ts';
import type { AdmissionRequest } from '#kube/admission/review.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { StatusError, type StatusReason, statusCodes } from '#kube/status/status.ts';
import { inputVariables } from '../expressions/input.ts';
import { asMatched, type Matched, prepareMatched, targetOf } from '../matching/equivalents.ts';
import { refuse } from '../refuse.ts';
import type { AdmissionPass, AdmissionTarget } from '../step.ts';
import { constrained } from './constraints.ts';
import { compiledPolicy, type Decision, evaluatePolicy, type Judgement } from './evaluate.ts';
import { paramKindOf, paramsOf } from './params.ts';
import type { BoundPolicy, PolicyWorld } from './table.ts';

interface Refusal {
  readonly policy: Policy;
  readonly binding: PolicyBinding | undefined;
  readonly message: string;
  readonly reason?: string;
}

/** One request before one policy. */
interface Hearing {
  readonly world: PolicyWorld;
  readonly request: AdmissionRequest;
  readonly pass: AdmissionPass;
  readonly target: AdmissionTarget;
  readonly refusals: Refusal[];
}

/** Throws what the first refusal in the order of policies and bindings says. */
export function judge(
  world: PolicyWorld,
  inForce: readonly BoundPolicy[],
  request: AdmissionRequest,
  pass: AdmissionPass,
): undefined | Promise<undefined> {
  const { group, version, resource } = request.path;
  const served = world.kinds.find(group, version, resource);
  const target = targetOf(request, served?.definition.namespaced ?? false);
  const hearing = { world, request, pass, target, refusals: [] };
  const heard = (): undefined => {
    for (const bound of inForce) hear(hearing, bound);
    const [first] = hearing.refusals as readonly Refusal[];
    if (first) throw refusal(request, first);
    return undefined;
  };
  return served?.conversion?.remote ? convertedFor(hearing, inForce).then(heard) : heard();
}

/** The versions that policies speak of, where only a webhook knows them. */
async function convertedFor({ world, request, target }: Hearing, inForce: readonly BoundPolicy[]): Promise<void> {
  for (const { constraints } of inForce) {
    const matched = constrained(world.kinds, constraints, request, target, world.namespace);
    if (matched && !(matched instanceof StatusError)) await prepareMatched(world.kinds, request, matched);
  }
}

function hear(hearing: Hearing, { policy, constraints, bindings }: BoundPolicy): void {
  const { world, request, target, refusals } = hearing;
  const wrong = (error: unknown, binding?: PolicyBinding) => {
    if (policy.spec.failurePolicy === 'Ignore') return;
    const what = binding ? 'failed to configure binding' : 'failed to configure policy';
    refusals.push({ policy, binding, message: `${what}: ${(error as Error).message}` });
  };
  const matched = constrained(world.kinds, constraints, request, target, world.namespace);
  if (!matched) return;
  if (matched instanceof StatusError) {
    wrong(matched);
    return;
  }
  const published = new Map<string, string[]>();
  try {
    const kind = paramKindOf(world.kinds, policy);
    for (const { binding, constraints: own } of bindings) {
      const applies = constrained(world.kinds, own, request, target, world.namespace);
      if (!applies) continue;
      if (applies instanceof StatusError) {
        wrong(applies, binding);
        continue;
      }
      try {
        const params = paramsOf(world.storage, kind, binding, request.path.namespace ?? '');
        for (const each of params)
          carryOut(hearing, policy, binding, judgementOf(hearing, policy, matched, each), published);
      } catch (error) {
        wrong(error, binding);
      }
    }
  } catch (error) {
    wrong(error);
  }
  for (const [key, values] of published) hearing.pass.annotate(`${policy.metadata.name}/${key}`, values.join(', '));
}

function judgementOf(
  { world, request }: Hearing,
  policy: Policy,
  matched: Matched,
  params: KubeObject | undefined,
): Judgement {
  const { resource, namespace = '' } = request.path;
  // A Namespace is in none.
  const within = resource === 'namespaces' ? '' : namespace;
  const input = inputVariables({
    request,
    matched: asMatched(world.kinds, request, matched),
    params,
    namespace: within ? world.namespace(within) : undefined,
    authorizer: world.authorizer,
  });
  return evaluatePolicy(compiledPolicy(policy), input);
}

/** Longer values are cut. */
const longestAnnotation = 10 * 1024;

function carryOut(
  { pass, refusals }: Hearing,
  policy: Policy,
  binding: PolicyBinding,
  { decisions, annotations }: Judgement,
  published: Map<string, string[]>,
): void {
  for (const [index, decision] of decisions.entries()) {
    if (decision.denied) for (const action of binding.spec.validationActions ?? []) act(action, decision, index);
  }
  for (const { key, value, error } of annotations) {
    if (error !== undefined) refusals.push({ policy, binding, message: error });
    if (value === undefined) continue;
    const values = published.get(key) ?? [];
    const cut = value.slice(0, longestAnnotation);
    if (!values.includes(cut)) values.push(cut);
    published.set(key, values);
  }

  function act(action: string, { message, reason }: Decision, index: number): void {
    const { name } = policy.metadata;
    if (action === 'Deny') refusals.push({ policy, binding, message, ...(reason ? { reason } : {}) });
    if (action === 'Warn') {
      pass.warn(
        `Validation failed for ValidatingAdmissionPolicy '${name}' with binding '${binding.metadata.name}': ${message}`,
      );
    }
    if (action !== 'Audit') return;
    const failure = {
      message,
      policy: name,
      binding: binding.metadata.name,
      expressionIndex: index,
      validationActions: binding.spec.validationActions,
    };
    pass.annotate('validation.policy.admission.k8s.io/validation_failure', JSON.stringify([failure]));
  }
}

const codes: Readonly<Record<string, number>> = {
  Unauthorized: 401,
  Forbidden: 403,
  RequestEntityTooLarge: 413,
  Invalid: statusCodes.Invalid,
};

function refusal(request: AdmissionRequest, { policy, binding, message, reason = 'Invalid' }: Refusal): StatusError {
  const bound = binding ? ` with binding '${binding.metadata.name}'` : '';
  const text = `ValidatingAdmissionPolicy '${policy.metadata.name}'${bound} denied request: ${message}`;
  const { status } = refuse(request, text, [{ message: text }]);
  return new StatusError({ ...status, reason: reason as StatusReason, code: codes[reason] ?? 422 });
}
