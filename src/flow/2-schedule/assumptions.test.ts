import { describe, expect, it } from 'vitest';
import type { Binding } from '#apis/work/binding.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { assumptions } from './assumptions.ts';

const requirements = { resourceRequest: { cpu: '1' } };

function binding(
  clusters: Readonly<Record<string, number>> = {},
  items: readonly object[] = [],
  name = 'web',
): Binding {
  return {
    apiVersion: 'work.karmada.io/v1alpha2',
    kind: 'ResourceBinding',
    metadata: { namespace: 'default', name },
    spec: {
      replicas: 5,
      replicaRequirements: requirements,
      clusters: Object.entries(clusters).map(([cluster, replicas]) => ({ name: cluster, replicas })),
    },
    status: { aggregatedStatus: items },
  } as unknown as Binding;
}

const item = (health: string, replicas: number) => ({ clusterName: 'a', health, status: { replicas } });

function setUp() {
  const clock = simulatedClock();
  const assumed = assumptions(clock);
  const replicas = () =>
    Object.fromEntries(
      Array.from(assumed.byCluster(), ([name, list]) => [name, list.reduce((sum, each) => sum + each.replicas, 0)]),
    );
  return { clock, assumed, replicas };
}

describe('assumed replicas', () => {
  it('are what a placement adds to a cluster', () => {
    const { assumed, replicas } = setUp();
    assumed.place(binding({ a: 2 }), [
      { name: 'a', replicas: 3 },
      { name: 'b', replicas: 2 },
    ]);
    expect(replicas()).toEqual({ a: 1, b: 2 });
    assumed.place(binding({ a: 3, b: 2 }), [{ name: 'a', replicas: 7 }]);
    assumed.place(binding({}, [], 'db'), [{ name: 'b', replicas: 4 }]);
    expect(replicas()).toEqual({ a: 5, b: 6 });
    expect(assumed.byCluster().get('b')).toContainEqual({ replicas: 4, requirements });
  });

  it('are never more than the binding has in the cluster', () => {
    const { assumed, replicas } = setUp();
    assumed.place(binding(), [{ name: 'a', replicas: 9 }]);
    assumed.place(binding({ a: 9 }), [{ name: 'a', replicas: 2 }]);
    expect(replicas()).toEqual({ a: 2 });
    assumed.place(binding({ a: 2 }), [{ name: 'a' }]);
    expect(replicas()).toEqual({});
  });

  it('are every component once, where a template has several', () => {
    const { assumed } = setUp();
    const components = [
      { name: 'driver', replicas: 1, replicaRequirements: requirements },
      { name: 'executor', replicas: 3 },
    ];
    const several = { ...binding(), spec: { ...binding().spec, components } } as unknown as Binding;
    assumed.place(several, [{ name: 'a' }]);
    expect(assumed.byCluster().get('a')).toEqual([
      { replicas: 1, requirements },
      { replicas: 3, requirements: undefined },
    ]);
  });

  it('go when the cluster says that they run, which an older word does not', () => {
    const { assumed, replicas } = setUp();
    const healthy = item('Healthy', 2);
    assumed.place(binding({ a: 2 }, [healthy]), [{ name: 'a', replicas: 3 }]);
    assumed.note(binding({ a: 3 }, [healthy]));
    assumed.note(binding({ a: 3 }, [item('Unhealthy', 3)]));
    expect(replicas()).toEqual({ a: 1 });
    assumed.note(binding({ a: 3 }, [item('Healthy', 3)]));
    expect(replicas()).toEqual({});
  });

  it('go with the cluster, the binding, and after five minutes', async () => {
    const { clock, assumed, replicas } = setUp();
    const both = [
      { name: 'a', replicas: 1 },
      { name: 'b', replicas: 1 },
    ];
    assumed.place(binding(), both);
    assumed.note(binding({ b: 1 }));
    expect(replicas()).toEqual({ b: 1 });
    assumed.forget('default/web');
    expect(replicas()).toEqual({});
    assumed.place(binding(), both);
    await clock.advance(299_999);
    expect(replicas()).toEqual({ a: 1, b: 1 });
    await clock.advance(1);
    expect(replicas()).toEqual({});
  });

  it('are taken back when the placement could not be written', () => {
    const { assumed, replicas } = setUp();
    assumed.place(binding(), [{ name: 'a', replicas: 1 }]);
    const takeBack = assumed.place(binding({ a: 1 }), [
      { name: 'a', replicas: 4 },
      { name: 'b', replicas: 1 },
    ]);
    takeBack();
    expect(replicas()).toEqual({ a: 1 });
  });

  it('are bounded: the oldest go', () => {
    const { assumed } = setUp();
    const targets = Array.from({ length: 1_000 }, (_, i) => ({ name: `c${i}`, replicas: 1 }));
    for (let i = 0; i < 101; i++) assumed.place(binding({}, [], `web-${i}`), targets);
    expect(assumed.byCluster().get('c0')).toHaveLength(100);
  });
});
