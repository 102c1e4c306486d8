import { beforeEach, describe, expect, it } from 'vitest';
import { simulatedClock } from '#world/clock/simulated.ts';
import { bootstrapLevels, bootstrapSchemas } from './bootstrap-objects.ts';
import { divideSeats } from './borrowing.ts';
import { type FlowControl, flowControl, TurnedAway, type WaitingRequest } from './flow-control.ts';
import { boundsOf, Level } from './level.ts';
import type { Digest } from './match.ts';
import type { FlowSchema, PriorityLevel } from './objects.ts';
import { RetryAfter } from './retry-after.ts';
import { narrow, Seat, type Width } from './seat.ts';
import { deal, flowHash } from './shuffle.ts';
import { watchCount } from './watch-count.ts';
import { widthOf } from './width.ts';

const stored = <S>(wanted: readonly { readonly name: string; readonly spec: S }[]) =>
  wanted.map(({ name, spec }) => ({ apiVersion: '', kind: '', metadata: { name, uid: `uid-${name}` }, spec }));
const schemas = stored(bootstrapSchemas) as readonly FlowSchema[];
const levels = stored(bootstrapLevels) as readonly PriorityLevel[];

const pods: Digest = {
  verb: 'list',
  group: '',
  resource: 'pods',
  subresource: '',
  namespace: 'web',
  path: '/api/v1/namespaces/web/pods',
};
const userOf = (name: string, ...groups: string[]) => ({ name, groups: [...groups, 'system:authenticated'] });

let clock = simulatedClock();
beforeEach(() => {
  clock = simulatedClock(1_000_000);
});

const control = (seats?: number, given: { schemas?: readonly FlowSchema[]; levels?: readonly PriorityLevel[] } = {}) =>
  flowControl(
    { schemas: () => given.schemas ?? schemas, levels: () => given.levels ?? levels, stored: () => 0 },
    clock,
    seats,
  );

const enter = (flow: FlowControl, name: string, digest: Partial<Digest> = {}, width: Width = narrow) =>
  flow.enter({
    user: userOf(name),
    namespace: digest.namespace ?? pods.namespace,
    digest: () => ({ ...pods, ...digest }),
    width: () => width,
  });

const flowOf = (flow: FlowControl, user: ReturnType<typeof userOf>, digest: Partial<Digest> = {}) => {
  const entered = flow.enter({ user, namespace: '', digest: () => ({ ...pods, ...digest }), width: () => narrow });
  (entered as Seat).leave();
  return `${entered.flow.name} at ${entered.flow.level.name}`;
};

