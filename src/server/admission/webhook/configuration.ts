/** Webhook configurations as they are stored: the parts dispatch reads (admissionregistration.k8s.io/v1). */

import type { MatchCondition } from '#apis/kubernetes/expressions/policy.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { LabelSelector } from '#kube/selector/labels.ts';
import type { AdmissionRule } from '../matching/rules.ts';

export interface ServiceReference {
  readonly namespace: string;
  readonly name: string;
  readonly path?: string;
  readonly port?: number;
}

export interface ClientConfig {
  readonly url?: string;
  readonly service?: ServiceReference;
  /** PEM, base64. */
  readonly caBundle?: string;
}

export interface Webhook {
  readonly name: string;
  readonly clientConfig: ClientConfig;
  readonly rules?: readonly AdmissionRule[];
  readonly failurePolicy?: 'Fail' | 'Ignore';
  readonly matchPolicy?: 'Exact' | 'Equivalent';
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
  readonly sideEffects?: string;
  readonly timeoutSeconds?: number;
  readonly admissionReviewVersions?: readonly string[];
  readonly reinvocationPolicy?: 'Never' | 'IfNeeded';
  readonly matchConditions?: readonly MatchCondition[];
}

export interface WebhookConfiguration extends KubeObject {
  readonly webhooks?: readonly Webhook[];
}

export const mutatingConfigurations = 'admissionregistration.k8s.io/mutatingwebhookconfigurations';
export const validatingConfigurations = 'admissionregistration.k8s.io/validatingwebhookconfigurations';
