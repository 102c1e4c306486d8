import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../meta/object.ts';
import { podCells } from './pod.ts';

const now = Date.UTC(2026, 0, 1, 1);
const running = { running: { startedAt: '2026-01-01T00:00:00Z' } };
const ended = (exitCode: number, reason?: string, signal?: number) => ({ terminated: { exitCode, reason, signal } });
const waiting = (reason: string) => ({ waiting: { reason } });

interface Container {
  readonly name?: string;
  readonly state?: object;
  readonly ready?: boolean;
  readonly started?: boolean;
  readonly restartCount?: number;
  readonly lastState?: object;
}

interface PodParts {
  readonly phase?: string;
  readonly reason?: string;
  readonly containers?: readonly Container[];
  readonly init?: readonly Container[];
  /** Names of the init containers that restart. */
  readonly sidecars?: readonly string[];
  readonly conditions?: readonly object[];
  readonly deleted?: boolean;
}

const status = ({ name = 'c', ready = false, restartCount = 0, ...rest }: Container) => ({
  name,
  ready,
  restartCount,
  ...rest,
});

function cells({
  phase = 'Running',
  reason,
  containers = [],
  init = [],
  sidecars = [],
  conditions,
  deleted,
}: PodParts) {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'web',
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...(deleted ? { deletionTimestamp: 'now' } : {}),
    },
    spec: {
      containers: containers.map(({ name = 'c' }) => ({ name })),
      initContainers: init.map(({ name = 'i' }) => ({
        name,
        restartPolicy: sidecars.includes(name) ? 'Always' : undefined,
      })),
    },
    status: {
      phase,
      reason,
      conditions,
      containerStatuses: containers.map(status),
      initContainerStatuses: init.map((each) => status({ name: 'i', ...each })),
    },
  };
  return podCells(pod as KubeObject, now);
}

/** READY and STATUS. */
const shown = (parts: PodParts) => cells(parts).slice(1, 3);

describe('READY and STATUS', () => {
  test.each<[string, PodParts, readonly [string, string]]>([
    ['all run', { containers: [{ state: running, ready: true }] }, ['1/1', 'Running']],
    ['one is not ready', { containers: [{ state: running, ready: true }, { state: running }] }, ['1/2', 'Running']],
    [
      'created',
      { phase: 'Pending', containers: [{ state: waiting('ContainerCreating') }] },
      ['0/1', 'ContainerCreating'],
    ],
    ['nothing known', { phase: 'Pending' }, ['0/0', 'Pending']],
    ['crashes', { containers: [{ state: waiting('CrashLoopBackOff') }] }, ['0/1', 'CrashLoopBackOff']],
    ['through', { phase: 'Succeeded', containers: [{ state: ended(0, 'Completed') }] }, ['0/1', 'Completed']],
    ['failed', { phase: 'Failed', containers: [{ state: ended(1, 'Error') }] }, ['0/1', 'Error']],
    ['failed by signal', { phase: 'Failed', containers: [{ state: ended(137, undefined, 9) }] }, ['0/1', 'Signal:9']],
    ['failed without a reason', { phase: 'Failed', containers: [{ state: ended(3) }] }, ['0/1', 'ExitCode:3']],
    ['evicted', { phase: 'Failed', reason: 'Evicted' }, ['0/0', 'Evicted']],
    [
      'one through, one runs',
      {
        containers: [{ state: ended(0, 'Completed') }, { state: running, ready: true }],
        conditions: [{ type: 'Ready', status: 'True' }],
      },
      ['1/2', 'Running'],
    ],
    [
      'one through, one runs, not ready as a whole',
      { containers: [{ state: ended(0, 'Completed') }, { state: running, ready: true }] },
      ['1/2', 'NotReady'],
    ],
    [
      'gated',
      { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] },
      ['0/0', 'SchedulingGated'],
    ],
    ['deleted', { deleted: true, containers: [{ state: running, ready: true }] }, ['1/1', 'Terminating']],
    [
      'deleted after its end',
      { deleted: true, phase: 'Succeeded', containers: [{ state: ended(0, 'Completed') }] },
      ['0/1', 'Completed'],
    ],
    ['its node is lost', { deleted: true, reason: 'NodeLost' }, ['0/0', 'Unknown']],
    [
      'first init container runs',
      { phase: 'Pending', init: [{ state: running }, {}], containers: [{}] },
      ['0/1', 'Init:0/2'],
    ],
    [
      'init container crashes',
      { phase: 'Pending', init: [{ state: waiting('CrashLoopBackOff') }] },
      ['0/0', 'Init:CrashLoopBackOff'],
    ],
    ['init container failed', { phase: 'Pending', init: [{ state: ended(2) }] }, ['0/0', 'Init:ExitCode:2']],
    [
      'init through',
      { phase: 'Pending', init: [{ state: ended(0) }], containers: [{ state: waiting('PodInitializing') }] },
      ['0/1', 'PodInitializing'],
    ],
    [
      'a sidecar counts as a container',
      {
        init: [{ name: 's', state: running, started: true, ready: true }],
        sidecars: ['s'],
        containers: [{ state: running, ready: true }],
      },
      ['2/2', 'Running'],
    ],
  ])('%s', (_, parts, expected) => expect(shown(parts)).toEqual(expected));
});

describe('RESTARTS', () => {
  const restarted = (restartCount: number, finishedAt: string) => ({
    state: running,
    ready: true,
    restartCount,
    lastState: { terminated: { exitCode: 1, finishedAt } },
  });

  test('are added up, with the time since the last', () => {
    const containers = [restarted(2, '2026-01-01T00:10:00Z'), restarted(1, '2026-01-01T00:40:00Z')];
    expect(cells({ containers })[3]).toBe('3 (20m ago)');
  });

  test('of init containers count while they run', () => {
    const init = [{ ...restarted(4, '2026-01-01T00:58:00Z'), ready: false }];
    expect(cells({ phase: 'Pending', init })[3]).toBe('4 (2m ago)');
    expect(cells({ init: [{ ...init[0], state: ended(0) }], containers: [{ state: running }] })[3]).toBe('0');
  });

  test('whose time is not known are a number alone', () => {
    expect(cells({ containers: [{ state: running, restartCount: 1, lastState: {} }] })[3]).toBe('1');
  });
});

test('the wide cells', () => {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web' },
    spec: { nodeName: 'n1', readinessGates: [{ conditionType: 'a' }, { conditionType: 'b' }] },
    status: { podIPs: [{ ip: '10.31.0.1' }], conditions: [{ type: 'a', status: 'True' }] },
  };
  expect(podCells(pod as KubeObject, now).slice(4)).toEqual(['<unknown>', '10.31.0.1', 'n1', '<none>', '1/2']);
  expect(podCells({ apiVersion: 'v1', kind: 'Pod', metadata: {} }, now).slice(5)).toEqual([
    '<none>',
    '<none>',
    '<none>',
    '<none>',
  ]);
});
