/** Samples of apps, batch, autoscaling and policy. */
import type { SampledKind } from './kind.ts';
import { jobTemplate, podTemplate } from './pods.ts';

const selector = { matchLabels: { app: 'x' }, matchExpressions: [{ key: 'app', operator: 'Exists' }] };
const condition = (type: string) => ({
  type,
  status: 'True',
  reason: 'R',
  message: 'm',
  lastTransitionTime: '2026-01-01T00:00:00Z',
});

export const workloadKinds: readonly SampledKind[] = [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    resource: 'deployments',
    content: {
      spec: {
        replicas: 3,
        selector,
        template: podTemplate,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: '10%' } },
        minReadySeconds: 2,
        revisionHistoryLimit: 3,
        paused: true,
        progressDeadlineSeconds: 100,
      },
    },
    change: { spec: { replicas: 4 } },
    status: {
      replicas: 3,
      updatedReplicas: 2,
      readyReplicas: 1,
      availableReplicas: 1,
      observedGeneration: 1,
      conditions: [condition('Available')],
    },
    scale: true,
  },
  {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    resource: 'statefulsets',
    content: {
      spec: {
        replicas: 2,
        serviceName: 's',
        selector,
        template: podTemplate,
        podManagementPolicy: 'Parallel',
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Retain' },
        ordinals: { start: 1 },
        volumeClaimTemplates: [
          {
            metadata: { name: 'v' },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
          },
        ],
      },
    },
    change: { spec: { replicas: 3 } },
    status: {
      replicas: 2,
      readyReplicas: 1,
      currentReplicas: 2,
      currentRevision: 'a',
      updateRevision: 'b',
      observedGeneration: 1,
    },
    scale: true,
  },
  {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    resource: 'daemonsets',
    content: {
      spec: {
        selector,
        template: podTemplate,
        updateStrategy: { type: 'OnDelete' },
        minReadySeconds: 1,
        revisionHistoryLimit: 2,
      },
    },
    change: { spec: { minReadySeconds: 2 } },
    status: {
      currentNumberScheduled: 1,
      numberMisscheduled: 0,
      desiredNumberScheduled: 2,
      numberReady: 1,
      numberAvailable: 1,
      updatedNumberScheduled: 1,
    },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    resource: 'replicasets',
    content: { spec: { replicas: 2, selector, template: podTemplate, minReadySeconds: 1 } },
    change: { spec: { replicas: 1 } },
    status: { replicas: 2, readyReplicas: 1, availableReplicas: 1, fullyLabeledReplicas: 2 },
    scale: true,
  },
  {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    resource: 'controllerrevisions',
    content: { data: { spec: { a: [1, { b: null }] } }, revision: 3 },
    change: { revision: 4 },
  },
  {
    apiVersion: 'batch/v1',
    kind: 'Job',
    resource: 'jobs',
    content: {
      spec: {
        parallelism: 2,
        completions: 3,
        completionMode: 'Indexed',
        backoffLimitPerIndex: 1,
        maxFailedIndexes: 2,
        activeDeadlineSeconds: 100,
        ttlSecondsAfterFinished: 5,
        suspend: true,
        podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [1, 2] } }] },
        successPolicy: { rules: [{ succeededIndexes: '0-1' }] },
        template: { ...jobTemplate, spec: { ...jobTemplate.spec, restartPolicy: 'Never' } },
      },
    },
    change: { spec: { activeDeadlineSeconds: 101 } },
    status: { active: 1, ready: 1, startTime: '2026-01-01T00:00:00Z' },
  },
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    resource: 'cronjobs',
    content: {
      spec: {
        schedule: '*/5 0 * * 1',
        timeZone: 'Europe/Berlin',
        startingDeadlineSeconds: 10,
        concurrencyPolicy: 'Forbid',
        suspend: true,
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 2,
        jobTemplate: { metadata: { labels: { a: 'b' } }, spec: { template: jobTemplate } },
      },
    },
    change: { spec: { suspend: false } },
    status: { active: [{ kind: 'Job', name: 'j' }], lastScheduleTime: '2026-01-01T00:00:00Z' },
  },
  {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    resource: 'horizontalpodautoscalers',
    content: {
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' },
        minReplicas: 2,
        maxReplicas: 5,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
          { type: 'Pods', pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '1k' } } },
          {
            type: 'External',
            external: {
              metric: { name: 'q', selector: { matchLabels: { a: 'b' } } },
              target: { type: 'Value', value: '30' },
            },
          },
        ],
        behavior: {
          scaleDown: { stabilizationWindowSeconds: 10, policies: [{ type: 'Pods', value: 1, periodSeconds: 15 }] },
        },
      },
    },
    change: { spec: { maxReplicas: 6 } },
    status: {
      currentReplicas: 2,
      desiredReplicas: 3,
      currentMetrics: [
        { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 40, averageValue: '100m' } } },
      ],
      conditions: [condition('ScalingActive')],
    },
  },
  {
    apiVersion: 'autoscaling/v1',
    kind: 'HorizontalPodAutoscaler',
    resource: 'horizontalpodautoscalers',
    content: {
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' },
        minReplicas: 2,
        maxReplicas: 5,
        targetCPUUtilizationPercentage: 70,
      },
    },
    change: { spec: { maxReplicas: 6 } },
  },
  {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    resource: 'poddisruptionbudgets',
    content: { spec: { minAvailable: '50%', selector, unhealthyPodEvictionPolicy: 'AlwaysAllow' } },
    change: { spec: { minAvailable: 2 } },
    status: {
      disruptionsAllowed: 1,
      currentHealthy: 2,
      desiredHealthy: 1,
      expectedPods: 2,
      observedGeneration: 1,
      disruptedPods: { p: '2026-01-01T00:00:00Z' },
    },
  },
  {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    resource: 'leases',
    content: {
      spec: {
        holderIdentity: 'h',
        leaseDurationSeconds: 15,
        leaseTransitions: 1,
        renewTime: '2026-01-01T00:00:00.123456Z',
        acquireTime: '2026-01-01T00:00:00.000000Z',
      },
    },
    change: { spec: { holderIdentity: 'i' } },
  },
  {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    resource: 'events',
    content: {
      regarding: { kind: 'Pod', name: 'p', namespace: '<here>', apiVersion: 'v1' },
      related: { kind: 'Node', name: 'n' },
      reason: 'Started',
      note: 'it has started',
      action: 'Starting',
      reportingController: 'example.com/c',
      reportingInstance: 'c-1',
      eventTime: '2026-01-01T00:00:00.123456Z',
      type: 'Warning',
      series: { count: 2, lastObservedTime: '2026-01-01T00:00:01.000000Z' },
    },
    change: { series: { count: 3 } },
  },
];