describe('classification', () => {
  it('is that of kube-apiserver for those it knows', () => {
    const flow = control();
    const lease = { verb: 'update', group: 'coordination.k8s.io', resource: 'leases', namespace: 'kube-system' };
    const path = (text: string) => ({ verb: 'get', resource: '', path: text });
    const account = userOf('system:serviceaccount:web:app', 'system:serviceaccounts');
    const system = userOf('system:serviceaccount:kube-system:gc', 'system:serviceaccounts');
    const node = userOf('system:node:a', 'system:nodes');
    expect(flowOf(flow, userOf('root', 'system:masters'))).toBe('exempt at exempt');
    expect(flowOf(flow, userOf('jane'))).toBe('global-default at global-default');
    expect(flowOf(flow, userOf('jane'), path('/readyz/ping'))).toBe('probes at exempt');
    expect(flowOf(flow, userOf('jane'), path('/readyzz'))).toBe('global-default at global-default');
    expect(flowOf(flow, account)).toBe('service-accounts at workload-low');
    expect(flowOf(flow, system)).toBe('kube-system-service-accounts at workload-high');
    expect(flowOf(flow, system, lease)).toBe('system-leader-election at leader-election');
    expect(flowOf(flow, userOf('system:kube-scheduler'), { ...lease, verb: 'delete' })).toBe(
      'kube-scheduler at workload-high',
    );
    expect(flowOf(flow, node)).toBe('system-nodes at system');
    expect(flowOf(flow, node, { resource: 'nodes', subresource: 'status', namespace: '' })).toBe(
      'system-node-high at node-high',
    );
    expect(flowOf(flow, node, { resource: 'nodes', subresource: 'proxy', namespace: '' })).toBe(
      'system-nodes at system',
    );
    expect(flowOf(flow, { name: 'nobody', groups: [] } as never)).toBe('catch-all at catch-all');
  });

  it('follows what is stored, and does without what is not', () => {
    const mine = {
      ...schemas[0]!,
      metadata: { name: 'mine', uid: '1' },
      spec: { ...bootstrapSchemas.at(-1)!.spec, matchingPrecedence: 50 },
    } as FlowSchema;
    const nowhere = { ...mine, spec: { ...mine.spec, priorityLevelConfiguration: { name: 'nowhere' } } };
    let current: readonly FlowSchema[] = [];
    const flow = flowControl({ schemas: () => current, levels: () => [], stored: () => 0 }, clock);
    expect(flowOf(flow, userOf('jane'))).toBe('catch-all at catch-all');
    current = [nowhere];
    expect(flowOf(flow, userOf('jane'))).toBe('catch-all at catch-all');
    flow.changed();
    expect(flowOf(flow, userOf('jane'))).toBe('catch-all at catch-all');
    current = [mine];
    flow.changed();
    expect(flowOf(flow, userOf('jane'))).toBe('mine at catch-all');
    expect(flowOf(flow, userOf('root', 'system:masters'))).toBe('exempt at exempt');
  });
});

describe('seats', () => {
  it('are divided as kube-apiserver divides them', () => {
    const made = bootstrapLevels.map(({ name, spec }) => new Level(name, spec, clock));
    for (const level of made) level.bounds = boundsOf(level.spec, 245, 600);
    made.at(-1)!.queues.demand.set(1, clock.monotonic());
    divideSeats(made, clock.monotonic());
    // Read from the metrics of a kube-apiserver with nothing to do but its own.
    expect(Object.fromEntries(made.map(({ name, queues }) => [name, queues.limit]))).toEqual({
      'catch-all': 30,
      exempt: 1,
      'global-default': 56,
      'leader-election': 58,
      'node-high': 170,
      system: 117,
      'workload-high': 114,
      'workload-low': 56,
    });
    expect(made.find(({ name }) => name === 'workload-low')!.bounds).toEqual({ nominal: 245, least: 24, most: 845 });
  });

  it('come back to the level that lent them when it needs them', async () => {
    const flow = control();
    enter(flow, 'first');
    const level = flow.levels().find(({ name }) => name === 'global-default')!;
    expect(level.queues.limit).toBe(56);
    await clock.advance(60_000);
    let waiting = 0;
    for (let user = 0; user < 400; user++) if (!(enter(flow, `user-${user}`) instanceof Seat)) waiting++;
    await clock.advance(10_000);
    // Nobody else wants any: it borrows all that others may lend.
    expect(level.queues.limit).toBeGreaterThan(300);
    expect(waiting).toBeGreaterThan(0);
  });

  it('are not asked for by the exempt', () => {
    const flow = control(1);
    for (let round = 0; round < 100; round++) {
      const user = userOf('root', 'system:masters');
      expect(flow.enter({ user, namespace: '', digest: () => pods, width: () => narrow })).toBeInstanceOf(Seat);
    }
  });
});

/** A level of a few seats with queues, for everybody. */
const small = (queues = 16, handSize = 2, queueLengthLimit = 5): readonly PriorityLevel[] =>
  stored([
    {
      name: 'global-default',
      spec: {
        type: 'Limited',
        limited: {
          nominalConcurrencyShares: 95,
          lendablePercent: 0,
          borrowingLimitPercent: 0,
          limitResponse: { type: 'Queue', queuing: { queues, handSize, queueLengthLimit } },
        },
      },
    },
  ]) as readonly PriorityLevel[];

