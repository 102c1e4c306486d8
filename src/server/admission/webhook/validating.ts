/** ValidatingAdmissionWebhook: all webhooks that are concerned are asked at once; the first refusal in order is told. */
import type { AdmissionRequest, AdmissionResponse } from '#kube/admission/review.ts';
import { StatusError } from '#kube/status/status.ts';
import { asMatched, prepareMatched, targetOf } from '../matching/equivalents.ts';
import type { AdmissionPass, AdmissionStep } from '../step.ts';
import { askWebhook } from './ask.ts';
import { callFailed, type Invocation, isCalled, type WebhookWorld } from './invocation.ts';
import type { InvocationsOf } from './table.ts';

export function validatingWebhooks(world: WebhookWorld, invocationsOf: InvocationsOf): AdmissionStep {
  return {
    name: 'ValidatingAdmissionWebhook',
    phase: 'validate',
    handles: (target) => invocationsOf(target).length > 0,
    review: (request, pass) => dispatch(world, invocationsOf, request, pass),
  };
}

async function dispatch(
  world: WebhookWorld,
  invocationsOf: InvocationsOf,
  request: AdmissionRequest,
  pass: AdmissionPass,
): Promise<AdmissionResponse | undefined> {
  const { path } = request;
  const namespaced = world.kinds.find(path.group, path.version, path.resource)?.definition.namespaced ?? false;
  const called: { readonly invocation: Invocation; readonly matched: AdmissionRequest }[] = [];
  for (const invocation of invocationsOf(targetOf(request, namespaced))) {
    await prepareMatched(world.kinds, request, invocation.matched);
    const matched = asMatched(world.kinds, request, invocation.matched);
    if (await isCalled(world, invocation, request, () => matched)) called.push({ invocation, matched });
  }
  const refusals = await Promise.all(
    called.map(({ invocation, matched }, index) => refusalOf(world, invocation, request, matched, pass, index)),
  );
  for (const refusal of refusals) if (refusal) throw refusal;
  return undefined;
}

/** Never rejects: nothing is left unhandled when an earlier webhook has refused already. */
async function refusalOf(
  world: WebhookWorld,
  invocation: Invocation,
  request: AdmissionRequest,
  matched: AdmissionRequest,
  pass: AdmissionPass,
  index: number,
): Promise<Error | undefined> {
  const { webhook } = invocation;
  try {
    await askWebhook(world, invocation, false, request, matched, pass);
    return undefined;
  } catch (error) {
    if (error instanceof StatusError) return error;
    if (webhook.failurePolicy !== 'Ignore') return callFailed(webhook.name, error as Error);
    pass.annotate(`failed-open.validating.webhook.admission.k8s.io/round_0_index_${index}`, webhook.name);
    world.ignored(webhook.name, error as Error);
    return undefined;
  }
}
