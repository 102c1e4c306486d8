/** What a cluster's status says, as metrics: read by dashboards, and gone with the cluster. */
import type { Cluster } from '#apis/cluster/cluster.ts';
import { isConditionTrue } from '#kube/conditions/conditions.ts';
import { parseQuantity } from '#kube/quantity/quantity.ts';
import type { MetricDefinition, Metrics } from '#runtime/telemetry/metrics.ts';
import { metric } from '#runtime/telemetry/names.ts';

export interface StatusMeter {
  readonly seen: (cluster: string, status: Cluster['status'], seconds: number) => void;
  readonly forget: (cluster: string) => void;
}

type ClusterGauge = MetricDefinition<'member_cluster'>;
type Room = Readonly<Record<string, string | number>> | undefined;
const nanosecondsOfUnit = 1e9;

/** Whole units with their fractions: half a CPU is 0.5. */
const amountOf = (room: NonNullable<Room>, name: string): number =>
  Number(parseQuantity(room[name] ?? 0).nano) / nanosecondsOfUnit;

export function statusMeter(metrics: Metrics): StatusMeter {
  const set = (definition: ClusterGauge, member_cluster: string, value: number) =>
    metrics.gauge(definition, { member_cluster }).set(value);

  const setRoom = (cluster: string, room: Room, gauges: Readonly<Record<string, ClusterGauge>>): void => {
    if (!room) return;
    for (const [name, gauge] of Object.entries(gauges)) set(gauge, cluster, amountOf(room, name));
  };

  return {
    seen: (cluster, status, seconds) => {
      metrics.histogram(metric.clusterStatusSeconds, { member_cluster: cluster }).observe(seconds);
      set(metric.clusterReady, cluster, isConditionTrue(status?.conditions, 'Ready') ? 1 : 0);
      const { nodeSummary, resourceSummary } = status ?? {};
      if (nodeSummary) {
        set(metric.clusterNodes, cluster, nodeSummary.totalNum ?? 0);
        set(metric.clusterReadyNodes, cluster, nodeSummary.readyNum ?? 0);
      }
      setRoom(cluster, resourceSummary?.allocatable, {
        memory: metric.clusterMemoryAllocatable,
        cpu: metric.clusterCpuAllocatable,
        pods: metric.clusterPodsAllocatable,
      });
      setRoom(cluster, resourceSummary?.allocated, {
        memory: metric.clusterMemoryAllocated,
        cpu: metric.clusterCpuAllocated,
        pods: metric.clusterPodsAllocated,
      });
    },
    forget: (cluster) => metrics.forget('member_cluster', cluster),
  };
}
