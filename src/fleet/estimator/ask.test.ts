/** The asking side: all clusters at once, over real connections where there are some, and past those that are dead. */
import { afterEach, describe, expect, test } from 'vitest';
import type { Service } from '#apis/kubernetes/types.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import type { GrpcServer } from '#world/network/grpc.ts';
import { askEstimators } from './ask.ts';
import { addressesOf } from './plan/address.ts';
import { type RemoteEstimator, remoteEstimator } from './remote.ts';
import { serveEstimator } from './serve.ts';
import type { EstimatorService } from './service.ts';

const open: { readonly close: () => unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

const answering = (answer: () => Promise<number>): EstimatorService => ({
  maxAvailableReplicas: answer,
  maxAvailableComponentSets: answer,
  unschedulableReplicas: answer,
});
const silent = answering(() => new Promise(() => {}));
const resource = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
const nothingAssumed = new Map<string, never>();

describe('many clusters', () => {
  function asking(estimators: Readonly<Record<string, EstimatorService>>) {
    const clock = simulatedClock();
    const failures: string[] = [];
    const onFailure = (cluster: string, error: unknown) => failures.push(`${cluster}: ${(error as Error).message}`);
    return {
      clock,
      failures,
      ask: askEstimators({ estimatorOf: (name) => estimators[name], timeoutMs: 3_000, clock, onFailure }),
    };
  }

  test('who is silent or fails is unknown after the time-out, who has none is not in the answer, the others count', async () => {
    const { ask, clock, failures } = asking({
      quick: answering(async () => 7),
      silent,
      failing: answering(() => Promise.reject(new Error('no nodes known'))),
    });
    const clusters = ['quick', 'silent', 'failing', 'none'];
    const question = { clusters, requirements: undefined, assumed: nothingAssumed };
    const expected = new Map([
      ['quick', 7],
      ['silent', -1],
      ['failing', -1],
    ]);
    const answers = ask.maxAvailableReplicas(question);
    await clock.advance(3_000);
    expect(await answers).toEqual(expected);
    expect(await ask.maxAvailableReplicas(question), 'nobody waits twice').toEqual(expected);
    expect([...failures].sort(), 'each is told once').toEqual([
      'failing: no nodes known',
      'silent: no answer within 3000 ms',
    ]);
    await clock.advance(10_000);
    const later = ask.unschedulableReplicas({ clusters, resource, thresholdMs: 0 });
    await clock.advance(2_999);
    expect(await Promise.race([later, Promise.resolve('it is asked again')]), 'after ten seconds').toBe(
      'it is asked again',
    );
    await clock.advance(1);
    expect(await later).toEqual(expected);
  });

  test('a failure is told again after an answer', async () => {
    const results = [() => Promise.reject(new Error('a')), async () => 1, () => Promise.reject(new Error('b'))];
    const { ask, failures } = asking({ m: answering(() => results.shift()!()) });
    const question = { clusters: ['m'], requirements: undefined, assumed: nothingAssumed };
    for (const _ of [1, 2, 3]) await ask.maxAvailableReplicas(question);
    expect(failures).toEqual(['m: a', 'm: b']);
  });

  test('each hears what is on its way to itself, what needs the same as one', async () => {
    const heard: unknown[] = [];
    const listening: EstimatorService = {
      ...silent,
      maxAvailableReplicas: async (request) => heard.push(request),
      maxAvailableComponentSets: async (request) => heard.push(request),
    };
    const { ask } = asking({ a: listening, b: listening });
    const requirements = { resourceRequest: { cpu: '1' }, namespace: 'shop' };
    const other = { ...requirements, namespace: 'bank' };
    const assumed = new Map([
      ['b', [1, 2].map((replicas) => ({ replicas, requirements })).concat({ replicas: 4, requirements: other })],
    ]);
    const components = [{ name: 'main', replicas: 1 }];
    await ask.maxAvailableReplicas({ clusters: ['a', 'b'], requirements, assumed });
    await ask.maxAvailableComponentSets({ clusters: ['a'], namespace: 'shop', components, assumed });
    const workloads = [
      { namespace: 'shop', components: [{ name: '', replicas: 3, replicaRequirements: requirements }] },
      { namespace: 'bank', components: [{ name: '', replicas: 4, replicaRequirements: other }] },
    ];
    expect(heard).toEqual([
      { cluster: 'a', requirements, assumed: [] },
      { cluster: 'b', requirements, assumed: workloads },
      { cluster: 'a', namespace: 'shop', components, assumed: [] },
    ]);
  });
});

describe('over gRPC', () => {
  const host = '127.0.0.1';
  const request = { cluster: 'm', requirements: { resourceRequest: { cpu: '1' } }, assumed: [] };

  async function served(estimator: EstimatorService, port = 0): Promise<GrpcServer> {
    const server = await serveEstimator(estimator, { host, port });
    open.push(server);
    return server;
  }

  function remote(addresses: readonly string[], timeoutMs = 10_000) {
    const clock = simulatedClock();
    const estimator: RemoteEstimator = remoteEstimator({
      addresses: async () => addresses,
      tls: async () => undefined,
      timeoutMs,
      clock,
    });
    open.push(estimator);
    return { clock, estimator };
  }
  const addressOf = ({ port }: { readonly port: number }) => `${host}:${port}`;

  async function freePort(): Promise<number> {
    const server = await served(silent);
    await server.close();
    return server.port;
  }

  test('every question reaches the estimator as it was asked', async () => {
    const heard: unknown[] = [];
    const hear = async (each: unknown) => heard.push(each);
    const server = await served({
      maxAvailableReplicas: hear,
      maxAvailableComponentSets: hear,
      unschedulableReplicas: hear,
    });
    const { estimator } = remote([addressOf(server)]);
    const sets = { cluster: 'm', namespace: 'shop', components: [{ name: 'main', replicas: 1 }], assumed: [] };
    const unschedulable = { cluster: 'm', resource, thresholdMs: 60_000 };
    expect(await estimator.maxAvailableReplicas(request)).toBe(1);
    expect(await estimator.maxAvailableComponentSets(sets)).toBe(2);
    expect(await estimator.unschedulableReplicas(unschedulable)).toBe(3);
    expect(heard).toEqual([request, sets, unschedulable]);
  });

  test('what the estimator says against the question is no reason to leave it alone', async () => {
    const server = await served(answering(() => Promise.reject(new Error('another cluster'))));
    const { estimator } = remote([addressOf(server)]);
    for (let times = 0; times < 2; times++)
      await expect(estimator.maxAvailableReplicas(request)).rejects.toThrow(/another cluster$/);
  });

  test('nobody is there: left alone for a while, then found again', async () => {
    const port = await freePort();
    const { clock, estimator } = remote([addressOf({ port })]);
    await expect(estimator.maxAvailableReplicas(request)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await served(
      answering(async () => 5),
      port,
    );
    await expect(estimator.maxAvailableReplicas(request)).rejects.toThrow('not asked again so soon after');
    await clock.advance(1_000);
    expect(await estimator.maxAvailableReplicas(request)).toBe(5);
  });

  test('one that is silent is told by gRPC’s own time-out', async () => {
    const server = await served(silent);
    const { estimator } = remote([addressOf(server)], 50);
    await expect(estimator.maxAvailableReplicas(request)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  });

  test('the next address is tried after the first', async () => {
    const server = await served(answering(async () => 5));
    const { clock, estimator } = remote([addressOf({ port: await freePort() }), addressOf(server)]);
    await expect(estimator.maxAvailableReplicas(request)).rejects.toThrow();
    await clock.advance(1_000);
    expect(await estimator.maxAvailableReplicas(request)).toBe(5);
  });

  test('an address that cannot be found is asked for again', async () => {
    const server = await served(answering(async () => 5));
    const found = [() => Promise.reject(new Error('forbidden')), async () => [addressOf(server)]];
    const clock = simulatedClock();
    const estimator = remoteEstimator({
      addresses: () => found.shift()!(),
      tls: async () => undefined,
      timeoutMs: 10_000,
      clock,
    });
    open.push(estimator);
    await expect(estimator.maxAvailableReplicas(request)).rejects.toThrow('forbidden');
    await clock.advance(1_000);
    expect(await estimator.maxAvailableReplicas(request)).toBe(5);
  });
});

describe('where an estimator is', () => {
  const place = { namespace: 'karmada-system', prefix: 'karmada-scheduler-estimator', port: 10352 };
  const name = 'karmada-scheduler-estimator-m1';
  const service = (spec: Service['spec']): Service => ({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec });
  const external = { type: 'ExternalName', externalName: 'estimator.example.com' } as const;

  test.each<[string, Service | undefined, readonly string[] | RegExp]>([
    ['no Service', undefined, [`${name}.karmada-system.svc.cluster.local:10352`, `${name}.karmada-system.svc:10352`]],
    [
      'a name elsewhere',
      service({ ...external, ports: [{ port: 10352, targetPort: 443 }] }),
      ['estimator.example.com:443'],
    ],
    ['the same port there', service({ ...external, ports: [{ port: 10352 }] }), ['estimator.example.com:10352']],
    ['a Service of Pods', service({ type: 'ClusterIP', ports: [{ port: 10352 }] }), /is of type ClusterIP/],
    ['another port', service({ ...external, ports: [{ port: 80 }] }), /has no port 10352/],
    ['a port by name', service({ ...external, ports: [{ port: 10352, targetPort: 'grpc' }] }), /needs its number/],
  ])('%s', (_name, found, expected) => {
    if (expected instanceof RegExp) expect(() => addressesOf(place, 'm1', found)).toThrow(expected);
    else expect(addressesOf(place, 'm1', found)).toEqual(expected);
  });
});
