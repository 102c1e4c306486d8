import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HorizontalPodAutoscaler } from '#apis/kubernetes/types.ts';
import { limited, type Memory, nothingRemembered, remembering } from './limits.ts';

type Behavior = HorizontalPodAutoscaler['spec']['behavior'];
const now = 1_000_000_000;

const autoscaler = (min: number, max: number, behavior?: Behavior): HorizontalPodAutoscaler => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { namespace: 'default', name: 'web' },
  spec: {
    minReplicas: min,
    maxReplicas: max,
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    ...(behavior ? { behavior } : {}),
  },
});

const memory = (
  part: Partial<Record<keyof Memory, readonly (readonly [replicas: number, secondsAgo: number])[]>>,
): Memory => {
  const moments = (name: keyof Memory) =>
    (part[name] ?? []).map(([replicas, seconds]) => ({ replicas, at: now - seconds * 1_000 }));
  return { recommendations: moments('recommendations'), added: moments('added'), removed: moments('removed') };
};

const up = (
  policies: NonNullable<NonNullable<Behavior>['scaleUp']>['policies'] & {},
  selectPolicy = 'Max',
): Behavior => ({
  scaleUp: { stabilizationWindowSeconds: 0, selectPolicy, policies },
  scaleDown: {},
});
const down = (
  policies: NonNullable<NonNullable<Behavior>['scaleDown']>['policies'] & {},
  selectPolicy = 'Max',
): Behavior => ({
  scaleUp: {},
  scaleDown: { stabilizationWindowSeconds: 0, selectPolicy, policies },
});

describe('what is done of what metrics ask for', () => {
  test.each<[string, HorizontalPodAutoscaler, number, number, Memory, number, string | undefined, string | undefined]>([
    ['what is asked', autoscaler(1, 10), 2, 4, nothingRemembered, 4, undefined, undefined],
    ['never more than the most', autoscaler(1, 5), 4, 7, nothingRemembered, 5, 'TooManyReplicas', undefined],
    ['never less than the least', autoscaler(2, 5), 4, 1, nothingRemembered, 2, 'TooFewReplicas', undefined],
    ['at most twice at a time', autoscaler(1, 50), 5, 30, nothingRemembered, 10, 'ScaleUpLimit', undefined],
    ['but four at least', autoscaler(1, 50), 1, 30, nothingRemembered, 4, 'ScaleUpLimit', undefined],
    [
      'down only to the highest of five minutes',
      autoscaler(1, 10),
      8,
      2,
      memory({
        recommendations: [
          [6, 299],
          [9, 301],
        ],
      }),
      6,
      undefined,
      'ScaleDownStabilized',
    ],
    [
      'up by Pods in a period',
      autoscaler(1, 50, up([{ type: 'Pods', value: 2, periodSeconds: 60 }])),
      5,
      30,
      memory({ added: [[1, 30]] }),
      6,
      'ScaleUpLimit',
      undefined,
    ],
    [
      'what was added before the period counts no more',
      autoscaler(1, 50, up([{ type: 'Pods', value: 2, periodSeconds: 60 }])),
      5,
      30,
      memory({ added: [[1, 61]] }),
      7,
      'ScaleUpLimit',
      undefined,
    ],
    [
      'up by a share, rounded up',
      autoscaler(1, 50, up([{ type: 'Percent', value: 50, periodSeconds: 60 }])),
      5,
      30,
      nothingRemembered,
      8,
      'ScaleUpLimit',
      undefined,
    ],
    [
      'up by the policy that gives least',
      autoscaler(
        1,
        50,
        up(
          [
            { type: 'Pods', value: 2, periodSeconds: 60 },
            { type: 'Percent', value: 100, periodSeconds: 60 },
          ],
          'Min',
        ),
      ),
      5,
      30,
      nothingRemembered,
      7,
      'ScaleUpLimit',
      undefined,
    ],
    [
      'up never, when that is disabled',
      autoscaler(1, 50, up([{ type: 'Pods', value: 2, periodSeconds: 60 }], 'Disabled')),
      5,
      30,
      nothingRemembered,
      5,
      'ScaleUpLimit',
      undefined,
    ],
    [
      'down by Pods in a period',
      autoscaler(1, 50, down([{ type: 'Pods', value: 2, periodSeconds: 60 }])),
      10,
      1,
      memory({ removed: [[1, 30]] }),
      9,
      'ScaleDownLimit',
      undefined,
    ],
    [
      'down by a share, rounded down',
      autoscaler(1, 50, down([{ type: 'Percent', value: 15, periodSeconds: 60 }])),
      10,
      1,
      nothingRemembered,
      8,
      'ScaleDownLimit',
      undefined,
    ],
    [
      'down by the policy that takes least',
      autoscaler(
        1,
        50,
        down(
          [
            { type: 'Pods', value: 4, periodSeconds: 60 },
            { type: 'Percent', value: 10, periodSeconds: 60 },
          ],
          'Min',
        ),
      ),
      10,
      1,
      nothingRemembered,
      9,
      'ScaleDownLimit',
      undefined,
    ],
    [
      'up only to the lowest of the window',
      autoscaler(1, 50, {
        scaleUp: {
          stabilizationWindowSeconds: 60,
          selectPolicy: 'Max',
          policies: [{ type: 'Pods', value: 40, periodSeconds: 15 }],
        },
        scaleDown: {},
      }),
      5,
      9,
      memory({
        recommendations: [
          [7, 30],
          [6, 61],
        ],
      }),
      7,
      undefined,
      'ScaleUpStabilized',
    ],
  ])('%s', (_, hpa, current, asked, remembered, replicas, limit, steadied) => {
    const found = limited({ hpa, current, asked, memory: remembered, now });
    expect([found.replicas, found.limit?.reason, found.steadied?.reason]).toEqual([replicas, limit, steadied]);
  });

  test('whatever is asked, the number stays within bounds and is never moved the other way', () => {
    const numbers = fc.integer({ min: 1, max: 60 });
    fc.assert(
      fc.property(numbers, numbers, numbers, fc.boolean(), (min, current, asked, ruled) => {
        const max = min + 30;
        fc.pre(current >= min && current <= max);
        const behavior: Behavior = {
          scaleUp: { stabilizationWindowSeconds: 0, policies: [{ type: 'Pods', value: 3, periodSeconds: 15 }] },
          scaleDown: { policies: [{ type: 'Percent', value: 10, periodSeconds: 15 }] },
        };
        const hpa = autoscaler(min, max, ruled ? behavior : undefined);
        const { replicas } = limited({ hpa, current, asked, memory: nothingRemembered, now });
        expect(replicas).toBeGreaterThanOrEqual(Math.min(min, current));
        expect(replicas).toBeLessThanOrEqual(max);
        expect(Math.sign(replicas - current) * Math.sign(asked - current)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('what no longer matters is forgotten', () => {
    const hpa = autoscaler(1, 10, up([{ type: 'Pods', value: 2, periodSeconds: 60 }]));
    const old = memory({
      recommendations: [
        [3, 301],
        [4, 10],
      ],
      added: [
        [1, 61],
        [2, 59],
      ],
    });
    const { recommendations, added, removed } = remembering(old, { hpa, recommended: 5, change: -2, now });
    const replicas = (moments: Memory['added']) => moments.map((moment) => moment.replicas);
    expect([replicas(recommendations), replicas(added), replicas(removed)]).toEqual([[4, 5], [2], [2]]);
  });
});
