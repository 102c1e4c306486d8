/**
 * What a running cluster is like at a moment, as far as a migration must not change it: identities and counters, and
 * hashes of the rest. It is kept in the plan's folder and holds nothing that is secret.
 */
import type { PlannedObject } from '../model.ts';

export interface ContainerEvidence {
  readonly name: string;
  /** `containerd://…`: another one is another container. */
  readonly id: string;
  readonly restarts: number;
}

export interface PodEvidence {
  readonly name: string;
  readonly uid: string;
  /** RFC 3339; '' while it has not started. */
  readonly startTime: string;
  readonly node: string;
  readonly ready: boolean;
  readonly containers: readonly ContainerEvidence[];
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
  /** SHA-256 of what it states: without status, our marks and what servers count. */
  readonly hash: string;
  /** It carries the mark of a managed object. */
  readonly managed?: true;
  /** Of a workload: the names of its ReplicaSets or ControllerRevisions, which end in the hash of a Pod template. */
  readonly revisions?: readonly string[];
  readonly pods?: readonly PodEvidence[];
  /** Of a Service: `10.1.2.3:8080`, those that are ready, sorted. */
  readonly endpoints?: readonly string[];
}

export interface Evidence {
  readonly cluster: string;
  /** RFC 3339 */
  readonly takenAt: string;
  /** In the plan's order. Objects that were not there are left out. */
  readonly objects: readonly ObjectEvidence[];
}

export const sameObject = (
  a: Pick<ObjectEvidence, 'apiVersion' | 'kind' | 'namespace' | 'name'>,
  b: Pick<PlannedObject, 'apiVersion' | 'kind' | 'namespace' | 'name'>,
): boolean => a.apiVersion === b.apiVersion && a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
