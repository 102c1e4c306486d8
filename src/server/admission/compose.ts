/** All steps of admission put together, in the order of kube-apiserver's plugins. */
import type { KubeObject } from '#kube/meta/object.ts';
import type { World } from '#world/world.ts';
import { type Authorizer, allowAll } from '../auth/authorizer.ts';
import type { Registry } from '../registry/context.ts';
import type { KindRegistry } from '../registry/kinds/registry.ts';
import type { Storage } from '../registry/storage.ts';
import { builtinSteps } from './builtin.ts';
import { type AdmissionChain, admissionChain } from './chain.ts';
import { celConditions } from './matching/conditions.ts';
import { admissionRules } from './policy/rules.ts';
import { storedPolicies } from './policy/table.ts';
import { resourceQuota } from './quota/step.ts';
import { storedQuotas } from './quota/stored.ts';
import type { AdmissionStep } from './step.ts';
import type { CallWebhook, WebhookTransport } from './webhook/call.ts';
import type { ResolveWebhook } from './webhook/invocation.ts';
import { serviceResolver } from './webhook/service.ts';
import { storedWebhooks } from './webhook/table.ts';

export interface WebhookDoors {
  readonly call?: CallWebhook;
  readonly resolve?: ResolveWebhook;
  /** Told of a failure that failurePolicy Ignore let pass. */
  readonly ignored?: (webhook: string, error: Error) => void;
}

interface AdmissionOptions {
  /** Steps of our own, after the built-in ones of their phase and before webhooks. */
  readonly admission?: readonly AdmissionStep[];
  /** By name. */
  readonly disabledAdmission?: readonly string[];
  readonly webhooks?: WebhookDoors;
}

interface Ground {
  readonly storage: Storage;
  readonly kinds: KindRegistry;
  readonly world: World;
}

interface Access {
  readonly authorizer: Authorizer;
  readonly admission?: readonly AdmissionStep[];
}

const unreachable: CallWebhook = async () => {
  throw new Error('this server calls no webhooks over the network');
};

/** How webhooks are reached, of admission and of conversion. */
export const webhookTransport = (
  { call = unreachable }: WebhookDoors = {},
  storage: Storage,
  { clock, random }: World,
): WebhookTransport => ({ call, resolveService: serviceResolver(storage), clock, uid: () => random.uuid() });

/** Built-in steps, ours, webhooks, and what has the last word. `registry` exists once the first request comes. */
export function composeAdmission(
  { admission: own = [], disabledAdmission = [], webhooks = {} }: AdmissionOptions,
  { storage, kinds, world }: Ground,
  access: Access | undefined,
  registry: () => Registry,
): AdmissionChain {
  const authorizer = access?.authorizer ?? allowAll;
  const namespace = (name: string): KubeObject | undefined => storage.find('namespaces', '', name);
  const configured = storedWebhooks(
    storage,
    {
      kinds,
      conditions: celConditions(authorizer),
      namespace,
      ...webhookTransport(webhooks, storage, world),
      resolve: webhooks.resolve ?? (() => undefined),
      ignored: webhooks.ignored ?? (() => {}),
    },
    () => chain.changed(),
  );
  const steps = [
    ...builtinSteps(storage, world.random, authorizer),
    admissionRules,
    ...(access?.admission ?? []),
    ...own,
    configured.mutating,
    storedPolicies({ storage, kinds, authorizer, namespace }, () => chain.changed()),
    configured.validating,
    resourceQuota(storedQuotas(storage, registry), world.clock),
  ].filter(({ name }) => !disabledAdmission.includes(name));
  const chain: AdmissionChain = admissionChain(() => steps, world.random);
  kinds.onChange(chain.changed);
  return chain;
}
