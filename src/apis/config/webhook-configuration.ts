/** ResourceInterpreterWebhookConfiguration: what kinds mean, told by webhooks. */
import { defineKind, type KindOf } from '#apis/define.ts';
import { array, bytes, int32, object, required, type Static, string } from '#kube/schema/build.ts';
import { described } from '#kube/schema/described.ts';

const rule = described(
  object({
    apiGroups: required(array(string())),
    apiVersions: required(array(string())),
    kinds: required(array(string())),
    operations: required(array(string())),
  }),
  {
    apiGroups: 'Groups of the kinds; empty text is the core group, * is any.',
    apiVersions: 'Versions within the groups; * is any.',
    kinds: 'Kinds, such as Deployment; * is any.',
    operations:
      'What is asked: InterpretReplica, InterpretComponent, ReviseReplica, Retain, AggregateStatus, ' +
      'InterpretStatus, InterpretHealth, InterpretDependency, or * for all.',
  },
);
export type InterpreterRule = Static<typeof rule>;

const webhook = described(
  object({
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
  }),
  {
    clientConfig: 'Where the server is: either url or service.',
    'clientConfig.caBundle':
      'Certificates in PEM that the certificate of the server is checked against; those of the system ' +
      'when absent.',
    'clientConfig.service': 'A Service in front of the server, looked up in the control plane first.',
    'clientConfig.service.name': 'Name of the Service.',
    'clientConfig.service.namespace': 'Namespace of the Service.',
    'clientConfig.service.path': 'Path of the URL that is asked; / when absent.',
    'clientConfig.service.port': 'Port of the Service; 443 when absent.',
    'clientConfig.url': 'URL of the server: https://host:port/path.',
    interpreterContextVersions: 'Versions of the question that the server takes; v1alpha1 must be among them.',
    name: 'Name of the webhook, with dots like a domain: workloads.example.com.',
    rules: 'Which kinds and operations it is asked about; none when absent.',
    timeoutSeconds: 'How many seconds an answer may take, from 1 to 30; 10 when absent.',
  },
);
export type InterpreterWebhook = Static<typeof webhook>;

export const ResourceInterpreterWebhookConfigurationKind = defineKind({
  group: 'config.karmada.io',
  version: 'v1alpha1',
  kind: 'ResourceInterpreterWebhookConfiguration',
  description: 'Names servers that tell what kinds mean: their replicas, health, status and dependencies.',
  plural: 'resourceinterpreterwebhookconfigurations',
  scope: 'Cluster',
  categories: ['karmada-io'],
  columns: [],
  schema: described(object({ webhooks: required(array(webhook)) }), {
    webhooks: 'The servers. The first one with a rule that fits is asked.',
  }),
});

export interface ResourceInterpreterWebhookConfiguration
  extends KindOf<typeof ResourceInterpreterWebhookConfigurationKind> {}
