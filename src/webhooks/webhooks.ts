/**
 * All webhooks of the control plane as one table: path, function, and the rule that an API server calls it by
 * (compatibility.md section 7). From it come the served paths and the webhook configurations.
 */
import { deletionProtected } from '#apis/names/labels.ts';
import type { AdmissionReviewer } from '#kube/admission/review.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import type { Random } from '#world/random/random.ts';
import { mutateBinding } from './binding/mutate.ts';
import { type BindingGates, validateBinding } from './binding/validate.ts';
import { validateInterpreterWebhooks } from './interpreter/webhook-configuration.ts';
import { mutatePolicy } from './policy/mutate.ts';
import { validatePolicy } from './policy/validate.ts';
import { validateDeletion } from './protection/validate.ts';
import { shapeless } from './reviewer.ts';
import { mutateWork } from './work/mutate.ts';

export interface Webhook {
  /** `propagationpolicy.karmada.io`. */
  readonly name: string;
  /** `/mutate-propagationpolicy`. */
  readonly path: string;
  readonly mutating: boolean;
  readonly group: string;
  readonly resource: string;
  readonly operations: readonly ('CREATE' | 'UPDATE' | 'DELETE')[];
  readonly scope: 'Namespaced' | 'Cluster' | '*';
  readonly objectSelector?: JsonObject;
  /** How long an API server waits for the answer, where the usual time is not enough. */
  readonly timeoutSeconds?: number;
  /** The answer itself writes something, though never on a dry run. */
  readonly sideEffects?: 'NoneOnDryRun';
  readonly review: AdmissionReviewer;
}

/** Seconds an API server waits for an answer. */
export const timeoutSeconds = 3;

/** What the webhooks answer with; without gates, what none of them is about. */
export interface WebhookDoors {
  readonly random: Random;
  readonly gates?: BindingGates;
}

export function webhooks({ random, gates }: WebhookDoors): readonly Webhook[] {
  const newId = () => random.uuid();
  const kind = (name: string, group: string, resource: string, scope: Webhook['scope']) => ({
    name: `${name}.karmada.io`,
    group,
    resource,
    scope,
  });
  const mutating = (path: string, operations: Webhook['operations'], review: AdmissionReviewer) => ({
    path: `/mutate-${path}`,
    mutating: true,
    operations,
    review: shapeless(review),
  });
  const validating = (path: string, operations: Webhook['operations'], review: AdmissionReviewer) => ({
    path: `/validate-${path}`,
    mutating: false,
    operations,
    review: shapeless(review),
  });
  const written = ['CREATE', 'UPDATE'] as const;
  const policy = kind('propagationpolicy', 'policy.karmada.io', 'propagationpolicies', 'Namespaced');
  const clusterPolicy = kind('clusterpropagationpolicy', 'policy.karmada.io', 'clusterpropagationpolicies', 'Cluster');
  const binding = kind('resourcebinding', 'work.karmada.io', 'resourcebindings', 'Namespaced');
  const clusterBinding = kind('clusterresourcebinding', 'work.karmada.io', 'clusterresourcebindings', 'Cluster');
  return [
    { ...policy, ...mutating('propagationpolicy', written, mutatePolicy(newId)) },
    { ...clusterPolicy, ...mutating('clusterpropagationpolicy', written, mutatePolicy(newId)) },
    { ...binding, ...mutating('resourcebinding', ['CREATE'], mutateBinding(newId)) },
    { ...clusterBinding, ...mutating('clusterresourcebinding', ['CREATE'], mutateBinding(newId)) },
    { ...kind('work', 'work.karmada.io', 'works', 'Namespaced'), ...mutating('work', written, mutateWork(newId)) },
    { ...policy, ...validating('propagationpolicy', written, validatePolicy) },
    { ...clusterPolicy, ...validating('clusterpropagationpolicy', written, validatePolicy) },
    {
      ...binding,
      ...validating('resourcebinding', written, validateBinding(gates)),
      sideEffects: 'NoneOnDryRun',
    },
    {
      ...kind('config', 'config.karmada.io', 'resourceinterpreterwebhookconfigurations', 'Cluster'),
      ...validating('resourceinterpreterwebhookconfiguration', written, validateInterpreterWebhooks),
    },
    {
      ...kind('resourcedeletionprotection', '*', '*', '*'),
      ...validating('resourcedeletionprotection', ['DELETE'], validateDeletion),
      objectSelector: { matchExpressions: [{ key: deletionProtected, operator: 'Exists' }] },
    },
  ];
}
