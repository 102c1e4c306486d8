/** The kinds of metrics.k8s.io: what nodes and Pods use at the moment. Answered from measurements, never stored. */
import { defineKind, type KindOf } from '#apis/define.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import { array, dateTime, map, object, quantity, required, string } from '#kube/schema/build.ts';

const usage = required(map(quantity()));
/** `window`: over how long was measured, as Go prints durations (`15s`); it ends at `timestamp`. */
const measured = { timestamp: required(dateTime()), window: required(string()) };

/** Of metrics.k8s.io, the verbs there are. */
const readOnly = { verbs: ['get', 'list'], stored: false } as const satisfies Partial<KindDefinition>;

const podMetrics = defineKind({
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  kind: 'PodMetrics',
  plural: 'pods',
  singular: '',
  scope: 'Namespaced',
  columns: [{ name: 'Window', type: 'string', jsonPath: '.window' }],
  schema: object({ ...measured, containers: required(array(object({ name: required(string()), usage }))) }),
});

const nodeMetrics = defineKind({
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  kind: 'NodeMetrics',
  plural: 'nodes',
  singular: '',
  scope: 'Cluster',
  columns: [{ name: 'Window', type: 'string', jsonPath: '.window' }],
  schema: object({ ...measured, usage }),
});

export const PodMetricsKind: typeof podMetrics = { ...podMetrics, ...readOnly };
const NodeMetricsKind: typeof nodeMetrics = { ...nodeMetrics, ...readOnly };

export interface PodMetrics extends KindOf<typeof PodMetricsKind> {}
export interface NodeMetrics extends KindOf<typeof NodeMetricsKind> {}

export const metricsKinds: readonly KindDefinition[] = [NodeMetricsKind, PodMetricsKind];
