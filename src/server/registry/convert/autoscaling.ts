/**
 * HorizontalPodAutoscaler v1 over the stored v2: CPU utilisation has fields of its own in v1, everything else travels
 * in kube-apiserver's annotations, so that nothing is lost by a write through v1.
 */
import type { JsonObject, JsonValue, KubeObject, ObjectMeta, UnstructuredObject } from '#kube/meta/object.ts';
import { type Conversion, remembered } from '../kinds/served.ts';
import { behaviorToV1, behaviorToV2, currents, metricToV1, metricToV2, targets } from './autoscaling-metrics.ts';

const annotations = {
  metrics: 'autoscaling.alpha.kubernetes.io/metrics',
  behavior: 'autoscaling.alpha.kubernetes.io/behavior',
  conditions: 'autoscaling.alpha.kubernetes.io/conditions',
  currentMetrics: 'autoscaling.alpha.kubernetes.io/current-metrics',
} as const;

const fieldsOf = (value: unknown): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
const listOf = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? (value as JsonObject[]) : []);

/** The part of a v2 metric that v1 has a field for. */
function cpuUtilization(metric: JsonObject, side: 'target' | 'current'): number | undefined {
  const resource = fieldsOf(metric.resource);
  const value = fieldsOf(resource[side]).averageUtilization;
  return metric.type === 'Resource' && resource.name === 'cpu' && typeof value === 'number' ? value : undefined;
}

function split(metrics: readonly JsonObject[], side: 'target' | 'current') {
  const cpu = metrics.find((metric) => cpuUtilization(metric, side) !== undefined);
  return { cpu: cpu && cpuUtilization(cpu, side), rest: metrics.filter((metric) => metric !== cpu) };
}

function annotated(metadata: ObjectMeta, values: Readonly<Record<string, JsonValue | undefined>>): ObjectMeta {
  const added = Object.entries(values).filter(([, value]) => value !== undefined);
  if (added.length === 0) return metadata;
  const texts = added.map(([name, value]) => [name, JSON.stringify(value)] as const);
  return { ...metadata, annotations: { ...metadata.annotations, ...Object.fromEntries(texts) } };
}

function toV1(stored: KubeObject): KubeObject {
  const { spec, status, metadata, ...rest } = stored as UnstructuredObject;
  const { metrics, behavior, ...v1Spec } = fieldsOf(spec);
  const { currentMetrics, conditions, ...v1Status } = fieldsOf(status);
  const target = split(listOf(metrics), 'target');
  const current = split(listOf(currentMetrics), 'current');
  const some = (list: readonly JsonObject[]) => (list.length > 0 ? list : undefined);
  return {
    ...rest,
    apiVersion: 'autoscaling/v1',
    metadata: annotated(metadata, {
      [annotations.metrics]: some(target.rest.map((metric) => metricToV1(metric, targets))),
      [annotations.behavior]: behaviorToV1(behavior),
      [annotations.conditions]: some(listOf(conditions)),
      // All of them: they say more than the percentage does.
      [annotations.currentMetrics]: some(listOf(currentMetrics).map((metric) => metricToV1(metric, currents))),
    }),
    spec: { ...v1Spec, ...(target.cpu === undefined ? {} : { targetCPUUtilizationPercentage: target.cpu }) },
    ...(status === undefined
      ? {}
      : {
          status: {
            // Always told in v1.
            currentReplicas: 0,
            ...v1Status,
            ...(current.cpu === undefined ? {} : { currentCPUUtilizationPercentage: current.cpu }),
          },
        }),
  } as KubeObject;
}

const cpuMetric = (side: 'target' | 'current', value: JsonValue): JsonObject => ({
  type: 'Resource',
  resource: {
    name: 'cpu',
    [side]:
      side === 'target'
        ? { type: 'Utilization', averageUtilization: value }
        : { averageUtilization: value, averageValue: '0' },
  },
});

/** Annotations a client has broken are ignored, as kube-apiserver does. */
function parsed(text: string | undefined): JsonValue | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function toV2(object: KubeObject): KubeObject {
  const { spec, status, metadata, ...rest } = object as UnstructuredObject;
  const { targetCPUUtilizationPercentage, ...v2Spec } = fieldsOf(spec);
  const { currentCPUUtilizationPercentage, ...v2Status } = fieldsOf(status);
  const carried = metadata.annotations ?? {};
  const kept = Object.fromEntries(
    Object.entries(carried).filter(([name]) => !(Object.values(annotations) as string[]).includes(name)),
  );
  const behavior = behaviorToV2(parsed(carried[annotations.behavior]));
  const conditions = parsed(carried[annotations.conditions]);
  const others = listOf(parsed(carried[annotations.metrics])).map((metric) => metricToV2(metric, targets));
  const metrics = withCpu(others, 'target', targetCPUUtilizationPercentage);
  const told = parsed(carried[annotations.currentMetrics]);
  const current = Array.isArray(told)
    ? listOf(told).map((metric) => metricToV2(metric, currents))
    : withCpu([], 'current', currentCPUUtilizationPercentage);
  const { annotations: _, ...plainMetadata } = metadata;
  return {
    ...rest,
    apiVersion: 'autoscaling/v2',
    metadata: Object.keys(kept).length > 0 ? { ...plainMetadata, annotations: kept } : plainMetadata,
    spec: { ...v2Spec, ...(metrics ? { metrics } : {}), ...(behavior === undefined ? {} : { behavior }) },
    ...(status === undefined
      ? {}
      : {
          status: {
            ...v2Status,
            ...(current ? { currentMetrics: current } : {}),
            ...(conditions === undefined ? {} : { conditions }),
          },
        }),
  } as KubeObject;
}

function withCpu(
  rest: readonly JsonObject[],
  side: 'target' | 'current',
  cpu: JsonValue | undefined,
): readonly JsonObject[] | undefined {
  const metrics = cpu === undefined ? rest : [...rest, cpuMetric(side, cpu)];
  return metrics.length > 0 ? metrics : undefined;
}

export const autoscalingV1: Conversion = { fromStorage: remembered(toV1), toStorage: toV2 };
