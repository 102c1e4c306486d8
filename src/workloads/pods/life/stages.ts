/**
 * What a set of stages says: how Pods live (the first stage that matches drives a Pod on) and how nodes report. Written
 * as YAML in data/stages, read by read-stages.ts.
 */
import type { NodeCondition, Pod } from '#apis/kubernetes/types.ts';
import type { Match } from './match.ts';

export interface StageSet {
  /** `instant` */
  readonly name: string;
  /** In order: the first that matches counts. */
  readonly pods: readonly PodStage[];
  readonly nodes: NodeLife;
}

export interface PodStage {
  readonly name: string;
  /** All must hold. */
  readonly when: readonly Match[];
  readonly delay: Delay;
  /** A function where it depends on the Pod: stages made in code. */
  readonly next: PodNext | ((pod: Pod) => PodNext);
}

/** From when the stage begins to match until it is carried out. */
export interface Delay {
  readonly milliseconds: number;
  /** Up to so much more, by chance. */
  readonly jitterMilliseconds: number;
  /** Doubled for each restart of a container, up to `mostMilliseconds`. */
  readonly doublesWithRestarts: boolean;
  readonly mostMilliseconds: number;
}

export interface PodNext {
  /** The containers have stopped: the Pod is removed from the API. */
  readonly delete?: true;
  readonly phase?: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
  /** `status.reason` and `status.message`. */
  readonly reason?: string;
  readonly message?: string;
  readonly initContainers?: ContainerNext;
  /** Sidecars (init containers that go on) follow these. */
  readonly containers?: ContainerNext;
  readonly events: readonly StageEvent[];
}

/** What becomes of each container. Running after it was stopped is a restart. */
export interface ContainerNext {
  readonly state: 'waiting' | 'running' | 'terminated';
  /** Why it waits or ended. */
  readonly reason?: string;
  readonly message?: string;
  /** Of a container that ended, also of one that now waits to be started again. */
  readonly exitCode: number;
  /** Whether a running container is ready. */
  readonly ready: boolean;
}

export interface StageEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  /** `{image}` and `{container}` are filled in; such an event is told once for each container. */
  readonly message: string;
}

export interface NodeLife {
  /** How often a node's Lease is renewed, and for how long it holds without. */
  readonly renewSeconds: number;
  readonly leaseSeconds: number;
  /** How often the status is written although nothing in it changes. */
  readonly statusSeconds: number;
  /** Without the times. */
  readonly conditions: readonly NodeCondition[];
}
