/** The embedded control plane: its API server with our kinds and webhooks, and the native controllers it needs. */

import { customKinds, servedKinds } from '#apis/kinds.ts';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import {
  CustomResourceDefinitions,
  MutatingWebhookConfigurations,
  Namespaces,
  ValidatingWebhookConfigurations,
} from '#apis/kubernetes/types.ts';
import { system, systemValue } from '#apis/names/labels.ts';
import { clusterNamespace, systemNamespace } from '#apis/names/objects.ts';
import type { ApiClient, TypedResource } from '#client/api-client.ts';
import type { AdmissionReviewer } from '#kube/admission/review.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { JsonValue, KubeObject } from '#kube/meta/object.ts';
import { crdManifest } from '#kube/openapi/crd-manifest.ts';
import { isReason } from '#kube/status/status.ts';
import { webhookConfigurations } from '#webhooks/configurations.ts';
import { type Webhook, webhooks } from '#webhooks/webhooks.ts';
import type { WebhookSettings } from '../components/flags.ts';
import { adminUser, type ClusterServer, type ClusterServerOptions, startClusterServer } from './cluster-server.ts';
import type { UpStatus } from './status.ts';

/** Where `flotilla status` asks; for whoever may read non-resource paths. */
const statusPath = '/flotilla/status';

/** No Pods run there: templates are not given what a Pod's admission adds. */
export const withoutPods: readonly string[] = ['ServiceAccount', 'StorageObjectInUseProtection'];

export const controlPlaneName = 'karmada-apiserver';

/** Where our own webhooks are said to be; calls to them never leave the process. */
const inProcessAddress = 'https://karmada-webhook.karmada-system.svc:443';

/** Our webhook that a configuration's entry stands for. While karmada-webhook is down nobody answers there. */
const resolveIn =
  (table: readonly Webhook[], isUp: () => boolean) =>
  (
    _configuration: string,
    entry: { readonly clientConfig: { readonly url?: string } },
  ): AdmissionReviewer | undefined => {
    const { url } = entry.clientConfig;
    const webhook = url?.startsWith(inProcessAddress) && table.find(({ path }) => url.endsWith(path));
    if (!webhook) return undefined;
    return (request) => {
      if (isUp()) return webhook.review(request);
      throw new Error(`failed to call webhook: Post "${url}": no Pod of karmada-webhook runs on karmada-host`);
    };
  };

export async function startControlPlane(
  options: Omit<
    ClusterServerOptions,
    'name' | 'kinds' | 'webhooks' | 'disabledAdmission' | 'serviceCidr' | 'extraRaw'
  > & {
    readonly status: () => Promise<UpStatus>;
    /** Whether karmada-webhook answers. */
    readonly webhookIsUp: () => boolean;
    /** As its flags say now. */
    readonly webhookSettings: () => Pick<WebhookSettings, 'gates' | 'allowsNoExecute'>;
  },
): Promise<ClusterServer> {
  let served: ApiClient | undefined;
  const table = webhooks({
    random: options.world.random,
    gates: () => options.webhookSettings().gates,
    allowsNoExecute: () => options.webhookSettings().allowsNoExecute,
    // No request comes before the server is there.
    client: () => served!,
  });
  const plane = await startClusterServer({
    ...options,
    name: controlPlaneName,
    kinds: [...builtinKinds(), ...servedKinds],
    webhooks: { resolve: resolveIn(table, options.webhookIsUp) },
    disabledAdmission: withoutPods,
    serviceCidr: '10.10.0.0/16',
    extraRaw: async (path) =>
      path === statusPath
        ? { code: 200, contentType: 'application/json', body: (await options.status()) as unknown as JsonValue }
        : undefined,
  });
  served = plane.client(adminUser, 'karmada-webhook');
  await install(plane.client(adminUser, 'flotilla'), table);
  return plane;
}

/** What the control plane's API must hold before anything else: kinds, webhook configurations, namespaces. */
async function install(client: ApiClient, table: readonly Webhook[]): Promise<void> {
  for (const kind of customKinds) await put(client, CustomResourceDefinitions, crdManifest(kind));
  const [mutating, validating] = webhookConfigurations(table, { url: inProcessAddress });
  await put(client, MutatingWebhookConfigurations, mutating);
  await put(client, ValidatingWebhookConfigurations, validating);
  for (const name of [systemNamespace, clusterNamespace]) {
    await put(client, Namespaces, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { [system]: systemValue } },
    });
  }
}

/** Creates the object, or brings an older version's to this one's spec. */
async function put(client: ApiClient, resource: TypedResource<KubeObject>, object: KubeObject): Promise<void> {
  const target = client.resource<KubeObject>(resource);
  try {
    await target.create(object);
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) throw error;
    const { apiVersion: _version, kind: _kind, metadata, ...content } = object as KubeObject & Record<string, unknown>;
    const old = (await target.get({ name: metadata.name! })) as KubeObject & Record<string, unknown>;
    const updated = { ...old, ...content };
    if (!deepEqual(updated, old)) await target.update(updated as KubeObject);
  }
}
