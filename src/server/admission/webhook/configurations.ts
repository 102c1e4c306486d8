/** The webhook configurations in force, kept up with what is stored. */
import type { Storage } from '../../registry/storage.ts';
import type { AdmissionStep } from '../step.ts';
import { mutatingConfigurations, validatingConfigurations, type WebhookConfiguration } from './configuration.ts';
import { type WebhookWorld, webhookSteps } from './dispatch.ts';

export interface Webhooks {
  readonly mutating: () => readonly AdmissionStep[];
  readonly validating: () => readonly AdmissionStep[];
}

/** `changed` is called within the write that changes a configuration, so that the next write is judged by it. */
export function configuredWebhooks(storage: Storage, world: WebhookWorld, changed: () => void): Webhooks {
  const follow = (resource: string, phase: AdmissionStep['phase']) => {
    let steps: readonly AdmissionStep[] | undefined;
    storage.onCommit(resource, () => {
      steps = undefined;
      changed();
    });
    const stored = () => storage.list(resource, undefined).items as readonly WebhookConfiguration[];
    return () => (steps ??= webhookSteps(world, phase, stored()));
  };
  return {
    mutating: follow(mutatingConfigurations, 'mutate'),
    validating: follow(validatingConfigurations, 'validate'),
  };
}
