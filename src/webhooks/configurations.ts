/** The webhook configurations that make an API server call us, made from the table of webhooks. */
import type { MutatingWebhookConfiguration, ValidatingWebhookConfiguration } from '#apis/kubernetes/types.ts';
import { timeoutSeconds, type Webhook } from './webhooks.ts';

export interface WebhookAddress {
  /** `https://127.0.0.1:8443`, without a path. */
  readonly url: string;
  /** PEM in base64; absent where the API server trusts us anyway. */
  readonly caBundle?: string;
}

type Entry = NonNullable<MutatingWebhookConfiguration['webhooks']>[number];

const entry = ({ url, caBundle }: WebhookAddress, webhook: Webhook): Entry => ({
  name: webhook.name,
  admissionReviewVersions: ['v1'],
  clientConfig: { url: `${url}${webhook.path}`, ...(caBundle ? { caBundle } : {}) },
  failurePolicy: 'Fail',
  sideEffects: webhook.sideEffects ?? 'None',
  timeoutSeconds: webhook.timeoutSeconds ?? timeoutSeconds,
  rules: [
    {
      apiGroups: [webhook.group],
      apiVersions: ['*'],
      operations: webhook.operations,
      resources: [webhook.resource],
      scope: webhook.scope,
    },
  ],
  ...(webhook.objectSelector ? { objectSelector: webhook.objectSelector } : {}),
});

export function webhookConfigurations(
  table: readonly Webhook[],
  address: WebhookAddress,
): readonly [MutatingWebhookConfiguration, ValidatingWebhookConfiguration] {
  const entries = (mutating: boolean) =>
    table.filter((webhook) => webhook.mutating === mutating).map((webhook) => entry(address, webhook));
  const metadata = (name: string) => ({ name, labels: { app: 'karmada-webhook' } });
  const apiVersion = 'admissionregistration.k8s.io/v1';
  return [
    {
      apiVersion,
      kind: 'MutatingWebhookConfiguration',
      metadata: metadata('mutating-config'),
      webhooks: entries(true),
    },
    {
      apiVersion,
      kind: 'ValidatingWebhookConfiguration',
      metadata: metadata('validating-config'),
      webhooks: entries(false),
    },
  ];
}
