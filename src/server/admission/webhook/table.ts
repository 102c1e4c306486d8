/** The webhook configurations in force, kept up with what is stored, as two steps of admission. */
import type { Storage } from '../../registry/storage.ts';
import type { AdmissionStep, AdmissionTarget } from '../step.ts';
import { mutatingConfigurations, validatingConfigurations, type WebhookConfiguration } from './configuration.ts';
import {
  type ConfiguredWebhook,
  configuredWebhooks,
  type Invocation,
  invocations,
  type WebhookWorld,
} from './invocation.ts';
import { mutatingWebhooks } from './mutating.ts';
import { validatingWebhooks } from './validating.ts';

/** The webhooks whose rules speak of a target; worked out once for each. */
export type InvocationsOf = (target: AdmissionTarget) => readonly Invocation[];

export interface Webhooks {
  readonly mutating: AdmissionStep;
  readonly validating: AdmissionStep;
}

/** `changed` is called within the write that changes a configuration, so that the next write is judged by it. */
export function storedWebhooks(storage: Storage, world: WebhookWorld, changed: () => void): Webhooks {
  const follow = (resource: string): InvocationsOf => {
    let hooks: readonly ConfiguredWebhook[] | undefined;
    let known = new Map<string, readonly Invocation[]>();
    const forget = () => {
      hooks = undefined;
      known = new Map();
    };
    storage.onCommit(resource, () => {
      forget();
      changed();
    });
    world.kinds.onChange(forget);
    const stored = () => storage.list(resource, undefined).items as readonly WebhookConfiguration[];
    return (target) => {
      hooks ??= configuredWebhooks(world.resolve, stored());
      if (hooks.length === 0) return none;
      const key = `${target.group}/${target.version}/${target.resource}/${target.subresource} ${target.operation}`;
      const found = known.get(key) ?? invocations(world.kinds, hooks, target);
      known.set(key, found);
      return found;
    };
  };
  return {
    mutating: mutatingWebhooks(world, follow(mutatingConfigurations)),
    validating: validatingWebhooks(world, follow(validatingConfigurations)),
  };
}

const none: readonly Invocation[] = [];
