import { expect, test } from 'vitest';
import type { Cluster } from '#apis/cluster/cluster.ts';
import { createMetrics } from '#runtime/telemetry/metrics.ts';
import { statusMeter } from './meter.ts';

test('a cluster is told as long as it is there', () => {
  const metrics = createMetrics();
  const meter = statusMeter(metrics);
  const ready = { type: 'Ready', status: 'True', reason: 'ClusterReady', message: '', lastTransitionTime: '' } as const;
  const status: Cluster['status'] = {
    conditions: [ready],
    nodeSummary: { totalNum: 3, readyNum: 2 },
    resourceSummary: {
      allocatable: { cpu: '12500m', memory: '1Ki', pods: '3k' },
      allocated: { pods: '2' },
    },
  };
  meter.seen('m1', status, 0.01);
  meter.seen('m2', { conditions: [{ ...ready, status: 'False' }] }, 0.01);
  const lines = metrics
    .text()
    .split('\n')
    .filter((line) => line.startsWith('cluster_') && !line.includes('_bucket') && !line.includes('_sum'));
  expect(lines.sort()).toEqual([
    'cluster_cpu_allocatable_number{member_cluster="m1"} 12.5',
    'cluster_cpu_allocated_number{member_cluster="m1"} 0',
    'cluster_memory_allocatable_bytes{member_cluster="m1"} 1024',
    'cluster_memory_allocated_bytes{member_cluster="m1"} 0',
    'cluster_node_number{member_cluster="m1"} 3',
    'cluster_pod_allocatable_number{member_cluster="m1"} 3000',
    'cluster_pod_allocated_number{member_cluster="m1"} 2',
    'cluster_ready_node_number{member_cluster="m1"} 2',
    'cluster_ready_state{member_cluster="m1"} 1',
    'cluster_ready_state{member_cluster="m2"} 0',
    'cluster_sync_status_duration_seconds_count{member_cluster="m1"} 1',
    'cluster_sync_status_duration_seconds_count{member_cluster="m2"} 1',
  ]);
  meter.forget('m1');
  expect(metrics.text()).not.toContain('m1');
  expect(metrics.text()).toContain('m2');
});
