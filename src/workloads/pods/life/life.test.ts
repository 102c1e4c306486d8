import { describe, expect, test } from 'vitest';
import type { Pod } from '#apis/kubernetes/types.ts';
import { behaviour, drive, factsAt, podOn, shippedStages, step } from './life.cases.ts';
import { delayOf, messagesOf } from './plan.ts';
import { readStages } from './read-stages.ts';
import { statusPutRight } from './status.ts';

const instant = shippedStages('instant');
const natural = shippedStages('natural');

const conditionsOf = (pod: Pod) =>
  Object.fromEntries(
    (pod.status?.conditions ?? []).map(({ type, status, reason }) => [type, reason ? `${status} ${reason}` : status]),
  );

describe('instant', () => {
  test('one stage from nothing to running', () => {
    const { stages, pod } = drive(instant, podOn('n1'));
    expect(stages).toEqual(['run']);
    expect(pod.status?.conditions?.map(({ type, status }) => [type, status])).toEqual([
      ['PodReadyToStartContainers', 'True'],
      ['Initialized', 'True'],
      ['Ready', 'True'],
      ['ContainersReady', 'True'],
      ['PodScheduled', 'True'],
    ]);
  });

  test('init containers are through, sidecars run, containers are sorted by name', () => {
    const init = [
      { name: 'prepare', image: 'busybox' },
      { name: 'proxy', image: 'envoy', restartPolicy: 'Always' },
    ];
    const containers = [
      { name: 'web', image: 'nginx:1' },
      { name: 'app', image: 'app:1' },
    ];
    const { pod } = drive(instant, podOn('n1', { initContainers: init, containers }));
    expect(pod.status?.containerStatuses?.map(({ name }) => name)).toEqual(['app', 'web']);
    const [prepare, proxy] = pod.status?.initContainerStatuses ?? [];
    expect([prepare?.ready, prepare?.state?.terminated?.reason]).toEqual([true, 'Completed']);
    expect([proxy?.ready, proxy?.started, proxy?.state?.running !== undefined]).toEqual([true, true, true]);
  });

  test.each(['Never', 'OnFailure'] as const)('with restartPolicy %s it completes', (restartPolicy) => {
    const { stages, pod } = drive(instant, podOn('n1', { restartPolicy }));
    expect(stages).toEqual(['run', 'complete']);
    expect(pod.status?.phase).toBe('Succeeded');
    expect(conditionsOf(pod)).toEqual({
      PodReadyToStartContainers: 'False',
      Initialized: 'True PodCompleted',
      Ready: 'False PodCompleted',
      ContainersReady: 'False PodCompleted',
      PodScheduled: 'True',
    });
  });

  test('failing: for good where it may not restart, else in a loop whose waits grow', () => {
    const failing = { annotations: behaviour('fail') };
    const failed = drive(instant, podOn('n1', { restartPolicy: 'Never' }, failing));
    expect([failed.stages, failed.pod.status?.phase]).toEqual([['run', 'fail'], 'Failed']);
    const looping = drive(instant, podOn('n1', {}, failing), 6);
    expect(looping.stages).toEqual(['run', 'crash', 'restart', 'crash', 'restart', 'crash']);
    const [status] = looping.pod.status?.containerStatuses ?? [];
    expect(status).toMatchObject({
      restartCount: 2,
      ready: false,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { exitCode: 1, reason: 'Error' } },
    });
    const { delay } = instant.pods.find(({ name }) => name === 'restart')!;
    expect(delayOf(delay, looping.pod, 0)).toBe(40_000);
  });

  test('images that are missing and probes that fail keep it from being ready', () => {
    const missing = drive(instant, podOn('n1', {}, { annotations: behaviour('image-missing') }));
    expect(missing.pod.status?.containerStatuses?.[0]?.state?.waiting?.reason).toBe('ImagePullBackOff');
    expect(missing.pod.status?.phase).toBe('Pending');
    const unready = drive(instant, podOn('n1', {}, { annotations: behaviour('unready') }));
    expect(conditionsOf(unready.pod).Ready).toBe('False ContainersNotReady');
  });

  test('deletion: removed at once; one that somebody waits for says first how it ended', () => {
    const going = { deletionTimestamp: '2026-01-01T00:00:30Z', deletionGracePeriodSeconds: 30 };
    const running = drive(instant, podOn('n1')).pod;
    expect(drive(instant, { ...running, metadata: { ...running.metadata, ...going } }).stages).toEqual(['remove']);
    const held = { ...running, metadata: { ...running.metadata, ...going, finalizers: ['example.com/count'] } };
    const { stages, pod } = drive(instant, held);
    expect(stages).toEqual(['stop', 'remove']);
    expect([pod.status?.phase, pod.status?.containerStatuses?.[0]?.state?.terminated?.exitCode]).toEqual([
      'Failed',
      137,
    ]);
    const asked = { ...pod, metadata: { ...pod.metadata, deletionGracePeriodSeconds: 0 } };
    expect(step(instant, asked)).toBeUndefined();
  });
});

