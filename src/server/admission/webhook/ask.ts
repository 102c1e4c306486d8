/** One webhook asked, in the process or over HTTPS, and its refusal put in kube-apiserver's words. */
import type { AdmissionRequest } from '#kube/admission/review.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { badRequest } from '#kube/status/errors.ts';
import { type Status, StatusError, type StatusReason } from '#kube/status/status.ts';
import type { AdmissionPass } from '../step.ts';
import { callWebhook } from './call.ts';
import type { Webhook } from './configuration.ts';
import type { Invocation, WebhookWorld } from './invocation.ts';
import type { ReviewAnswer } from './review.ts';

export type Asked =
  /** The object as a webhook in the process leaves it. */
  { readonly object: KubeObject | undefined } | { readonly answer: ReviewAnswer };

/**
 * What the webhook allows. Throws a StatusError where it refuses or a dry run could do harm; any other error means
 * that it could not be asked.
 */
export async function askWebhook(
  world: WebhookWorld,
  { webhook, local }: Invocation,
  mutating: boolean,
  request: AdmissionRequest,
  matched: AdmissionRequest,
  pass: AdmissionPass,
): Promise<Asked> {
  requireHarmless(webhook, request);
  if (local) {
    const answer = await local(matched);
    for (const text of answer.warnings ?? []) pass.warn(text);
    if (!answer.allowed) throw denied(webhook.name, { ...answer, reason: answer.reason as StatusReason });
    return { object: answer.object };
  }
  const answer = await callWebhook(world, webhook, mutating, request, matched);
  for (const [key, value] of Object.entries(answer.auditAnnotations)) pass.annotate(`${webhook.name}/${key}`, value);
  for (const text of answer.warnings) pass.warn(text);
  if (!answer.allowed) throw denied(webhook.name, answer.status);
  return { answer };
}

/** Throws BadRequest: a dry run must leave nothing behind. */
function requireHarmless({ name, sideEffects }: Webhook, { dryRun }: AdmissionRequest): void {
  if (!dryRun || sideEffects === 'None' || sideEffects === 'NoneOnDryRun') return;
  throw badRequest(`admission webhook ${JSON.stringify(name)} does not support dry run`);
}

/** apiserver's webhookerrors.ToStatusErr. */
function denied(name: string, status: Partial<Status> | undefined = {}): StatusError {
  const { code = 0, message, reason, details } = status;
  const by = `admission webhook ${JSON.stringify(name)} denied the request`;
  const why = message || reason;
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: status.metadata ?? {},
    status: 'Failure',
    message: why ? `${by}: ${why}` : `${by} without explanation`,
    ...(reason ? { reason } : {}),
    ...(details ? { details } : {}),
    // A refusal never carries a code that means success.
    code: code < 400 ? 400 : code,
  });
}
