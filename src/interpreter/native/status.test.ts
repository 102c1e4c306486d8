import { describe, expect, it } from 'vitest';
import type { AggregatedStatusItem } from '#apis/work/binding-spec.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { interpreterOf } from '../interpreter.ts';
import { nativeSource } from './native.ts';
import { object } from './object.fixture.ts';

const interpreter = interpreterOf([nativeSource]);
/** One item a status; undefined for a cluster that has told nothing yet. */
const items = (...statuses: readonly (object | undefined)[]) =>
  statuses.map((status, index) => ({
    clusterName: `member${index + 1}`,
    ...(status ? { status } : {}),
  })) as readonly AggregatedStatusItem[];
const aggregate = (template: UnstructuredObject, ...statuses: readonly (object | undefined)[]) =>
  interpreter.aggregateStatus(template, items(...statuses));

describe('reflectStatus', () => {
  const seen = { generation: 4, annotations: { 'resourcetemplate.karmada.io/generation': '2' } };
  const conditions = [{ type: 'Available', status: 'True' }];

  it.each<[string, UnstructuredObject, object | undefined]>([
    [
      'Deployment: counters that are not zero, and generations',
      object(
        'apps/v1/Deployment',
        { status: { replicas: 2, readyReplicas: 0, observedGeneration: 4, conditions } },
        seen,
      ),
      { replicas: 2, generation: 4, observedGeneration: 4, resourceTemplateGeneration: 2 },
    ],
    [
      'StatefulSet: no observedGeneration',
      object('apps/v1/StatefulSet', { status: { replicas: 2, observedGeneration: 4, updateRevision: 'web-1' } }, seen),
      { replicas: 2, updateRevision: 'web-1', generation: 4, resourceTemplateGeneration: 2 },
    ],
    [
      'DaemonSet',
      object('apps/v1/DaemonSet', { status: { numberReady: 3, observedGeneration: 4, collisionCount: 1 } }, seen),
      { numberReady: 3, generation: 4, observedGeneration: 4, resourceTemplateGeneration: 2 },
    ],
    ['a Deployment without a status', object('apps/v1/Deployment'), undefined],
    [
      'Job',
      object('batch/v1/Job', { status: { succeeded: 1, ready: 0, terminating: 0, startTime: 't', conditions } }),
      { succeeded: 1, startTime: 't', conditions },
    ],
    [
      'a balanced Service',
      object('v1/Service', {
        spec: { type: 'LoadBalancer' },
        status: { loadBalancer: { ingress: [{ ip: '1.1.1.1' }] } },
      }),
      { loadBalancer: { ingress: [{ ip: '1.1.1.1' }] } },
    ],
    ['another Service', object('v1/Service', { spec: {}, status: { loadBalancer: {} } }), undefined],
    ['Ingress', object('networking.k8s.io/v1/Ingress', { status: { loadBalancer: {} } }), { loadBalancer: {} }],
    [
      'PodDisruptionBudget',
      object('policy/v1/PodDisruptionBudget', {
        status: { currentHealthy: 2, expectedPods: 3, observedGeneration: 1, conditions },
      }),
      { currentHealthy: 2, expectedPods: 3 },
    ],
    [
      'HorizontalPodAutoscaler',
      object('autoscaling/v2/HorizontalPodAutoscaler', {
        status: { currentReplicas: 2, desiredReplicas: 3, conditions },
      }),
      { currentReplicas: 2, desiredReplicas: 3 },
    ],
    ['any other kind: all of it', object('v1/Pod', { status: { phase: 'Running' } }), { phase: 'Running' }],
  ])('%s', async (_what, given, expected) => {
    expect(await interpreter.reflectStatus(given)).toEqual(expected);
  });
});

describe('aggregateStatus of counters', () => {
  const latest = { generation: 7, observedGeneration: 7, resourceTemplateGeneration: 2 };
  const template = (kind: string, status?: object) =>
    object(`apps/v1/${kind}`, status ? { status } : {}, { generation: 2 });

  it.each<[string, UnstructuredObject, readonly (object | undefined)[], object]>([
    [
      'sums',
      template('Deployment', { observedGeneration: 1 }),
      [
        { ...latest, replicas: 2, readyReplicas: 1 },
        { ...latest, replicas: 3 },
      ],
      { observedGeneration: 2, replicas: 5, readyReplicas: 1 },
    ],
    [
      'observedGeneration waits for a cluster that has told nothing',
      template('Deployment', { observedGeneration: 1 }),
      [{ ...latest, replicas: 2 }, undefined],
      { observedGeneration: 1, replicas: 2 },
    ],
    [
      'and for one that carries an older template',
      template('Deployment', { observedGeneration: 1 }),
      [latest, { ...latest, resourceTemplateGeneration: 1 }],
      { observedGeneration: 1 },
    ],
    [
      'and for one whose controller has not looked',
      template('DaemonSet', { observedGeneration: 1 }),
      [{ ...latest, observedGeneration: 6, numberReady: 1 }],
      { observedGeneration: 1, numberReady: 1 },
    ],
    [
      'with no cluster the template is seen',
      template('Deployment', { observedGeneration: 1, replicas: 2 }),
      [],
      { observedGeneration: 2 },
    ],
    [
      'a StatefulSet never says it, as none is collected',
      template('StatefulSet'),
      [{ generation: 7, resourceTemplateGeneration: 2, replicas: 1, updateRevision: 'web-1' }],
      { replicas: 1, updateRevision: 'web-1' },
    ],
  ])('%s', async (_what, given, statuses, expected) => {
    const status = await aggregate(given, ...statuses);
    expect(status).toEqual(expected);
    const written = { ...given, status } as UnstructuredObject;
    expect(await aggregate(written, ...statuses)).toBe(written.status);
  });
});

