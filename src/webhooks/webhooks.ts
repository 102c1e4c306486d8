/**
 * All webhooks of the control plane as one table: path, function, and the rule that an API server calls it by
 * (compatibility.md section 7). From it come the served paths and the webhook configurations.
 */
import { deletionProtected } from '#apis/names/labels.ts';
import type { AdmissionReviewer } from '#kube/admission/review.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import type { Random } from '#world/random/random.ts';
import { chargeQuotas } from './binding/charge.ts';
import { mutateBinding } from './binding/mutate.ts';
import { type BindingGates, validateBinding } from './binding/validate.ts';
import { validateCustomization } from './interpreter/customization.ts';
import { validateInterpreterWebhooks } from './interpreter/webhook-configuration.ts';
import { mutateOverride } from './override/mutate.ts';
import { validateOverride } from './override/validate.ts';
import { mutatePolicy } from './policy/mutate.ts';
import { validatePolicy } from './policy/validate.ts';
import { validateDeletion } from './protection/validate.ts';
import { validateQuota } from './quota/validate.ts';
import { type ControlPlane, shapeless, withinNumbers } from './reviewer.ts';
import { validateTaintPolicy } from './taint/validate.ts';
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

/** What the webhooks answer with. Where only their table is asked for, chance is enough. */
export interface WebhookDoors {
  readonly random: Random;
  /** Of karmada-webhook, as its flags say now. Absent: those about bindings are off. */
  readonly gates?: () => BindingGates;
  /** `--allow-no-execute-taint-policy`, as it is now. Absent: it is off. */
  readonly allowsNoExecute?: () => boolean;
  /** The control plane's API, for what a request has to agree with: quotas, other customizations. */
  readonly client?: ControlPlane;
}

const noGates: BindingGates = { MultiplePodTemplatesScheduling: false, FederatedQuotaEnforcement: false };

function noClient(): never {
  throw new Error(
    'karmada-webhook was started without access to the control plane: --kubeconfig says how it is reached',
  );
}

export function webhooks(doors: WebhookDoors): readonly Webhook[] {
  const { random, gates = () => noGates, allowsNoExecute = () => false, client = noClient } = doors;
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
    review: shapeless(withinNumbers(review)),
  });
  const written = ['CREATE', 'UPDATE'] as const;
  const policy = kind('propagationpolicy', 'policy.karmada.io', 'propagationpolicies', 'Namespaced');
  const clusterPolicy = kind('clusterpropagationpolicy', 'policy.karmada.io', 'clusterpropagationpolicies', 'Cluster');
  const override = kind('overridepolicy', 'policy.karmada.io', 'overridepolicies', 'Namespaced');
  const clusterOverride = kind('clusteroverridepolicy', 'policy.karmada.io', 'clusteroverridepolicies', 'Cluster');
  const binding = kind('resourcebinding', 'work.karmada.io', 'resourcebindings', 'Namespaced');
  const clusterBinding = kind('clusterresourcebinding', 'work.karmada.io', 'clusterresourcebindings', 'Cluster');
  return [
    { ...policy, ...mutating('propagationpolicy', written, mutatePolicy(newId)) },
    { ...clusterPolicy, ...mutating('clusterpropagationpolicy', written, mutatePolicy(newId)) },
    { ...override, ...mutating('overridepolicy', written, mutateOverride) },
    { ...binding, ...mutating('resourcebinding', ['CREATE'], mutateBinding(newId)) },
    { ...clusterBinding, ...mutating('clusterresourcebinding', ['CREATE'], mutateBinding(newId)) },
    { ...kind('work', 'work.karmada.io', 'works', 'Namespaced'), ...mutating('work', written, mutateWork(newId)) },
    { ...policy, ...validating('propagationpolicy', written, validatePolicy) },
    { ...clusterPolicy, ...validating('clusterpropagationpolicy', written, validatePolicy) },
    { ...override, ...validating('overridepolicy', written, validateOverride) },
    { ...clusterOverride, ...validating('clusteroverridepolicy', written, validateOverride) },
    {
      ...kind('federatedresourcequota', 'policy.karmada.io', 'federatedresourcequotas', 'Namespaced'),
      ...validating('federatedresourcequota', written, validateQuota),
    },
    {
      ...kind('clustertaintpolicy', 'policy.karmada.io', 'clustertaintpolicies', 'Cluster'),
      ...validating('clustertaintpolicy', written, validateTaintPolicy(allowsNoExecute)),
    },
    {
      ...binding,
      ...validating('resourcebinding', written, validateBinding(gates, chargeQuotas(client))),
      sideEffects: 'NoneOnDryRun',
    },
    {
      ...kind('resourceinterpretercustomization', 'config.karmada.io', 'resourceinterpretercustomizations', 'Cluster'),
      ...validating('resourceinterpretercustomization', written, validateCustomization(client)),
      timeoutSeconds: 10,
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