describe('fairness', () => {
  const everybody = schemas.filter(({ metadata }) => metadata.name === 'global-default');

  it('lets nobody starve beside a flood', async () => {
    const flow = control(4, { schemas: everybody, levels: small() });
    const served: Record<string, number> = { flood: 0, calm: 0 };
    const waited: number[] = [];
    let turnedAway = 0;
    const work = (name: string, entered: Seat | WaitingRequest) => {
      const run = async (begun: number) => {
        const seat = entered instanceof Seat ? entered : await entered.outcome;
        if (name === 'calm') waited.push(clock.monotonic() - begun);
        clock.after(10, () => {
          served[name]!++;
          seat.leave();
        });
      };
      run(clock.monotonic()).catch(() => turnedAway++);
    };
    const attempt = (name: string) => {
      try {
        work(name, enter(flow, name));
      } catch (error) {
        expect(error).toBeInstanceOf(TurnedAway);
        turnedAway++;
      }
    };
    // 4 seats of 10 ms serve 400 a second: the flood asks for 4,000, the other for 100.
    for (let step = 0; step < 100; step++) {
      for (let each = 0; each < 40; each++) attempt('flood');
      attempt('calm');
      await clock.advance(10);
    }
    expect(served.calm).toBeGreaterThan(95);
    expect(Math.max(...waited)).toBeLessThanOrEqual(20);
    expect(served.flood).toBeGreaterThan(250);
    expect(turnedAway).toBeGreaterThan(3_000);
  });

  it('holds a queue to its length, and tells a wait that is too long', async () => {
    const flow = control(1, { schemas: everybody, levels: small(1, 1, 2) });
    const first = enter(flow, 'jane') as Seat;
    const waiting = [enter(flow, 'jane'), enter(flow, 'jane')] as WaitingRequest[];
    const outcomes = waiting.map(({ outcome }) =>
      outcome.then(
        () => 'seat',
        (error: TurnedAway) => error.reason,
      ),
    );
    expect(() => enter(flow, 'joe')).toThrow('Too many requests, please try again later.');
    waiting[0]!.cancel();
    expect(await outcomes[0]).toBe('cancelled');
    await clock.advance(15_000);
    expect(await outcomes[1]).toBe('time-out');
    first.leave();
    first.leave();
    expect(enter(flow, 'jane')).toBeInstanceOf(Seat);
    const [counts] = [...flow.counts()].filter(({ schema }) => schema === 'global-default');
    const text = flow.metricsText();
    const labels = '{priority_level="global-default",flow_schema="global-default"';
    expect(text).toContain(`apiserver_flowcontrol_dispatched_requests_total${labels}} 2`);
    expect(text).toContain(`apiserver_flowcontrol_rejected_requests_total${labels},reason="queue-full"} 1`);
    expect(text).toContain(`apiserver_flowcontrol_request_wait_duration_seconds_sum${labels},execute="false"} 15`);
    expect(counts).toMatchObject({
      executing: 1,
      waiting: 0,
      waitingSeats: 0,
      rejected: { 'queue-full': 1, 'time-out': 1, cancelled: 1 },
    });
  });

  it('counts wide requests by their seats, and lets the widest go alone', async () => {
    const flow = control(3, { schemas: everybody, levels: small(4, 1, 5) });
    const wide = enter(flow, 'a', {}, { seats: 10, finalSeats: 0, extraMs: 0 }) as Seat;
    const next = enter(flow, 'b') as WaitingRequest;
    let seated = false;
    void next.outcome.then(() => {
      seated = true;
    });
    await clock.advance(1);
    expect(seated).toBe(false);
    wide.leave();
    await clock.advance(1);
    expect(seated).toBe(true);
  });

  it('keeps the seats of a write for its watchers a moment longer', async () => {
    const flow = control(2, { schemas: everybody, levels: small(4, 1, 5) });
    const write = enter(flow, 'a', {}, { seats: 1, finalSeats: 2, extraMs: 50 }) as Seat;
    write.leave();
    const next = enter(flow, 'b') as WaitingRequest;
    expect(next).not.toBeInstanceOf(Seat);
    await clock.advance(50);
    expect(await next.outcome).toBeInstanceOf(Seat);
  });

  it('lets those who wait go when their level is gone', async () => {
    let current = { schemas: everybody, levels: small(1, 1, 5) };
    const flow = flowControl(
      { schemas: () => current.schemas, levels: () => current.levels, stored: () => 0 },
      clock,
      1,
    );
    const first = enter(flow, 'jane') as Seat;
    const next = enter(flow, 'jane') as WaitingRequest;
    current = { schemas: [], levels: [] };
    flow.changed();
    expect((enter(flow, 'jane') as Seat).flow.level.name).toBe('catch-all');
    first.leave();
    const second = await next.outcome;
    second.leave();
    flow.changed();
    expect(flow.levels().map(({ name }) => name)).toEqual(['exempt', 'catch-all']);
  });
});

