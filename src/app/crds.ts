/** What an API server that is not ours must hold before our components can work on it. */
import { ClusterKind } from '#apis/cluster/cluster.ts';
import { customKinds } from '#apis/kinds.ts';
import { system, systemValue } from '#apis/names/labels.ts';
import { clusterNamespace, systemNamespace } from '#apis/names/objects.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { crdManifest } from '#kube/openapi/crd-manifest.ts';
import { webhookConfigurations } from '#webhooks/configurations.ts';
import { webhooks } from '#webhooks/webhooks.ts';
import type { Random } from '#world/random/random.ts';

export interface ForeignObject {
  readonly object: KubeObject;
  /** What whoever installs it should know. */
  readonly remark?: string;
}

const clusterRemark =
  'Cluster as a CustomResourceDefinition is for tests: it has no proxy subresource. The aggregated API serves that.';

/** Where the components keep their leases, and where the tokens of members are. */
export const systemNamespaces = (): readonly ForeignObject[] =>
  [systemNamespace, clusterNamespace].map((name) => ({
    object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { [system]: systemValue } } },
  }));

/** CustomResourceDefinitions of every kind that is one. */
export const customResourceDefinitions = (): readonly ForeignObject[] => [
  ...customKinds.map((kind) => ({ object: crdManifest(kind) })),
  { object: crdManifest(ClusterKind), remark: clusterRemark },
];

/** `caBundle`: PEM in base64. */
export const foreignWebhooks = (
  address: { readonly url: string; readonly caBundle?: string },
  random: Random,
): readonly ForeignObject[] => webhookConfigurations(webhooks({ random }), address).map((object) => ({ object }));
