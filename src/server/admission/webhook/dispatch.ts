/** Webhook configurations as admission steps: matched, asked in the process or over HTTPS, and their answers put in words. */
import type { AdmissionRequest, AdmissionResponse, AdmissionReviewer } from '#kube/admission/review.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { badRequest, internalError } from '#kube/status/errors.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { KindRegistry } from '../../registry/kinds/registry.ts';
import { fromStorage, toStorage } from '../../registry/kinds/served.ts';
import type { AdmissionStep, AdmissionTarget } from '../step.ts';
import { type CallWebhook, callWebhook } from './call.ts';
import type { Webhook, WebhookConfiguration } from './configuration.ts';
import { isExempt, ruleMatches, selectorsOf } from './match.ts';

/** Finds the webhook that is served in this process, so that no HTTPS and no patch is needed. */
export type ResolveWebhook = (configuration: string, webhook: Webhook) => AdmissionReviewer | undefined;

export interface WebhookWorld {
  readonly kinds: KindRegistry;
  readonly clock: Clock;
  readonly namespace: (name: string) => KubeObject | undefined;
  readonly call: CallWebhook;
  readonly resolve: ResolveWebhook;
  /** Told of a failure that failurePolicy Ignore lets pass. */
  readonly ignored: (webhook: string, error: Error) => void;
}

/** The steps of all webhooks of these configurations, in the order of their names. */
export function webhookSteps(
  world: WebhookWorld,
  phase: AdmissionStep['phase'],
  configurations: readonly WebhookConfiguration[],
): readonly AdmissionStep[] {
  return configurations.flatMap(({ metadata, webhooks = [] }) =>
    webhooks.map((webhook) => webhookStep(world, phase, metadata.name ?? '', webhook)),
  );
}

function webhookStep(
  world: WebhookWorld,
  phase: AdmissionStep['phase'],
  configuration: string,
  webhook: Webhook,
): AdmissionStep {
  const selectors = selectorsOf(webhook);
  const local = world.resolve(configuration, webhook);
  return {
    name: webhook.name,
    phase,
    handles: (target) => !isExempt(target) && matchedVersion(world.kinds, webhook, target) !== undefined,
    review: async (request) => {
      if (!selectors.object(request) || !inNamespace(world, request, selectors.namespace)) return { allowed: true };
      if (request.dryRun && webhook.sideEffects !== 'None' && webhook.sideEffects !== 'NoneOnDryRun') {
        throw badRequest(`admission webhook ${JSON.stringify(webhook.name)} does not support dry run`);
      }
      const answered = await ask(world, webhook, local, asMatched(world.kinds, webhook, request));
      return back(world.kinds, webhook, request, inWords(webhook, answered));
    },
  };
}

/** The version under which a rule matches: the request's own, else (matchPolicy Equivalent) another one it is served in. */
function matchedVersion(kinds: KindRegistry, webhook: Webhook, target: AdmissionTarget): string | undefined {
  const rules = webhook.rules ?? [];
  if (rules.some((rule) => ruleMatches(rule, target))) return target.version;
  if (webhook.matchPolicy === 'Exact') return undefined;
  const others = kinds.versionsOf(target.group, target.resource).map(({ definition }) => definition.version);
  return others.find((version) => rules.some((rule) => ruleMatches(rule, { ...target, version })));
}

function inNamespace(
  world: WebhookWorld,
  request: AdmissionRequest,
  matches: (namespace: KubeObject) => boolean,
): boolean {
  const { group, resource, namespace } = request.path;
  if (group === '' && resource === 'namespaces') {
    const itself = request.object ?? request.oldObject;
    return itself === undefined || matches(itself);
  }
  if (!namespace) return true;
  const found = world.namespace(namespace);
  return found === undefined || matches(found);
}

function targetOf(request: AdmissionRequest): AdmissionTarget {
  const { group, version, resource, subresource = '', namespace } = request.path;
  return { group, version, resource, subresource, namespaced: namespace !== undefined, operation: request.operation };
}

/** The request in the version the webhook's rules speak of. */
function asMatched(kinds: KindRegistry, webhook: Webhook, request: AdmissionRequest): AdmissionRequest {
  const { group, version, resource } = request.path;
  const wanted = matchedVersion(kinds, webhook, targetOf(request)) ?? version;
  if (wanted === version) return request;
  const { object, oldObject } = request;
  const convert = (from: KubeObject) => converted(kinds, group, resource, version, wanted, from);
  return {
    ...request,
    kind: { ...request.kind, version: wanted },
    path: { ...request.path, version: wanted },
    ...(object ? { object: convert(object) } : {}),
    ...(oldObject ? { oldObject: convert(oldObject) } : {}),
  };
}

function converted(
  kinds: KindRegistry,
  group: string,
  resource: string,
  from: string,
  to: string,
  object: KubeObject,
): KubeObject {
  const source = kinds.find(group, from, resource);
  const target = kinds.find(group, to, resource);
  return source && target ? fromStorage(target, toStorage(source, object)) : object;
}

function back(
  kinds: KindRegistry,
  webhook: Webhook,
  request: AdmissionRequest,
  response: AdmissionResponse,
): AdmissionResponse {
  if (!response.allowed || !response.object) return response;
  const { group, version, resource } = request.path;
  const from = matchedVersion(kinds, webhook, targetOf(request)) ?? version;
  if (from === version) return response;
  return { ...response, object: converted(kinds, group, resource, from, version, response.object) };
}

/** Throws InternalError when the webhook failed and its failurePolicy does not let that pass. */
async function ask(
  world: WebhookWorld,
  webhook: Webhook,
  local: AdmissionReviewer | undefined,
  request: AdmissionRequest,
): Promise<AdmissionResponse> {
  try {
    if ((webhook.matchConditions?.length ?? 0) > 0) throw new Error('matchConditions are not supported by this server');
    return await (local ? local(request) : callWebhook(world.call, webhook, request, world.clock));
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    if (webhook.failurePolicy === 'Ignore') {
      world.ignored(webhook.name, error);
      return { allowed: true };
    }
    throw internalError(`failed calling webhook ${JSON.stringify(webhook.name)}: ${error.message}`);
  }
}

/** apiserver's webhookerrors.ToStatusErr. */
function inWords({ name }: Webhook, response: AdmissionResponse): AdmissionResponse {
  if (response.allowed) return response;
  const denied = `admission webhook ${JSON.stringify(name)} denied the request`;
  const why = response.message || response.reason;
  return { ...response, message: why ? `${denied}: ${why}` : `${denied} without explanation` };
}
