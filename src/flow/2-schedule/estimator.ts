/** Who can tell how much room a cluster really has, asked before a decision that depends on it. Types only: app brings one. */
import type { BindingSpec } from '#apis/work/binding-spec.ts';
import type { ReplicaRequirements } from '#apis/work/requirements.ts';
import type { AssumedReplicas } from './plan/input.ts';

interface Question {
  /** Names of clusters. */
  readonly clusters: readonly string[];
  /** The template, `Deployment default/web`: for logs. */
  readonly about: string;
  /** Placed lately and perhaps not running yet, by cluster: it takes room, too. */
  readonly assumed: ReadonlyMap<string, readonly AssumedReplicas[]>;
}

export interface ReplicaQuestion extends Question {
  /** Of one replica, its namespace among them; undefined: only Pods are counted. */
  readonly requirements: ReplicaRequirements | undefined;
}

export interface ComponentQuestion extends Question {
  readonly namespace: string | undefined;
  readonly components: NonNullable<BindingSpec['components']>;
}

/**
 * Answers by cluster how much more fits. A cluster that is missing, or has a negative number, has not answered: its own
 * summary counts alone. A cluster that is slow keeps no other's answer from coming: all answer within the estimator's
 * time-out. Rejects only where nobody at all could be asked.
 */
export interface Estimator {
  readonly maxAvailableReplicas: (question: ReplicaQuestion) => Promise<ReadonlyMap<string, number>>;
  /** In whole sets of the components. */
  readonly maxAvailableComponentSets: (question: ComponentQuestion) => Promise<ReadonlyMap<string, number>>;
}