describe('shuffle sharding', () => {
  it('deals the hands kube-apiserver deals', () => {
    expect(flowHash('global-default', 'jane')).toBe(6_822_407_026_147_695_384n);
    expect(deal(6_822_407_026_147_695_384n, 128, 6)).toEqual([24, 0, 86, 104, 74, 31]);
  });

  it('deals different cards', () => {
    for (let user = 0; user < 500; user++) {
      const hand = deal(flowHash('a', String(user)), 16, 4);
      expect(new Set(hand).size).toBe(4);
      expect(hand.every((card) => card >= 0 && card < 16)).toBe(true);
    }
  });
});

describe('what those who are turned away are told to wait', () => {
  it('doubles under a flood and comes down after it', () => {
    const retry = new RetryAfter();
    const told: number[] = [];
    for (let second = 1; second <= 40; second++) {
      for (let each = 0; each < 200; each++) retry.turnedAway(second * 1_000);
      told.push(retry.turnedAway(second * 1_000));
    }
    expect(told[0]).toBe(1);
    expect(told.at(-1)).toBe(32);
    expect(retry.turnedAway(200_000)).toBe(31);
  });
});

describe('the width of a request', () => {
  const asked = { verb: 'list', stored: 0, limit: 0, single: false, initial: false, watchers: 0 } as const;
  it.each([
    [{ ...asked, stored: 40 }, 10, 1],
    [{ ...asked, stored: 451 }, 100, 10],
    [{ ...asked, stored: 30_000 }, 8, 8],
    [{ ...asked, stored: 30_000, limit: 100 }, 10, 2],
    [{ ...asked, stored: 30_000, single: true }, 10, 1],
    [{ ...asked, verb: 'watch', stored: 30_000 }, 10, 1],
    [{ ...asked, verb: 'watch', stored: 30_000, initial: true }, 10, 10],
    [{ ...asked, verb: 'get', stored: 30_000 }, 10, 1],
  ] as const)('%j at most %i: %i', (request, widest, seats) => {
    expect(widthOf(request, widest)).toEqual({ seats, finalSeats: 0, extraMs: 0 });
  });

  it('grows with the watchers a write concerns', () => {
    const count = watchCount();
    const forget = Array.from({ length: 200 }, () => count.add({ group: '', resource: 'pods' }));
    count.add({ group: '', resource: 'pods', namespace: 'web' });
    count.add({ group: '', resource: 'pods', namespace: 'web', name: 'a' });
    count.add({ group: '', resource: 'pods', namespace: 'other' });
    expect(count.concerned({ group: '', resource: 'pods', namespace: 'web', name: 'a' })).toBe(202);
    expect(widthOf({ ...asked, verb: 'update', watchers: 200 }, 10)).toEqual({ seats: 1, finalSeats: 10, extraMs: 10 });
    for (const each of forget) each();
    expect(count.concerned({ group: '', resource: 'pods', namespace: 'web', name: 'a' })).toBe(2);
  });
});