test('natural: created, initialised, run', () => {
  const initContainers = [
    { name: 'prepare', image: 'busybox' },
    { name: 'proxy', image: 'envoy', restartPolicy: 'Always' },
  ];
  const created = step(natural, podOn('n1', { initContainers }))!;
  expect(created.pod?.status?.podIP).toBeUndefined();
  expect(conditionsOf(created.pod!)).toMatchObject({
    PodReadyToStartContainers: 'False',
    Initialized: 'False ContainersNotInitialized',
    Ready: 'False ContainersNotReady',
  });
  expect(drive(natural, podOn('n1', { initContainers })).stages).toEqual(['create', 'initialize', 'run']);
  expect(drive(natural, podOn('n1')).stages).toEqual(['create', 'run']);
});

describe('put right', () => {
  const running = drive(instant, podOn('n1')).pod;

  test('a running Pod as it should be is left alone', () => {
    expect(statusPutRight(factsAt(running, 30))).toBeUndefined();
  });

  test('a container whose image was changed is started again', () => {
    const changed = { ...running, spec: { ...running.spec, containers: [{ name: 'web', image: 'nginx:2' }] } };
    const status = statusPutRight(factsAt(changed, 30));
    expect(status?.containerStatuses?.[0]).toMatchObject({
      image: 'nginx:2',
      restartCount: 1,
      ready: true,
      state: { running: { startedAt: '2026-01-01T00:00:30Z' } },
      lastState: { terminated: { exitCode: 0 } },
    });
  });

  test('Ready follows the readiness gates, and keeps its time while it stays', () => {
    const gated = drive(instant, podOn('n1', { readinessGates: [{ conditionType: 'example.com/open' }] })).pod;
    expect(conditionsOf(gated).Ready).toBe('False ReadinessGatesNotReady');
    expect(statusPutRight(factsAt(gated, 20))).toBeUndefined();
    const opened = { type: 'example.com/open', status: 'True' };
    const open = { ...gated, status: { ...gated.status, conditions: [...(gated.status?.conditions ?? []), opened] } };
    const status = statusPutRight(factsAt(open, 30));
    const times = Object.fromEntries((status?.conditions ?? []).map((each) => [each.type, each.lastTransitionTime]));
    expect([times.Ready, times.ContainersReady]).toEqual(['2026-01-01T00:00:30Z', '2026-01-01T00:00:00Z']);
    expect(status?.conditions?.at(-1)).toEqual(opened);
  });
});

test('events can be told for each container', () => {
  const event = { type: 'Normal', reason: 'Pulled', message: 'Pulled {image} for {container}' } as const;
  expect(messagesOf(event, podOn('n1'))).toEqual(['Pulled nginx:1 for web']);
});

describe('mistakes in stages are named', () => {
  const nodes = 'nodes: {renewSeconds: 10, leaseSeconds: 40, statusSeconds: 300, conditions: []}';
  test.each([
    [
      'pods: [{name: run, when: {}, next: {phase: Up}}]',
      'stages x: pods run: next: phase must be one of Pending, Running',
    ],
    ['pods: [{name: run, when: {phase: [a]}, next: {}}]', 'phase: not a path'],
    ['pods: [{name: run, when: {}, then: {}, next: {}}]', 'stages x: pods run: then is not a field here'],
    ['pods: {}', 'stages x: pods must be a list'],
  ])('%s', (text, message) => expect(() => readStages('x', `${text}\n${nodes}`)).toThrow(message));
});
