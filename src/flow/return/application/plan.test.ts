/** Who has been unhealthy for too long, and how it leaves. */
import { describe, expect, it, test } from 'vitest';
import type { Binding } from '#apis/work/binding.ts';
import { type Ailing, type ApplicationFailover, departureFrom, failuresOf, watchedFor } from './plan.ts';

const gates = { GracefulEviction: true, StatefulFailoverInjection: true };
const application = (more: Partial<ApplicationFailover> = {}): ApplicationFailover => ({
  decisionConditions: { tolerationSeconds: 60 },
  purgeMode: 'Directly',
  ...more,
});
const healths = (of: Readonly<Record<string, string>>) =>
  Object.entries(of).map(([clusterName, health]) => ({ clusterName, health, status: { job: { id: clusterName } } }));
const binding = (of: Readonly<Record<string, string>>, spec: Partial<Binding['spec']> = {}): Binding =>
  ({
    metadata: { namespace: 'default', name: 'web' },
    spec: {
      propagateDeps: true,
      clusters: [{ name: 'm1' }, { name: 'm2' }],
      failover: { application: application() },
      ...spec,
    },
    status: { aggregatedStatus: healths(of) },
  }) as unknown as Binding;
const since = (of: Readonly<Record<string, number>>): Ailing => new Map(Object.entries(of));
const minute = 60_000;

describe('failing', () => {
  test.each<[string, Binding, Ailing, readonly string[], Ailing, number | undefined]>([
    ['begins when it is first seen', binding({ m1: 'Unhealthy' }), since({}), [], since({ m1: minute }), minute],
    ['is over once it is healthy', binding({ m1: 'Healthy' }), since({ m1: 0 }), [], since({}), undefined],
    ['goes on while nothing is known', binding({ m1: 'Unknown' }), since({ m1: 0 }), [], since({ m1: 0 }), undefined],
    ['does not begin with that', binding({ m1: 'Unknown' }), since({}), [], since({}), undefined],
    ['is too long after its time', binding({ m1: 'Unhealthy' }), since({ m1: 0 }), ['m1'], since({ m1: 0 }), undefined],
    [
      'is each cluster’s own',
      binding({ m1: 'Unhealthy', m2: 'Unhealthy' }),
      since({ m1: 0, m2: 20_000 }),
      ['m1'],
      since({ m1: 0, m2: 20_000 }),
      20_000,
    ],
    [
      'is nothing in a cluster that is no target',
      binding({ m9: 'Unhealthy' }),
      since({ m9: 0 }),
      [],
      since({}),
      undefined,
    ],
    [
      'is nothing in a cluster that is being left',
      binding({ m1: 'Unhealthy' }, { gracefulEvictionTasks: [{ fromCluster: 'm1', reason: 'X', producer: 'x' }] }),
      since({ m1: 0 }),
      [],
      since({}),
      undefined,
    ],
  ])('%s', (_, given, before, failed, ailing, nextMs) => {
    const found = failuresOf(given, application(), before, minute);
    expect(found).toEqual({ ailing, failed, ...(nextMs === undefined ? {} : { nextMs }) });
  });

  it('is at once too long where nothing is tolerated', () => {
    const none = application({ decisionConditions: { tolerationSeconds: 0 } });
    expect(failuresOf(binding({ m1: 'Unhealthy' }), none, since({}), 5).failed).toEqual(['m1']);
  });
});

test.each<[string, Binding, boolean]>([
  ['a policy that asks for it', binding({ m1: 'Healthy' }), true],
  ['nothing said yet', binding({}), false],
  ['no dependencies that would go along', binding({ m1: 'Healthy' }, { propagateDeps: false }), false],
  ['a policy of clusters alone', binding({ m1: 'Healthy' }, { failover: { cluster: {} } as never }), false],
])('watched: %s', (_, given, watched) => expect(watchedFor(given) !== undefined).toBe(watched));

describe('a departure', () => {
  const given = binding({ m1: 'Unhealthy' });
  const producer = 'resource-binding-application-failover-controller';
  const reason = 'ApplicationFailure';
  const statePreservation = { rules: [{ aliasLabelName: 'job', jsonPath: '{.job.id}' }] };

  test.each<[Partial<ApplicationFailover>, object]>([
    [{ purgeMode: 'Directly' }, {}],
    [{ purgeMode: 'Gracefully', gracePeriodSeconds: 30 }, { gracePeriodSeconds: 30 }],
    [{ purgeMode: 'Never' }, { suppressDeletion: true }],
    [
      { purgeMode: 'Directly', statePreservation },
      { preservedLabelState: { job: 'm1' }, clustersBeforeFailover: ['m1', 'm2'] },
    ],
  ])('of %j', (more, expected) => {
    const { purgeMode } = more;
    expect(departureFrom(given, application(more), 'm1', gates)).toEqual({ purgeMode, reason, producer, ...expected });
  });

  it('of a cluster-wide binding says so', () => {
    const wide = { ...given, metadata: { name: 'web' } } as Binding;
    expect(departureFrom(wide, application(), 'm1', gates).producer).toBe(`cluster-${producer}`);
  });

  it('needs somebody to end it, and the state that is to go along', () => {
    const off = { ...gates, GracefulEviction: false };
    expect(() => departureFrom(given, application({ purgeMode: 'Gracefully' }), 'm1', off)).toThrow('must be enabled');
    expect(() => departureFrom(given, application({ statePreservation }), 'm2', gates)).toThrow(
      'not yet been collected',
    );
  });

  it('keeps no state without its gate', () => {
    const off = { ...gates, StatefulFailoverInjection: false };
    const departure = departureFrom(given, application({ statePreservation }), 'm2', off);
    expect(departure).not.toHaveProperty('preservedLabelState');
    expect(departure).not.toHaveProperty('clustersBeforeFailover');
  });
});
