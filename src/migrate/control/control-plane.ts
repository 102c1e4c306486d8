/** What the control plane has already that decides over a plan, read once. */
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import {
  type ResourceInterpreterWebhookConfiguration,
  ResourceInterpreterWebhookConfigurationKind,
} from '#apis/config/webhook-configuration.ts';
import { type FederatedResourceQuota, FederatedResourceQuotaKind } from '#apis/policy/federated-resource-quota.ts';
import type { Policy } from '#apis/policy/matching.ts';
import { type AnyOverridePolicy, rulesOf } from '#apis/policy/overrides/select.ts';
import type { ApiClient, TypedResource } from '#client/api-client.ts';
import { listAll } from '#client/list-all.ts';
import { type Hook, hookFor, hooksOf } from '#interpreter/webhook/hooks.ts';
import { type GroupVersionKind, gvkOf } from '#kube/meta/kind.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { isReason, StatusError } from '#kube/status/status.ts';
import { readHolding } from '../closure/held.ts';
import type { Held } from '../closure/lacks.ts';
import type { Named } from '../closure/named.ts';
import { controlPlaneObstacles, type Obstacles } from '../plan/obstacles.ts';
import type { Source } from '../reading/inventory.ts';
import { overridesIn, policiesIn } from '../reading/policies.ts';
import { fieldManager } from '../record/store.ts';
import { clusterNotes } from './clusters.ts';
import { type OverrideRules, overrideRules } from './overrides.ts';
import { type RivalOf, rivals } from './owner.ts';

export interface Tried {
  readonly live: UnstructuredObject;
  readonly answer: UnstructuredObject;
}

export interface ControlPlane {
  readonly templateOf: Obstacles;
  /** Whether it knows a kind of those that were asked for. */
  readonly serves: (kind: GroupVersionKind) => boolean;
  /** What writing a template over the one that is there would make of that one; undefined where that cannot be asked. */
  readonly tried: (template: UnstructuredObject) => Promise<Tried | undefined>;
  readonly rulesFor: OverrideRules;
  readonly rivalOf: RivalOf;
  readonly quotas: readonly FederatedResourceQuota[];
  /** The webhook that has a say in how objects of a kind are written: only the control plane can ask it. */
  readonly interpretedBy: (kind: GroupVersionKind) => Hook | undefined;
  readonly namespaceOf: (name: string) => KubeObject | undefined;
  /** Of these names, the templates that there are, and where they go. */
  readonly holding: (names: readonly Named[]) => Promise<(named: Named) => Held | undefined>;
  /** In words: what cannot be told of it. */
  readonly notes: readonly string[];
}

/** Where there is none yet. */
export const noControlPlane: ControlPlane = {
  templateOf: () => undefined,
  serves: () => true,
  tried: async () => undefined,
  rulesFor: () => [],
  rivalOf: () => undefined,
  quotas: [],
  interpretedBy: () => undefined,
  namespaceOf: () => undefined,
  holding: async () => () => undefined,
  notes: [],
};

/** None where it does not serve the kind, or does not show it. */
async function listed<T extends KubeObject>(client: ApiClient, kind: TypedResource<T>): Promise<readonly T[]> {
  try {
    return await listAll(client, kind);
  } catch (error) {
    if (isReason(error, 'NotFound') || isReason(error, 'Forbidden')) return [];
    throw error;
  }
}

const clustersIn = async (client: ApiClient): Promise<ReadonlyMap<string, Cluster>> =>
  new Map((await listed<Cluster>(client, ClusterKind)).map((each) => [each.metadata.name!, each]));

/** The rules of its override policies, as they are now. */
export async function readOverrides(client: ApiClient): Promise<OverrideRules> {
  return overrideRules(await overridesIn(client), await clustersIn(client));
}

export interface Read {
  /** Of what may become templates. */
  readonly kinds: readonly GroupVersionKind[];
  /** That are to have them. */
  readonly clusters: readonly string[];
}

const kindText = ({ group, version, kind }: GroupVersionKind): string => `${group}/${version} ${kind}`;

/** What an interpreter says of a write. */
const writing = ['Retain', 'InterpretReplica', 'ReviseReplica'] as const;

export async function readControlPlane(source: Source, { kinds, clusters: wanted }: Read): Promise<ControlPlane> {
  const { client } = source;
  const unread: string[] = [];
  const unknown = new Set<string>();
  for (const kind of kinds) if (!(await source.mapper.find(kind))) unknown.add(kindText(kind));
  const [templateOf, policies, overrides, clusters, quotas, webhooks] = await Promise.all([
    controlPlaneObstacles(source, kinds, (kind, why) => unread.push(`${kind} of the control plane: ${why}`)),
    policiesIn(client),
    overridesIn(client),
    clustersIn(client),
    listed<FederatedResourceQuota>(client, FederatedResourceQuotaKind),
    listed<ResourceInterpreterWebhookConfiguration>(client, ResourceInterpreterWebhookConfigurationKind),
  ]);
  const hooks = hooksOf(webhooks);
  const found = ({ apiVersion, kind, ...metadata }: Named) => templateOf({ apiVersion, kind, metadata });
  return {
    templateOf,
    serves: (kind) => !unknown.has(kindText(kind)),
    tried: (template) => tried(source, template),
    rulesFor: overrideRules(overrides, clusters),
    rivalOf: rivals(policies as readonly Policy[]),
    quotas: quotas.map((quota) => ({ ...quota, kind: FederatedResourceQuotaKind.kind })),
    interpretedBy: (kind) => writing.map((operation) => hookFor(hooks, kind, operation)).find((hook) => hook),
    namespaceOf: (name) => found({ apiVersion: 'v1', kind: 'Namespace', name }),
    holding: async (names) => {
      // Bindings are many, and seldom needed.
      if (!names.some((named) => named.kind !== 'Namespace' && found(named))) return () => undefined;
      const held = await readHolding(client);
      return (named) => {
        const template = found(named);
        return template && held(template);
      };
    },
    notes: [
      ...unread,
      ...clusterNotes(wanted, clusters),
      ...(overrides.some(choosesByTraits) ? wanted.filter((each) => !clusters.has(each)).map(unjoinedNote) : []),
    ],
  };
}

async function tried({ client, mapper }: Source, template: UnstructuredObject): Promise<Tried | undefined> {
  const { namespace, name } = template.metadata;
  try {
    const resource = client.resource(await mapper.forKind(gvkOf(template)));
    const live = (await resource.get({ ...(namespace ? { namespace } : {}), name: name! })) as UnstructuredObject;
    const options = { fieldManager, dryRun: true, force: true };
    return { live, answer: (await resource.apply(template, options)) as UnstructuredObject };
  } catch (error) {
    if (error instanceof StatusError) return undefined;
    throw error;
  }
}

const choosesByTraits = ({ spec }: AnyOverridePolicy): boolean =>
  rulesOf(spec).some(({ targetCluster }) => targetCluster?.labelSelector || targetCluster?.fieldSelector);

const unjoinedNote = (cluster: string): string =>
  `${cluster} is not joined yet: overrides for clusters of certain labels, provider, region or zone are not counted for it`;
