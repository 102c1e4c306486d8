/** Which of the configured webhooks are called for a request, and in which version they see it. */
import type { AdmissionRequest, AdmissionReviewer } from '#kube/admission/review.ts';
import { forbidden, internalError } from '#kube/status/errors.ts';
import type { StatusError } from '#kube/status/status.ts';
import type { KindRegistry } from '../../registry/kinds/registry.ts';
import type { Conditions } from '../matching/conditions.ts';
import { type Matched, matchedResource } from '../matching/equivalents.ts';
import { isExempt, ruleMatches } from '../matching/rules.ts';
import { type FindNamespace, type RequestSelectors, requestSelectors } from '../matching/selectors.ts';
import { admissionName } from '../refuse.ts';
import type { AdmissionTarget } from '../step.ts';
import type { WebhookTransport } from './call.ts';
import type { Webhook, WebhookConfiguration } from './configuration.ts';

/** Finds the webhook that is served in this process, so that no HTTPS and no patch is needed. */
export type ResolveWebhook = (configuration: string, webhook: Webhook) => AdmissionReviewer | undefined;

export interface WebhookWorld extends WebhookTransport {
  readonly kinds: KindRegistry;
  readonly namespace: FindNamespace;
  readonly conditions: Conditions;
  readonly resolve: ResolveWebhook;
  /** Told of a failure that failurePolicy Ignore lets pass. */
  readonly ignored: (webhook: string, error: Error) => void;
}

/** A webhook ready to be asked. */
export interface ConfiguredWebhook {
  /** Apart from all others, in the order of their calls. */
  readonly index: number;
  readonly configuration: string;
  readonly webhook: Webhook;
  readonly selectors: RequestSelectors;
  readonly local: AdmissionReviewer | undefined;
}

export function configuredWebhooks(
  resolve: ResolveWebhook,
  configurations: readonly WebhookConfiguration[],
): readonly ConfiguredWebhook[] {
  const sorted = [...configurations].sort((a, b) => (a.metadata.name! < b.metadata.name! ? -1 : 1));
  return sorted
    .flatMap(({ metadata, webhooks = [] }) => webhooks.map((webhook) => ({ configuration: metadata.name!, webhook })))
    .map(({ configuration, webhook }, index) => ({
      index,
      configuration,
      webhook,
      selectors: requestSelectors(webhook.namespaceSelector, webhook.objectSelector),
      local: resolve(configuration, webhook),
    }));
}

/** A webhook whose rules speak of a target. */
export interface Invocation extends ConfiguredWebhook {
  readonly matched: Matched;
}

/** Those whose rules speak of the target. */
export function invocations(
  kinds: KindRegistry,
  hooks: readonly ConfiguredWebhook[],
  target: AdmissionTarget,
): readonly Invocation[] {
  if (isExempt(target)) return [];
  return hooks.flatMap((hook) => {
    const { rules = [], matchPolicy } = hook.webhook;
    const matchers = rules.map((rule) => (candidate: AdmissionTarget) => ruleMatches(rule, candidate));
    const matched = matchedResource(kinds, target, matchPolicy !== 'Exact', matchers);
    return matched ? [{ ...hook, matched }] : [];
  });
}

/** Whether selectors and conditions, too, ask for the call. Throws NotFound, Forbidden or InternalError. */
export async function isCalled(
  world: WebhookWorld,
  { webhook, selectors }: Invocation,
  request: AdmissionRequest,
  matched: () => AdmissionRequest,
): Promise<boolean> {
  const inNamespace = selectors.namespace(request, world.namespace);
  if (inNamespace === false || !selectors.object(request)) return false;
  if (inNamespace !== true) throw inNamespace;
  const { matchConditions = [] } = webhook;
  if (matchConditions.length === 0) return true;
  const { matches, errors } = await world.conditions.match(matchConditions, request, matched());
  if (!matches) return false;
  if (errors.length === 0) return true;
  if (webhook.failurePolicy === 'Ignore') return false;
  throw forbidden(request.path, admissionName(request), aggregate(errors));
}

/** Several errors as apimachinery's aggregate writes them. */
function aggregate(errors: readonly string[]): string {
  const texts = [...new Set(errors)];
  return texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`;
}

/** A webhook that could not be asked, with failurePolicy Fail. */
export const callFailed = (name: string, error: Error): StatusError =>
  internalError(`failed calling webhook ${JSON.stringify(name)}: ${error.message}`);
