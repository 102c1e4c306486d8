/** Where a plan is rehearsed: a control plane and members in this process, loaded with what real clusters hold. */
import type { Cluster } from '#apis/cluster/cluster.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { GroupVersionKind, ResourceRef } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { Random } from '#world/random/random.ts';

/** All objects of one resource, as the server answered them. */
export interface ResourceSnapshot {
  readonly resource: ResourceRef;
  readonly objects: readonly UnstructuredObject[];
}

/** What a cluster held at a moment. It is kept in memory only: the data of Secrets is in it. */
export interface ClusterSnapshot {
  readonly cluster: string;
  readonly resources: readonly ResourceSnapshot[];
  /** What could not be read, and why. */
  readonly unread: readonly { readonly resource: string; readonly why: string }[];
}

/** What of the control plane decides how templates look in its members. */
export interface ControlSnapshot {
  /** Those of the plan that are joined. */
  readonly clusters: readonly Cluster[];
  readonly resources: readonly ResourceSnapshot[];
  /** Webhooks that interpret kinds, by name. */
  readonly interpreting: readonly string[];
}

/** Requests by verb; of events all together, as `event`. */
export type Calls = Readonly<Record<string, number>>;

export interface Sandbox {
  /** Simulated: it moves in `drive` and `pass` only. */
  readonly clock: Clock;
  readonly random: Random;
  readonly control: ApiClient;
  /** Throws RangeError for a cluster that was not loaded. */
  readonly member: (name: string) => ApiClient;
  /** Nobody reaches the cluster any more, and its machines are down; or all is well again. */
  readonly setCluster: (name: string, up: boolean) => void;
  /** So far, by server, the control plane first; what goes on inside a member is not counted. */
  readonly calls: () => ReadonlyMap<string, Calls>;
  /** Objects that no server here can hold, by resource. */
  readonly unknown: readonly string[];
  /** Awaits work that needs time to pass. */
  readonly drive: <T>(work: Promise<T>) => Promise<T>;
  readonly pass: (ms: number) => Promise<void>;
  /** Workloads leave clusters with NoExecute taints, by flags or because it was asked for. */
  readonly evicting: boolean;
  readonly knownKind: (gvk: GroupVersionKind) => KindDefinition | undefined;
  readonly stop: () => Promise<void>;
}

/** Components whose flags decide where templates go and when they leave. */
export type RehearsedComponent = 'karmada-controller-manager' | 'karmada-scheduler';

/** Each as `--name=value`, or `--name` for a switch. */
export type RehearsedFlags = Readonly<Record<RehearsedComponent, readonly string[]>>;

export interface SandboxOptions {
  /** Milliseconds since 1970, when the snapshots were taken. */
  readonly now: number;
  readonly control: ControlSnapshot;
  readonly clusters: readonly ClusterSnapshot[];
  /** As the components of the real control plane have them. */
  readonly flags: RehearsedFlags;
  /** Workloads leave clusters with NoExecute taints that they do not tolerate, whatever the flags say of it. */
  readonly evicts: boolean;
}

/** Rejects with an Error that says why for flags that a component does not understand. */
export type StartSandbox = (options: SandboxOptions) => Promise<Sandbox>;
