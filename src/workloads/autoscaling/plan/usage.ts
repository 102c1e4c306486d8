/**
 * How many replicas one metric asks for: the ratio of what Pods use to what they should, with Pods that cannot be
 * counted on taken the cautious way (Kubernetes' podautoscaler/replica_calculator). Pure.
 */
import type { Pod } from '#apis/kubernetes/types.ts';
import type { PodMetrics } from '#apis/metrics/usage.ts';
import { findCondition } from '#kube/conditions/conditions.ts';
import type { Condition } from '#kube/meta/object.ts';
import { parseTime } from '#kube/meta/time.ts';
import { milliValue, parseQuantity } from '#kube/quantity/quantity.ts';

/** One Pod's measurement, in thousandths of the resource's unit; times in milliseconds. */
export interface Sample {
  readonly value: number;
  readonly timestamp: number;
  readonly windowMs: number;
}
export type Samples = ReadonlyMap<string, Sample>;

/** kube-controller-manager's defaults: how long after its start a Pod's CPU says little, and readiness may waver. */
const cpuInitializationMs = 300_000;
const initialReadinessMs = 30_000;

/** A metric that cannot be had; the message is what events and conditions tell. */
export class NoMetric extends Error {
  override readonly name = 'NoMetric';
}

const windowMs = (text: string): number => {
  const [, minutes, seconds] = /^(?:(\d+)m)?(?:([\d.]+)s)?$/.exec(text) ?? [];
  return Number(minutes ?? 0) * 60_000 + Number(seconds ?? 0) * 1_000;
};

/** What each Pod uses of a resource; all containers, or one. Throws NoMetric when nothing is measured. */
export function samplesOf(metrics: readonly PodMetrics[], resource: string, container: string | undefined): Samples {
  if (metrics.length === 0) {
    throw new NoMetric(`unable to get metrics for resource ${resource}: no metrics returned from resource metrics API`);
  }
  const samples = new Map<string, Sample>();
  for (const { metadata, containers, timestamp, window } of metrics) {
    const counted = containers.filter(({ name }) => container === undefined || name === container);
    // One container that tells nothing: the Pod counts as not measured.
    if (counted.length === 0 || counted.some(({ usage }) => usage[resource] === undefined)) continue;
    const value = counted.reduce((sum, { usage }) => sum + milliValue(parseQuantity(usage[resource]!)), 0);
    samples.set(metadata.name!, { value, timestamp: parseTime(timestamp), windowMs: windowMs(window) });
  }
  return samples;
}

interface Grouped {
  readonly ready: number;
  readonly unready: ReadonlySet<string>;
  readonly missing: ReadonlySet<string>;
  readonly ignored: ReadonlySet<string>;
}

/** A Pod whose CPU is not representative yet. */
function isWarmingUp(pod: Pod, sample: Sample, now: number): boolean {
  const ready = findCondition(pod.status?.conditions as readonly Condition[] | undefined, 'Ready');
  if (!ready || !pod.status?.startTime) return true;
  const started = parseTime(pod.status.startTime);
  const changed = parseTime(ready.lastTransitionTime ?? '');
  if (started + cpuInitializationMs > now) {
    return ready.status === 'False' || sample.timestamp < changed + sample.windowMs;
  }
  return ready.status === 'False' && started + initialReadinessMs > changed;
}

function group(pods: readonly Pod[], samples: Samples, resource: string, now: number): Grouped {
  const [unready, missing, ignored] = [new Set<string>(), new Set<string>(), new Set<string>()];
  let ready = 0;
  for (const pod of pods) {
    const name = pod.metadata.name!;
    const sample = samples.get(name);
    if (pod.metadata.deletionTimestamp || pod.status?.phase === 'Failed') ignored.add(name);
    else if (pod.status?.phase === 'Pending') unready.add(name);
    else if (!sample) missing.add(name);
    else if (resource === 'cpu' && isWarmingUp(pod, sample, now)) unready.add(name);
    else ready++;
  }
  return { ready, unready, missing, ignored };
}

