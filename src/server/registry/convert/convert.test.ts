import { describe, expect, it } from 'vitest';
import { startCluster } from '../../serve.cases.ts';
import { autoscalingV1 } from './autoscaling.ts';
import { eventsV1 } from './events.ts';

describe('Events', () => {
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'e' },
    involvedObject: { kind: 'Pod', name: 'p', namespace: 'default' },
    reason: 'Started',
    message: 'it has begun',
    source: { component: 'kubelet' },
    firstTimestamp: '2026-01-01T00:00:00Z',
    lastTimestamp: '2026-01-01T00:00:00Z',
    count: 1,
    type: 'Normal',
  };

  it('are one storage behind both kinds', async () => {
    const cluster = await startCluster();
    await cluster.create('v1/events/default', event);
    const seen = await cluster.get('events.k8s.io/v1/events/default/e');
    expect(seen).toMatchObject({
      apiVersion: 'events.k8s.io/v1',
      regarding: { name: 'p' },
      note: 'it has begun',
      deprecatedSource: { component: 'kubelet' },
      deprecatedCount: 1,
    });
    expect(seen).not.toHaveProperty('message');
    await cluster.patch('events.k8s.io/v1/events/default/e', 'merge', { note: 'changed' });
    expect(await cluster.get('v1/events/default/e')).toMatchObject({ apiVersion: 'v1', message: 'changed', count: 1 });
    expect((await cluster.list('events.k8s.io/v1/events')).items).toHaveLength(1);
    expect(cluster.store.resources('test')).toContain('events');
    await cluster.remove('events.k8s.io/v1/events/default/e');
    expect((await cluster.list('v1/events')).items).toEqual([]);
  });

  it('are acknowledged from memory', async () => {
    const cluster = await startCluster();
    const answer = await cluster.request('create', 'v1/events/default', { body: event });
    expect(answer.durable).toBeUndefined();
  });

  it('convert there and back', () => {
    expect(eventsV1.toStorage(eventsV1.fromStorage(event))).toEqual(event);
    expect(eventsV1.fromStorage(event)).toBe(eventsV1.fromStorage(event));
  });
});

describe('HorizontalPodAutoscalers', () => {
  const v1 = {
    apiVersion: 'autoscaling/v1',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'h', annotations: { mine: 'kept' } },
    spec: {
      maxReplicas: 5,
      targetCPUUtilizationPercentage: 70,
      scaleTargetRef: { kind: 'Deployment', name: 'd', apiVersion: 'apps/v1' },
    },
  };

  it('are stored as v2 and read as both', async () => {
    const cluster = await startCluster();
    await cluster.create('autoscaling/v1/horizontalpodautoscalers/default', v1);
    const v2 = await cluster.get('autoscaling/v2/horizontalpodautoscalers/default/h');
    expect(v2).toMatchObject({
      apiVersion: 'autoscaling/v2',
      metadata: { annotations: { mine: 'kept' } },
      spec: {
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
        ],
      },
    });
    expect(await cluster.get('autoscaling/v1/horizontalpodautoscalers/default/h')).toMatchObject({ spec: v1.spec });
  });

  it('lose nothing of v2 on the way through v1', () => {
    const memory = {
      type: 'Resource',
      resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 80 } },
    };
    const cpu = {
      type: 'Resource',
      resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
    };
    const v2 = {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'h' },
      spec: { maxReplicas: 5, metrics: [memory, cpu], behavior: { scaleUp: { stabilizationWindowSeconds: 3 } } },
      status: { currentReplicas: 1, conditions: [{ type: 'AbleToScale', status: 'True' }] },
    };
    const through = autoscalingV1.fromStorage(v2);
    expect(through).toMatchObject({ spec: { targetCPUUtilizationPercentage: 70 } });
    expect(through).not.toHaveProperty('spec.metrics');
    expect(autoscalingV1.toStorage(through)).toEqual(v2);
  });

  it('do not fail on annotations somebody has broken', () => {
    const broken = { ...v1, metadata: { name: 'h', annotations: { 'autoscaling.alpha.kubernetes.io/behavior': '{' } } };
    expect(autoscalingV1.toStorage(broken)).not.toHaveProperty('spec.behavior');
  });
});
