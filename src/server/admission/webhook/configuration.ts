/** Webhook configurations as they are stored: the parts dispatch reads (admissionregistration.k8s.io/v1). */
import type { KubeObject } from '#kube/meta/object.ts';
import type { LabelSelector } from '#kube/selector/labels.ts';

export interface WebhookRule {
  readonly operations?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly apiVersions?: readonly string[];
  readonly resources?: readonly string[];
  readonly scope?: string;
}

export interface ClientConfig {
  readonly url?: string;
  readonly service?: {
    readonly namespace: string;
    readonly name: string;
    readonly path?: string;
    readonly port?: number;
  };
  /** PEM, base64. */
  readonly caBundle?: string;
}

export interface Webhook {
  readonly name: string;
  readonly clientConfig: ClientConfig;
  readonly rules?: readonly WebhookRule[];
  readonly failurePolicy?: 'Fail' | 'Ignore';
  readonly matchPolicy?: 'Exact' | 'Equivalent';
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
  readonly sideEffects?: string;
  readonly timeoutSeconds?: number;
  readonly matchConditions?: readonly unknown[];
}

export interface WebhookConfiguration extends KubeObject {
  readonly webhooks?: readonly Webhook[];
}

export const mutatingConfigurations = 'admissionregistration.k8s.io/mutatingwebhookconfigurations';
export const validatingConfigurations = 'admissionregistration.k8s.io/validatingwebhookconfigurations';
