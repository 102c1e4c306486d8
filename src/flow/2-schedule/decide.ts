/** Gathers what a decision depends on (the fleet, estimates, what was assumed, peers) and asks the plan. */
import type { Cluster } from '#apis/cluster/cluster.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { Informer } from '#client/informer/informer.ts';
import { bringsDefinition } from '#interpreter/closure/record.ts';
import type { Clock } from '#world/clock/clock.ts';
import { sleep } from '#world/clock/clock.ts';
import type { Assumptions } from './assumptions.ts';
import type { Estimator } from './estimator.ts';
import type { Peers } from './peers.ts';
import { countsSets } from './plan/estimate/capacity.ts';
import { type Fleet, prepareFleet } from './plan/fleet.ts';
import type { SchedulingInput } from './plan/input.ts';
import type { SchedulingSettings } from './plan/settings.ts';
import { clustersToEstimate } from './plan.ts';

export interface DecisionSources {
  readonly clusters: Pick<Informer<Cluster>, 'list'>;
  readonly clock: Clock;
  readonly settings: SchedulingSettings;
  /** Absent: clusters' own summaries are all there is. */
  readonly estimator?: EstimatorDoor | undefined;
  /** With the gate SchedulingOvercommitProtection. */
  readonly assumptions?: Assumptions | undefined;
  /** With the gate WorkloadAffinity. */
  readonly peers?: Peers | undefined;
}

export interface EstimatorDoor {
  readonly estimator: Estimator;
  /** Longer than this no decision waits for it. */
  readonly timeoutMs: number;
  /** Clusters in Pull mode are not asked about. */
  readonly skipsPullMode: boolean;
}

type Estimates = ReadonlyMap<string, number>;

export interface DecisionInputs {
  readonly fleet: () => Fleet;
  /** The same by name. */
  readonly clusters: () => ReadonlyMap<string, Cluster>;
  /** What estimators say of the clusters that the decision about this binding looks at; undefined without any. */
  readonly estimates: (binding: Binding) => Promise<Estimates | undefined>;
  /**
   * All that the decision depends on, as it is now. To be decided on at once: where its peers are and what is assumed
   * changes with every decision.
   */
  readonly of: (binding: Binding, estimates: Estimates | undefined) => SchedulingInput;
}

const nobody: ReadonlyMap<string, never> = new Map<string, never>();
/** As the estimators' protocol has it. */
const unanswered = -1;

export function decisionInputs(sources: DecisionSources): DecisionInputs {
  const { clusters, settings, estimator, assumptions, peers } = sources;
  let listed: readonly Cluster[] | undefined;
  let prepared: Fleet | undefined;
  let byName: ReadonlyMap<string, Cluster> = new Map();

  /** The informer answers the same list until a cluster changes. */
  const fleet = (): Fleet => {
    const list = clusters.list();
    if (list !== listed || !prepared) {
      prepared = prepareFleet(list);
      byName = new Map(list.map((cluster) => [cluster.metadata.name!, cluster]));
      listed = list;
    }
    return prepared;
  };

  const inputOf = (binding: Binding, estimates: Estimates | undefined): SchedulingInput => {
    const peersOfBinding = peers?.of(binding);
    return {
      spec: binding.spec,
      status: binding.status,
      fleet: fleet(),
      settings,
      ...(estimates ? { estimates } : {}),
      ...(assumptions ? { assumed: assumptions.byCluster() } : {}),
      ...(bringsDefinition(binding) ? { bringsDefinition: true } : {}),
      ...(peersOfBinding ? { peers: peersOfBinding } : {}),
    };
  };

  return {
    fleet,
    clusters: () => {
      fleet();
      return byName;
    },
    of: inputOf,
    estimates: async (binding) => {
      if (!estimator) return undefined;
      const isAsked = (name: string) =>
        !estimator.skipsPullMode || fleet().byName.get(name)?.cluster.spec.syncMode !== 'Pull';
      const answers = new Map<string, number>();
      // Answers may rule an affinity term out, and bring the next one's clusters into play; each cluster is asked once.
      for (;;) {
        const input = inputOf(binding, answers);
        const asked = clustersToEstimate(input).filter(isAsked);
        if (asked.length === 0) return answers;
        const found = await estimatesOf(sources.clock, estimator, asked, binding, input);
        for (const name of asked) answers.set(name, found.get(name) ?? unanswered);
      }
    },
  };
}

/** No answer in time, or none at all, is no answer: the clusters' own summaries count alone. */
async function estimatesOf(
  clock: Clock,
  { estimator, timeoutMs }: EstimatorDoor,
  clusters: readonly string[],
  { spec }: Binding,
  input: SchedulingInput,
): Promise<ReadonlyMap<string, number>> {
  const { kind, namespace, name } = spec.resource;
  const about = `${kind} ${namespace ? `${namespace}/` : ''}${name}`;
  const { components = [], replicaRequirements: requirements } = spec;
  const { assumed = nobody } = input;
  const answered = countsSets(input)
    ? estimator.maxAvailableComponentSets({ clusters, about, assumed, namespace, components })
    : estimator.maxAvailableReplicas({ clusters, about, assumed, requirements });
  const over = new AbortController();
  const late = sleep(clock, timeoutMs, over.signal).then(
    () => nobody,
    () => nobody,
  );
  const found = await Promise.race([answered.catch(() => nobody), late]);
  over.abort();
  return found;
}
