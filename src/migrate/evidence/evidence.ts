/**
 * What a running cluster is like at a moment, as far as a migration must not change it: identities and counters, and
 * hashes of the rest. It is kept in the plan's folder and holds nothing that is secret.
 */
import type { FieldHashes } from './fields.ts';

export interface ContainerEvidence {
  readonly name: string;
  /** How `containerd://…` begins: another one is another container. */
  readonly id: string;
  readonly restarts: number;
  /** When it was started last, RFC 3339; '' while it does not run. */
  readonly started: string;
}

export interface PodEvidence {
  readonly name: string;
  readonly uid: string;
  /** RFC 3339; '' while it has not started. */
  readonly startTime: string;
  readonly node: string;
  readonly ip: string;
  readonly ready: boolean;
  readonly containers: readonly ContainerEvidence[];
}

/** A ReplicaSet or ControllerRevision: its name ends in the hash of a Pod template. */
export interface RevisionEvidence {
  readonly name: string;
  /** RFC 3339 */
  readonly created: string;
}

/** An object that is taken over. */
export interface ObjectEvidence {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly uid: string;
  /** 0 where the kind has none. */
  readonly generation: number;
  /** Keyed, of what it states: without status, our marks and what servers count. */
  readonly hash: string;
  /** The same, field by field. */
  readonly fields: string | FieldHashes;
  /** It carries the mark of a managed object. */
  readonly managed?: true;
  /** Since when it is being deleted, RFC 3339, and what that waits for. */
  readonly deleting?: { readonly since: string; readonly finalizers: readonly string[] };
  /** Of a workload. */
  readonly revisions?: readonly RevisionEvidence[];
  readonly pods?: readonly PodEvidence[];
  /** Of a Service: `10.1.2.3:8080`, those that are ready, sorted. */
  readonly endpoints?: readonly string[];
}

/** Of one cluster. */
export interface Evidence {
  readonly cluster: string;
  /** RFC 3339 */
  readonly takenAt: string;
  /** In the plan's order. Objects that were not there are left out. */
  readonly objects: readonly ObjectEvidence[];
}

/** A cluster, and why nobody could look into it. */
export interface Unseen {
  readonly cluster: string;
  readonly why: string;
}

/** Of all clusters of a plan, the running one first. */
export interface EvidenceSet {
  readonly plan: string;
  /** Which key its hashes are made with. */
  readonly key: string;
  readonly takenAt: string;
  readonly clusters: readonly Evidence[];
  readonly unseen: readonly Unseen[];
}

export const evidenceIn = ({ clusters }: EvidenceSet, cluster: string): Evidence | undefined =>
  clusters.find((each) => each.cluster === cluster);
