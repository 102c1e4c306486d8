/** Asks the estimators of many clusters at once, each within the same time: whoever does not answer has no number. */
import type { BindingSpec } from '#apis/work/binding-spec.ts';
import type { ReplicaRequirements } from '#apis/work/requirements.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { AssumedWorkload, EstimatorService, UnschedulableRequest } from './service.ts';

/** The reference’s UnauthenticReplica: nobody knows. */
const noAnswer = -1;

interface Question {
  readonly clusters: readonly string[];
  /** Given to a cluster lately, and perhaps without Pods there yet. */
  readonly assumed: ReadonlyMap<string, readonly Assumed[]>;
}

export interface Assumed {
  readonly replicas: number;
  readonly requirements: ReplicaRequirements | undefined;
}

export interface ReplicaQuestion extends Question {
  readonly requirements: ReplicaRequirements | undefined;
}

export interface ComponentQuestion extends Question {
  readonly namespace: string | undefined;
  readonly components: NonNullable<BindingSpec['components']>;
}

export interface UnschedulableQuestion extends Pick<UnschedulableRequest, 'resource' | 'thresholdMs'> {
  readonly clusters: readonly string[];
}

export interface AskOptions {
  /** undefined: the cluster has none, and is not in the answer. */
  readonly estimatorOf: (cluster: string) => EstimatorService | undefined;
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Told once, until the cluster answers again. */
  readonly onFailure: (cluster: string, error: unknown) => void;
}

/** By cluster; -1 where there was no answer in time. Never rejects. */
type Answers = Promise<ReadonlyMap<string, number>>;

export interface Estimators {
  readonly maxAvailableReplicas: (question: ReplicaQuestion) => Answers;
  readonly maxAvailableComponentSets: (question: ComponentQuestion) => Answers;
  readonly unschedulableReplicas: (question: UnschedulableQuestion) => Answers;
}

/** How long one that was silent is not asked: a decision that waits for it is delayed once in so long. */
const restMs = 10_000;

/** What a silent estimator ends in: our own time-out, or gRPC's where that was first. */
const timedOut = 'DEADLINE_EXCEEDED';

export function askEstimators({ estimatorOf, timeoutMs, clock, onFailure }: AskOptions): Estimators {
  /** Clusters whose last answer was none, and until when they are left alone. */
  const failing = new Map<string, number>();

  const answerOf = async (cluster: string, ask: () => Promise<number>): Promise<number> => {
    if ((failing.get(cluster) ?? 0) > clock.monotonic()) return noAnswer;
    try {
      const number = await within(clock, timeoutMs, ask());
      failing.delete(cluster);
      return number;
    } catch (error) {
      if (!failing.has(cluster)) onFailure(cluster, error);
      const silent = (error as { readonly code?: unknown }).code === timedOut;
      failing.set(cluster, silent ? clock.monotonic() + restMs : 0);
      return noAnswer;
    }
  };

  const all = async (
    clusters: readonly string[],
    ask: (estimator: EstimatorService, cluster: string) => Promise<number>,
  ): Answers => {
    const answers = clusters.map(async (cluster) => {
      const estimator = estimatorOf(cluster);
      if (estimator) return [cluster, await answerOf(cluster, () => ask(estimator, cluster))] as const;
      failing.delete(cluster);
      return undefined;
    });
    return new Map((await Promise.all(answers)).filter((each) => each !== undefined));
  };

  return {
    maxAvailableReplicas: ({ clusters, requirements, assumed }) =>
      all(clusters, (estimator, cluster) =>
        estimator.maxAvailableReplicas({ cluster, requirements, assumed: workloadsOf(assumed.get(cluster)) }),
      ),
    maxAvailableComponentSets: ({ clusters, namespace = '', components, assumed }) =>
      all(clusters, (estimator, cluster) =>
        estimator.maxAvailableComponentSets({
          cluster,
          namespace,
          components,
          assumed: workloadsOf(assumed.get(cluster)),
        }),
      ),
    unschedulableReplicas: ({ clusters, resource, thresholdMs }) =>
      all(clusters, (estimator, cluster) => estimator.unschedulableReplicas({ cluster, resource, thresholdMs })),
  };
}

/** Bindings share their requirements for as long as they say the same. */
const texts = new WeakMap<ReplicaRequirements, string>();

function textOf(requirements: ReplicaRequirements | undefined): string {
  if (!requirements) return '';
  const text = texts.get(requirements) ?? JSON.stringify(requirements);
  texts.set(requirements, text);
  return text;
}

/** Thousands may be on their way to a cluster at once: those that need the same are told as one. */
function workloadsOf(assumed: readonly Assumed[] = []): readonly AssumedWorkload[] {
  const replicasOf = new Map<string, { readonly requirements: ReplicaRequirements | undefined; replicas: number }>();
  for (const { replicas, requirements } of assumed) {
    const text = textOf(requirements);
    const same = replicasOf.get(text);
    if (same) same.replicas += replicas;
    else replicasOf.set(text, { requirements, replicas });
  }
  return Array.from(replicasOf.values(), ({ replicas, requirements }) => ({
    namespace: requirements?.namespace ?? '',
    components: [{ name: '', replicas, ...(requirements ? { replicaRequirements: requirements } : {}) }],
  }));
}

function within<T>(clock: Clock, ms: number, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(ms, () =>
      reject(Object.assign(new Error(`no answer within ${ms} ms`), { code: timedOut })),
    );
    answer.then(resolve, reject).finally(() => timer.cancel());
  });
}