describe('aggregateStatus', () => {
  const balanced = (...ingress: readonly object[]) => ({ loadBalancer: { ingress } });
  const container = (ready: boolean, state: object) => ({
    image: '',
    imageID: '',
    lastState: {},
    name: '',
    ready,
    restartCount: 0,
    state,
  });
  const at = (second: number) => `2026-01-01T00:00:0${second}Z`;

  it.each<[string, UnstructuredObject, readonly (object | undefined)[], object | undefined]>([
    [
      'a balanced Service: each address once, in order',
      object('v1/Service', { spec: { type: 'LoadBalancer' } }),
      [balanced({ ip: '2.2.2.2' }), balanced({ ip: '1.1.1.1' }, { ip: '2.2.2.2' }), undefined],
      balanced({ ip: '1.1.1.1' }, { ip: '2.2.2.2' }),
    ],
    ['another Service: as it is', object('v1/Service', { spec: {} }), [balanced({ ip: '2.2.2.2' })], undefined],
    ['an Ingress', object('networking.k8s.io/v1/Ingress'), [balanced({ hostname: 'b' })], balanced({ hostname: 'b' })],
    [
      'CronJob: what is active everywhere, the latest times',
      object('batch/v1/CronJob'),
      [
        { active: [{ name: 'a' }], lastScheduleTime: at(1), lastSuccessfulTime: at(3) },
        { active: [{ name: 'b' }], lastScheduleTime: at(2) },
        undefined,
      ],
      { active: [{ name: 'a' }, { name: 'b' }], lastScheduleTime: at(2), lastSuccessfulTime: at(3) },
    ],
    [
      'Pod: failed anywhere',
      object('v1/Pod'),
      [{ phase: 'Running' }, { phase: 'Failed' }, undefined],
      { phase: 'Failed' },
    ],
    ['Pod: silence is Pending', object('v1/Pod'), [{ phase: 'Running' }, undefined], { phase: 'Pending' }],
    [
      'Pod: running before succeeded',
      object('v1/Pod'),
      [{ phase: 'Succeeded' }, { phase: 'Running' }],
      { phase: 'Running' },
    ],
    [
      'Pod: of containers only readiness and state',
      object('v1/Pod'),
      [
        {
          phase: 'Running',
          podIP: '1.1.1.1',
          containerStatuses: [{ name: 'a', ready: true, restartCount: 3, state: { running: {} } }],
        },
        { phase: 'Running', containerStatuses: [{ name: 'a', ready: false, state: { waiting: {} } }] },
      ],
      { phase: 'Running', containerStatuses: [container(true, { running: {} }), container(false, { waiting: {} })] },
    ],
    [
      'PersistentVolume: failed first',
      object('v1/PersistentVolume'),
      [{ phase: 'Bound' }, { phase: 'Failed' }],
      { phase: 'Failed' },
    ],
    [
      'PersistentVolume: silence is Pending',
      object('v1/PersistentVolume'),
      [{ phase: 'Bound' }, undefined],
      { phase: 'Pending' },
    ],
    [
      'PersistentVolume: bound before released',
      object('v1/PersistentVolume'),
      [{ phase: 'Released' }, { phase: 'Bound' }],
      { phase: 'Bound' },
    ],
    [
      'PersistentVolumeClaim: lost wins',
      object('v1/PersistentVolumeClaim'),
      [{ phase: 'Lost' }, { phase: 'Pending' }],
      { phase: 'Lost' },
    ],
    [
      'PersistentVolumeClaim: any that is not bound',
      object('v1/PersistentVolumeClaim'),
      [{ phase: 'Bound' }, { phase: 'Pending' }],
      { phase: 'Pending' },
    ],
    [
      'PersistentVolumeClaim: bound',
      object('v1/PersistentVolumeClaim'),
      [{ phase: 'Bound' }, undefined],
      { phase: 'Bound' },
    ],
    [
      'PersistentVolumeClaim: nothing before a cluster has told',
      object('v1/PersistentVolumeClaim'),
      [undefined],
      undefined,
    ],
    [
      'PodDisruptionBudget: sums, and Pods by cluster',
      object('policy/v1/PodDisruptionBudget', { status: { observedGeneration: 1 } }),
      [
        { currentHealthy: 1, desiredHealthy: 2, disruptedPods: { a: at(1) } },
        { currentHealthy: 3, expectedPods: 3, disruptedPods: { a: at(2) } },
      ],
      {
        currentHealthy: 4,
        desiredHealthy: 2,
        disruptionsAllowed: 0,
        expectedPods: 3,
        disruptedPods: { 'member1/a': at(1), 'member2/a': at(2) },
      },
    ],
    [
      'HorizontalPodAutoscaler: sums',
      object('autoscaling/v2/HorizontalPodAutoscaler', {
        status: { currentReplicas: 9, desiredReplicas: 9, currentMetrics: null },
      }),
      [{ currentReplicas: 1, desiredReplicas: 2 }, { desiredReplicas: 3 }],
      { currentReplicas: 1, desiredReplicas: 5, currentMetrics: null },
    ],
    [
      'HorizontalPodAutoscaler: no field for zero current replicas',
      object('autoscaling/v2/HorizontalPodAutoscaler', { status: { currentReplicas: 9, desiredReplicas: 9 } }),
      [{}],
      { desiredReplicas: 0 },
    ],
    ['a kind nobody knows', object('v1/ConfigMap'), [{ a: 1 }], undefined],
  ])('%s', async (_what, given, statuses, expected) => {
    const status = await aggregate(given, ...statuses);
    expect(status).toEqual(expected);
    const written = { ...given, ...(status ? { status } : {}) } as UnstructuredObject;
    expect(await aggregate(written, ...statuses)).toBe(written.status);
  });
});

