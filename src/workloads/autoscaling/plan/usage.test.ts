import { describe, expect, test } from 'vitest';
import type { Pod } from '#apis/kubernetes/types.ts';
import { averageTarget, NoMetric, replicasFor, requestsOf, samplesOf, utilizationTarget } from './usage.ts';

const now = Date.parse('2026-01-01T01:00:00Z');
const at = (secondsAgo: number) => new Date(now - secondsAgo * 1_000).toISOString();

interface Shape {
  readonly used?: number;
  readonly request?: string;
  readonly phase?: string;
  readonly ready?: 'True' | 'False';
  readonly startedAgo?: number;
  readonly changedAgo?: number;
  readonly deleted?: boolean;
}

const pod = (shape: Shape, i: number): Pod =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'default', name: `web-${i}`, ...(shape.deleted ? { deletionTimestamp: at(1) } : {}) },
    spec: { containers: [{ name: 'main', image: 'x', resources: { requests: { cpu: shape.request ?? '100m' } } }] },
    status: {
      phase: shape.phase ?? 'Running',
      startTime: at(shape.startedAgo ?? 1_000),
      conditions: [{ type: 'Ready', status: shape.ready ?? 'True', lastTransitionTime: at(shape.changedAgo ?? 990) }],
    },
  }) as unknown as Pod;

function replicas(shapes: readonly Shape[], percent = 50, tolerance = 0.1): number {
  const pods = shapes.map(pod);
  const samples = new Map(
    shapes.flatMap(({ used }, i) =>
      used === undefined ? [] : [[`web-${i}`, { value: used, timestamp: now - 5_000, windowMs: 15_000 }] as const],
    ),
  );
  return replicasFor({
    current: shapes.length,
    pods,
    samples,
    resource: 'cpu',
    target: utilizationTarget(requestsOf(pods, 'cpu', undefined), percent),
    tolerance: { up: tolerance, down: tolerance },
    now,
  }).replicas;
}

describe('replicas for what Pods use', () => {
  test.each<[string, readonly Shape[], number]>([
    ['as many as bring the use to its target', [{ used: 90 }, { used: 60 }], 3],
    ['fewer where little is used', [{ used: 10 }, { used: 10 }, { used: 10 }], 1],
    ['the same within a tenth', [{ used: 54 }, { used: 54 }], 2],
    ['Pods without a measurement hold a growth back', [{ used: 100 }, {}], 2],
    ['and a shrinking', [{ used: 10 }, {}, {}], 3],
    [
      'Pods that are not ready use nothing while it grows',
      [{ used: 150 }, { used: 0, ready: 'False', startedAgo: 20 }],
      3,
    ],
    [
      'and are left out while it shrinks',
      [{ used: 20 }, { used: 20 }, { used: 90, ready: 'False', startedAgo: 20 }],
      1,
    ],
    ['Pending ones count as not ready', [{ used: 100 }, { phase: 'Pending' }], 2],
    ['Pods that end do not count', [{ used: 100 }, { used: 100, deleted: true }], 2],
    ['nor failed ones', [{ used: 100 }, { phase: 'Failed', used: 100 }], 2],
    [
      'a Pod that turned ready within its measurement is not believed yet',
      [{ used: 50 }, { used: 400, startedAgo: 40, changedAgo: 10 }],
      2,
    ],
  ])('%s', (_, shapes, expected) => expect(replicas(shapes)).toBe(expected));

  test.each<[string, readonly Shape[], RegExp]>([
    ['no Pods', [], /no pods returned by selector/],
    ['no Pod that is measured', [{}], /did not receive metrics for targeted pods/],
  ])('%s: no metric', (_, shapes, message) => {
    expect(() => replicas(shapes)).toThrow(NoMetric);
    expect(() => replicas(shapes)).toThrow(message);
  });

  test('a share of nothing is no metric', () => {
    const [bare] = [{ ...pod({}, 0), spec: { containers: [{ name: 'main', image: 'x' }] } } as Pod];
    expect(() => requestsOf([bare!], 'cpu', undefined)).toThrow(
      'missing request for cpu in container main of Pod web-0',
    );
  });

  test('an average of its own', () => {
    const pods = [pod({}, 0), pod({}, 1)];
    const samples = new Map(pods.map(({ metadata }) => [metadata.name!, { value: 300, timestamp: now, windowMs: 0 }]));
    const question = { current: 2, pods, samples, resource: 'memory', tolerance: { up: 0.1, down: 0.1 }, now };
    expect(replicasFor({ ...question, target: averageTarget(200) }).replicas).toBe(3);
  });

  test('a Pod one of whose containers is silent is not measured', () => {
    const container = (name: string, usage: Record<string, string>) => ({ name, usage });
    const metrics = (name: string, ...containers: ReturnType<typeof container>[]) => ({
      apiVersion: 'metrics.k8s.io/v1beta1',
      kind: 'PodMetrics',
      metadata: { name },
      timestamp: at(0),
      window: '1m30s',
      containers,
    });
    const all = [
      metrics('both', container('a', { cpu: '1' }), container('b', { cpu: '250m' })),
      metrics('one', container('a', { cpu: '1' }), container('b', {})),
    ];
    expect([...samplesOf(all, 'cpu', undefined)].map(([name, { value, windowMs }]) => [name, value, windowMs])).toEqual(
      [['both', 1_250, 90_000]],
    );
    expect([...samplesOf(all, 'cpu', 'a').keys()]).toEqual(['both', 'one']);
  });
});
