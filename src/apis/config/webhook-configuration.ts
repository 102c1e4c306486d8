/** ResourceInterpreterWebhookConfiguration: what kinds mean, told by webhooks. */
import { defineKind, type KindOf } from '#apis/define.ts';
import { array, bytes, int32, object, required, type Static, string } from '#kube/schema/build.ts';

const rule = object({
  apiGroups: required(array(string())),
  apiVersions: required(array(string())),
  kinds: required(array(string())),
  operations: required(array(string())),
});
export type InterpreterRule = Static<typeof rule>;

const webhook = object({
  clientConfig: required(
    object({
      caBundle: bytes(),
      service: object({
        name: required(string()),
        namespace: required(string()),
        path: string(),
        port: int32(),
      }),
      url: string(),
    }),
  ),
  interpreterContextVersions: required(array(string())),
  name: required(string()),
  rules: array(rule),
  timeoutSeconds: int32(),
});
export type InterpreterWebhook = Static<typeof webhook>;

export const ResourceInterpreterWebhookConfigurationKind = defineKind({
  group: 'config.karmada.io',
  version: 'v1alpha1',
  kind: 'ResourceInterpreterWebhookConfiguration',
  plural: 'resourceinterpreterwebhookconfigurations',
  scope: 'Cluster',
  categories: ['karmada-io'],
  columns: [],
  schema: object({ webhooks: required(array(webhook)) }),
});

export interface ResourceInterpreterWebhookConfiguration
  extends KindOf<typeof ResourceInterpreterWebhookConfigurationKind> {}