describe('aggregateStatus of a Job', () => {
  const at = (second: number) => `2026-01-01T00:00:0${second}Z`;
  const when = (type: string, second: number) => ({ type, status: 'True', lastTransitionTime: at(second) });
  const done = (second: number) => ({
    succeeded: 1,
    startTime: at(second - 1),
    completionTime: at(second),
    conditions: [when('SuccessCriteriaMet', second), when('Complete', second)],
  });
  const condition = (type: string, reason: string, message: string, second: number) => ({
    type,
    status: 'True',
    lastProbeTime: at(second),
    lastTransitionTime: at(second),
    reason,
    message,
  });
  const job = (status?: object) => object('batch/v1/Job', status ? { status } : {});
  const bad = 'Job executed failed in member clusters member2';

  it.each<[string, UnstructuredObject, readonly (object | undefined)[], object | undefined]>([
    ['nothing before a cluster has told', job(), [undefined, undefined], undefined],
    [
      'started when all have, at the first start',
      job(),
      [
        { active: 1, startTime: at(3) },
        { active: 2, startTime: at(1) },
      ],
      { active: 3, startTime: at(1) },
    ],
    ['not started while one has not', job(), [{ active: 1, startTime: at(3) }, { active: 1 }], { active: 2 }],
    ['a start stays', job({ startTime: at(2) }), [{ active: 1, startTime: at(3) }], { active: 1, startTime: at(2) }],
    [
      'complete when all are, at the last end',
      job(),
      [done(4), done(2)],
      {
        succeeded: 2,
        startTime: at(1),
        completionTime: at(4),
        conditions: [
          condition('SuccessCriteriaMet', 'CompletionsReached', 'All member clusters have met success criteria', 4),
          condition('Complete', 'Completed', 'Job completed', 4),
        ],
      },
    ],
    ['not complete while a cluster is silent', job(), [done(4), undefined], { succeeded: 1 }],
    [
      'failed when one has',
      job(),
      [done(4), { failed: 1, startTime: at(2), conditions: [when('FailureTarget', 5), when('Failed', 5)] }],
      {
        succeeded: 1,
        failed: 1,
        startTime: at(2),
        conditions: [condition('FailureTarget', 'JobFailed', bad, 5), condition('Failed', 'JobFailed', bad, 5)],
      },
    ],
    ['finished is finished', job({ conditions: [when('Failed', 1)] }), [done(4)], { conditions: [when('Failed', 1)] }],
  ])('%s', async (_what, given, statuses, expected) => {
    const status = await aggregate(given, ...statuses);
    expect(status).toEqual(expected);
    const written = { ...given, ...(status ? { status } : {}) } as UnstructuredObject;
    expect(await aggregate(written, ...statuses)).toBe(written.status);
  });
});
