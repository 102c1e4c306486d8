/** What each metric of an autoscaler asks for, and what its status says of it. Pure. */
import type { HorizontalPodAutoscaler, MetricSpec, MetricStatus, MetricTarget, Pod } from '#apis/kubernetes/types.ts';
import type { PodMetrics } from '#apis/metrics/usage.ts';
import { formatQuantity, milliValue, parseQuantity } from '#kube/quantity/quantity.ts';
import {
  averageOf,
  averageTarget,
  NoMetric,
  type ReplicaQuestion,
  replicasFor,
  requestsOf,
  type Samples,
  samplesOf,
  type Tolerance,
  utilizationOf,
  utilizationTarget,
} from './usage.ts';

export interface MetricsInput {
  readonly hpa: HorizontalPodAutoscaler;
  readonly current: number;
  /** Those the target's selector matches. */
  readonly pods: readonly Pod[];
  /** What is measured of them; an error where the metrics API did not answer. */
  readonly measured: readonly PodMetrics[] | NoMetric;
  readonly now: number;
}

/** `name` says in an event what drove the change. */
export interface Proposal {
  readonly replicas: number;
  readonly name: string;
  readonly status: MetricStatus;
}
export interface MetricFailure {
  readonly reason: string;
  readonly message: string;
  /** As the summary of all failures begins. */
  readonly summary: string;
}

export interface MetricsVerdict {
  /** The largest proposal; undefined when the metrics that are there cannot decide. */
  readonly chosen: Proposal | undefined;
  readonly statuses: readonly MetricStatus[];
  readonly failures: readonly MetricFailure[];
}

const defaultTolerance = 0.1;

function toleranceOf({ spec: { behavior } }: HorizontalPodAutoscaler): Tolerance {
  const of = (tolerance: string | number | undefined) =>
    tolerance === undefined ? defaultTolerance : milliValue(parseQuantity(tolerance)) / 1_000;
  return { up: of(behavior?.scaleUp?.tolerance), down: of(behavior?.scaleDown?.tolerance) };
}

const milliText = (value: number): string =>
  formatQuantity({ nano: BigInt(Math.trunc(value)) * 1_000_000n, format: 'DecimalSI' });

interface Measure {
  readonly resource: string;
  readonly container?: string;
  readonly target: MetricTarget;
}

/** Throws NoMetric. */
function measure(input: MetricsInput, { resource, container, target }: Measure) {
  const { hpa, current, pods, measured, now } = input;
  if (measured instanceof NoMetric) throw measured;
  const samples = samplesOf(measured, resource, container);
  const question = { current, pods, samples, resource, tolerance: toleranceOf(hpa), now };
  if (target.averageUtilization === undefined) return byAverage(question, target);
  if (pods.length === 0) throw new NoMetric('no pods returned by selector while calculating replica count');
  const requests = requestsOf(pods, resource, container);
  const { replicas, counted } = replicasFor({
    ...question,
    target: utilizationTarget(requests, target.averageUtilization),
  });
  return {
    replicas,
    value: { averageUtilization: utilizationOf(counted, requests), averageValue: milliText(averageOf(counted)) },
    suffix: ' utilization (percentage of request)',
  };
}

function byAverage(question: Omit<ReplicaQuestion, 'target'>, { averageValue }: MetricTarget) {
  if (averageValue === undefined) {
    throw new NoMetric(
      'invalid resource metric source: neither an average utilization target nor an average value (usage) target was set',
    );
  }
  const target = averageTarget(milliValue(parseQuantity(averageValue)));
  const { replicas, counted } = replicasFor({ ...question, target });
  return { replicas, value: { averageValue: milliText(averageOf(counted as Samples)) }, suffix: '' };
}

/** Kinds of metrics that an adapter serves; none does in a simulated member. */
const adapted: Readonly<Record<string, { readonly api: string; readonly reason: string; readonly of: string }>> = {
  Pods: { api: 'custom', reason: 'FailedGetPodsMetric', of: 'pods' },
  Object: { api: 'custom', reason: 'FailedGetObjectMetric', of: 'object' },
  External: { api: 'external', reason: 'FailedGetExternalMetric', of: `external` },
};

function adapterFailure({ type, pods, object, external }: MetricSpec): MetricFailure {
  const { api, reason, of } = adapted[type]!;
  const metric = (pods ?? object ?? external)?.metric.name ?? '';
  const cause =
    `unable to get metric ${metric}: unable to fetch metrics from ${api} metrics API: ` +
    `no ${api} metrics API (${api}.metrics.k8s.io) registered`;
  return { reason, message: cause, summary: `failed to get ${of} metric value: ${cause}` };
}

/** One metric: what it asks for, or why that cannot be told. */
function judge(input: MetricsInput, spec: MetricSpec): Proposal | MetricFailure {
  const { resource, containerResource } = spec;
  if (adapted[spec.type]) return adapterFailure(spec);
  const source = resource ?? containerResource;
  if (!source) {
    const message = `unknown metric source type "${spec.type}"`;
    return { reason: 'InvalidMetricSourceType', message, summary: message };
  }
  const container = containerResource?.container;
  try {
    const { replicas, value, suffix } = measure(input, {
      resource: source.name,
      target: source.target,
      ...(container === undefined ? {} : { container }),
    });
    const current = { name: source.name, current: value };
    return {
      replicas,
      name: `${source.name} ${containerResource ? 'container resource' : 'resource'}${suffix}`,
      status: containerResource
        ? { type: spec.type, containerResource: { ...current, container: containerResource.container } }
        : { type: spec.type, resource: current },
    };
  } catch (error) {
    if (!(error instanceof NoMetric)) throw error;
    const what = source.target.averageUtilization === undefined ? 'resource metric value' : 'utilization';
    const message = `failed to get ${source.name} ${what}: ${error.message}`;
    const kind = containerResource ? 'container resource' : 'resource';
    return {
      reason: containerResource ? 'FailedGetContainerResourceMetric' : 'FailedGetResourceMetric',
      message,
      summary: `failed to get ${source.name} ${kind} metric value: ${message}`,
    };
  }
}

/** With some metrics missing the number may only grow: what is missing might have asked for more. */
export function judgeMetrics(input: MetricsInput): MetricsVerdict {
  const verdicts = (input.hpa.spec.metrics ?? []).map((spec) => judge(input, spec));
  const proposals = verdicts.filter((verdict): verdict is Proposal => 'replicas' in verdict);
  const failures = verdicts.filter((verdict): verdict is MetricFailure => 'summary' in verdict);
  const largest = proposals.reduce<Proposal | undefined>(
    (best, each) => (best === undefined || each.replicas > best.replicas ? each : best),
    undefined,
  );
  const decides = largest !== undefined && (failures.length === 0 || largest.replicas >= input.current);
  return { chosen: decides ? largest : undefined, statuses: proposals.map(({ status }) => status), failures };
}