/** What each Pod requests, in thousandths. Throws NoMetric where a container requests nothing: shares of it mean nothing. */
export function requestsOf(pods: readonly Pod[], resource: string, container: string | undefined) {
  const requests = new Map<string, number>();
  for (const pod of pods) {
    const sidecars = (pod.spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
    let sum = 0;
    for (const { name, resources } of [...pod.spec.containers, ...sidecars]) {
      if (container !== undefined && name !== container) continue;
      const request = resources?.requests?.[resource];
      if (request === undefined) {
        throw new NoMetric(`missing request for ${resource} in container ${name} of Pod ${pod.metadata.name}`);
      }
      sum += milliValue(parseQuantity(request));
    }
    requests.set(pod.metadata.name!, sum);
  }
  return requests;
}

/** Does a ratio call for nothing? Each direction has its tolerance. */
export interface Tolerance {
  readonly up: number;
  readonly down: number;
}
const within = (ratio: number, { up, down }: Tolerance): boolean => ratio >= 1 - down && ratio <= 1 + up;

/** What is asked of the Pods: `ratioOf` of samples, and what stands for a Pod that is not measured when going down. */
export interface Target {
  readonly ratioOf: (samples: Samples) => number;
  readonly assumedOf: (pod: string) => number;
}

/** A share of requests: 50 for half; unmeasured Pods use all they request when going down (or the target, if more). */
export function utilizationTarget(requests: ReadonlyMap<string, number>, percent: number): Target {
  return {
    ratioOf: (samples) => utilizationOf(samples, requests) / percent,
    assumedOf: (pod) => ((requests.get(pod) ?? 0) * Math.max(100, percent)) / 100,
  };
}

/** In whole percent of what those Pods request. */
export function utilizationOf(samples: Samples, requests: ReadonlyMap<string, number>): number {
  let [used, requested] = [0, 0];
  for (const [pod, { value }] of samples) {
    const request = requests.get(pod);
    if (request === undefined) continue;
    used += value;
    requested += request;
  }
  if (requested === 0) throw new NoMetric('no metrics returned matched known pods');
  return Math.trunc((used * 100) / requested);
}

export const averageOf = (samples: Samples): number =>
  samples.size === 0 ? 0 : Math.trunc([...samples.values()].reduce((sum, { value }) => sum + value, 0) / samples.size);

/** An average in thousandths; unmeasured Pods use just that when going down. */
export const averageTarget = (average: number): Target => ({
  ratioOf: (samples) => averageOf(samples) / average,
  assumedOf: () => average,
});

export interface ReplicaQuestion {
  readonly current: number;
  readonly pods: readonly Pod[];
  readonly samples: Samples;
  readonly resource: string;
  readonly target: Target;
  readonly tolerance: Tolerance;
  readonly now: number;
}

/** Throws NoMetric when there are no Pods, or none that is measured. */
export function replicasFor(question: ReplicaQuestion): { readonly replicas: number; readonly counted: Samples } {
  const { current, pods, samples, resource, target, tolerance, now } = question;
  if (pods.length === 0) throw new NoMetric('no pods returned by selector while calculating replica count');
  const { ready, unready, missing, ignored } = group(pods, samples, resource, now);
  const counted = new Map([...samples].filter(([name]) => !unready.has(name) && !ignored.has(name)));
  if (counted.size === 0) {
    throw new NoMetric('did not receive metrics for targeted pods (pods might be unready)');
  }
  const ratio = target.ratioOf(counted);
  const unreadyCount = unready.size > 0 && ratio > 1;
  if (!unreadyCount && missing.size === 0) {
    return { replicas: within(ratio, tolerance) ? current : Math.ceil(ratio * ready), counted };
  }
  const filled = new Map(counted);
  const sample = (value: number): Sample => ({ value, timestamp: now, windowMs: 0 });
  if (ratio !== 1) for (const name of missing) filled.set(name, sample(ratio < 1 ? target.assumedOf(name) : 0));
  if (unreadyCount) for (const name of unready) filled.set(name, sample(0));
  const cautious = target.ratioOf(filled);
  const turned = (ratio < 1 && cautious > 1) || (ratio > 1 && cautious < 1);
  if (within(cautious, tolerance) || turned) return { replicas: current, counted };
  const replicas = Math.ceil(cautious * filled.size);
  const against = (cautious < 1 && replicas > current) || (cautious > 1 && replicas < current);
  return { replicas: against ? current : replicas, counted };
}
