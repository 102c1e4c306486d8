/** What fits: rule by rule, and two laws against a scheduler that places one Pod after the other. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Node, Pod, ResourceQuota } from '#apis/kubernetes/types.ts';
import type { ReplicaRequirements } from '#apis/work/requirements.ts';
import { createLedger } from './ledger.ts';
import { replicasOnNodes, setsOnNodes } from './plan/node-resource.ts';
import { withoutAssumed } from './plan/packing.ts';
import { replicasUnderQuotas, setsUnderQuotas } from './plan/resource-quota.ts';
import { type NodeRoom, needOf } from './plan/room.ts';
import { newestOf, unschedulableAmong } from './plan/unschedulable.ts';
import { pluginsFor, smallest } from './plan.ts';
import { type Component, unlimited } from './service.ts';

type Table = Readonly<Record<string, string>>;

const nodeOf = (name: string, allocatable: Table, more: Partial<Node['spec']> = {}, labels: Table = {}): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels },
  spec: more,
  status: { allocatable },
});

let uids = 0;
const podOn = (nodeName: string | undefined, requests: Table = {}, more: object = {}, phase = 'Running'): Pod =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default', uid: `u${uids++}` },
    spec: { containers: [{ name: 'c', resources: { requests } }], ...(nodeName ? { nodeName } : {}), ...more },
    status: { phase },
  }) as unknown as Pod;

function roomsOf(nodes: readonly Node[], pods: readonly Pod[] = []): readonly NodeRoom[] {
  const ledger = createLedger();
  for (const pod of pods) ledger.setPod(pod);
  for (const node of nodes) ledger.setNode(node);
  return ledger.rooms();
}

const four = { cpu: '4', memory: '8Gi', pods: '10' };
const asks = (resourceRequest: Table, nodeClaim?: ReplicaRequirements['nodeClaim']): ReplicaRequirements => ({
  resourceRequest,
  ...(nodeClaim ? { nodeClaim } : {}),
});

describe('NodeResourceEstimator', () => {
  test.each<[string, readonly Node[], readonly Pod[], ReplicaRequirements | undefined, number]>([
    ['no node at all', [], [], asks({ cpu: '1' }), 0],
    ['nothing asked: places for Pods', [nodeOf('a', four)], [podOn('a')], undefined, 9],
    ['the scarcest resource', [nodeOf('a', four)], [], asks({ cpu: '1', memory: '4Gi' }), 2],
    ['each node by itself', [nodeOf('a', four), nodeOf('b', four)], [], asks({ cpu: '3' }), 2],
    ['what Pods have is taken', [nodeOf('a', four)], [podOn('a', { cpu: '2500m' })], asks({ cpu: '1' }), 1],
    ['places for Pods run out first', [nodeOf('a', { ...four, pods: '2' })], [podOn('a')], asks({ cpu: '1m' }), 1],
    ['more Pods than places', [nodeOf('a', { ...four, pods: '1' })], [podOn('a'), podOn('a')], undefined, 0],
    ['more taken than there is', [nodeOf('a', four)], [podOn('a', { cpu: '6' })], asks({ cpu: '1' }), 0],
    ['Pods that have ended', [nodeOf('a', four)], [podOn('a', { cpu: '4' }, {}, 'Failed')], asks({ cpu: '1' }), 4],
    ['Pods without a node', [nodeOf('a', four)], [podOn(undefined, { cpu: '4' })], asks({ cpu: '1' }), 4],
    ['Pods of a node nobody knows', [nodeOf('a', four)], [podOn('gone', { cpu: '4' })], asks({ cpu: '1' }), 4],
    [
      'init containers and overhead of Pods',
      [nodeOf('a', four)],
      [
        podOn(
          'a',
          { cpu: '1' },
          {
            initContainers: [{ name: 'i', resources: { requests: { cpu: '2' } } }],
            overhead: { cpu: '500m' },
          },
        ),
      ],
      asks({ cpu: '500m' }),
      3,
    ],
    ['a resource nobody has', [nodeOf('a', four)], [], asks({ 'nvidia.com/gpu': '1' }), 0],
    ['an extended resource', [nodeOf('a', { ...four, 'nvidia.com/gpu': '3' })], [], asks({ 'nvidia.com/gpu': '2' }), 1],
    ['what nodes do not count', [nodeOf('a', four)], [], asks({ cpu: '2', storage: '1Ti' }), 2],
    ['zeros ask for nothing', [nodeOf('a', four)], [], asks({ cpu: '0', 'nvidia.com/gpu': '0' }), 10],
  ])('%s', (_name, nodes, pods, requirements, expected) => {
    expect(replicasOnNodes(roomsOf(nodes, pods), requirements)).toBe(expected);
  });

  const taint = { key: 'team', value: 'a', effect: 'NoSchedule' } as const;
  const tainted = [nodeOf('a', four, { taints: [taint] }), nodeOf('b', four)];
  const zones = [nodeOf('a', four, {}, { zone: '1' }), nodeOf('b', four, {}, { zone: '2' }), nodeOf('c', four)];
  const inZones = (...values: string[]) => ({
    nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values }] }],
  });
  test.each<[string, readonly Node[], ReplicaRequirements['nodeClaim'], number]>([
    ['a taint', tainted, {}, 4],
    ['a taint that is tolerated', tainted, { tolerations: [{ key: 'team', operator: 'Equal', value: 'a' }] }, 8],
    [
      'a taint of numbers',
      [nodeOf('a', four, { taints: [{ ...taint, value: '5' }] })],
      { tolerations: [{ key: 'team', operator: 'Gt', value: '4' }] },
      0,
    ],
    ['a taint that only prefers', [nodeOf('a', four, { taints: [{ ...taint, effect: 'PreferNoSchedule' }] })], {}, 4],
    ['a cordoned node', [nodeOf('a', four, { unschedulable: true })], {}, 0],
    [
      'a cordon that is tolerated',
      [nodeOf('a', four, { unschedulable: true })],
      { tolerations: [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists' }] },
      4,
    ],
    ['a node selector', zones, { nodeSelector: { zone: '1' } }, 4],
    ['node affinity', zones, { hardNodeAffinity: inZones('1', '2') }, 8],
    ['both', zones, { nodeSelector: { zone: '1' }, hardNodeAffinity: inZones('2') }, 0],
  ])('%s', (_name, nodes, nodeClaim, expected) => {
    expect(replicasOnNodes(roomsOf(nodes), asks({ cpu: '1' }, nodeClaim))).toBe(expected);
  });

  const part = (replicas: number, resourceRequest: Table, nodeClaim?: ReplicaRequirements['nodeClaim']): Component => ({
    name: 'part',
    replicas,
    replicaRequirements: asks(resourceRequest, nodeClaim),
  });
  test.each<[string, readonly Node[], readonly Component[], number]>([
    ['one component is like replicas', [nodeOf('a', four), nodeOf('b', four)], [part(1, { cpu: '3' })], 2],
    ['a set may spread', [nodeOf('a', four), nodeOf('b', four)], [part(2, { cpu: '3' })], 1],
    ['only whole sets', [nodeOf('a', four)], [part(1, { cpu: '1' }), part(2, { cpu: '1' })], 1],
    [
      'components go where they may',
      zones,
      [part(1, { cpu: '4' }, { nodeSelector: { zone: '2' } }), part(1, { cpu: '1' })],
      1,
    ],
    [
      'first fit may waste',
      [nodeOf('a', four), nodeOf('b', { cpu: '2', pods: '9' })],
      [part(1, { cpu: '2' }), part(1, { cpu: '4' })],
      0,
    ],
    ['nothing asked for but places', [nodeOf('a', four)], [{ name: 'x', replicas: 3 }], 3],
    ['nothing at all', [nodeOf('a', four)], [{ name: 'x', replicas: 0 }], unlimited],
    ['no component', [nodeOf('a', four)], [], unlimited],
  ])('sets: %s', (_name, nodes, components, expected) => {
    expect(setsOnNodes(roomsOf(nodes), components)).toBe(expected);
  });

  test('what is on its way takes its room', () => {
    const rooms = roomsOf([nodeOf('a', four), nodeOf('b', four)]);
    const assumed = [{ namespace: 'shop', components: [part(3, { cpu: '2' })] }];
    expect(replicasOnNodes(withoutAssumed(rooms, assumed), asks({ cpu: '1' }))).toBe(2);
    expect(replicasOnNodes(rooms, asks({ cpu: '1' })), 'nothing was changed').toBe(8);
    const halted = [{ namespace: 'shop', components: [part(1, { cpu: '5' }), part(9, { cpu: '2' })] }];
    expect(replicasOnNodes(withoutAssumed(rooms, halted), asks({ cpu: '1' })), 'nothing behind what does not fit').toBe(
      8,
    );
    const more = [{ namespace: 'shop', components: [part(9, { cpu: '2' })] }];
    expect(replicasOnNodes(withoutAssumed(rooms, more), asks({ cpu: '1' }))).toBe(0);
  });

  test('all sets of a large cluster are counted soon', () => {
    const rooms = roomsOf(Array.from({ length: 1_000 }, (_, i) => nodeOf(`n${i}`, { cpu: '64', pods: '110' })));
    expect(setsOnNodes(rooms, [part(1, { cpu: '100m' }), part(2, { cpu: '1m' })])).toBe(Math.floor(110_000 / 3));
  });
});

describe('ResourceQuotaEstimator', () => {
  const quota = (hard: Table, used: Table, spec: ResourceQuota['spec'] = {}): ResourceQuota => ({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'q', namespace: 'shop' },
    spec,
    status: { hard, used },
  });
  const byClass = (
    operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist',
    ...values: string[]
  ): ResourceQuota['spec'] => ({
    scopeSelector: {
      matchExpressions: [{ scopeName: 'PriorityClass', operator, ...(values.length > 0 ? { values } : {}) }],
    },
  });
  const ten = { cpu: '10', memory: '10Gi' };
  const asked = { resourceRequest: { cpu: '2', memory: '1Gi' }, namespace: 'shop' };
  const high = { ...asked, priorityClassName: 'high' };

  test.each<[string, readonly ResourceQuota[], ReplicaRequirements | undefined, number]>([
    ['no quota', [], asked, unlimited],
    ['what is left of the scarcest', [quota(ten, { cpu: '3', memory: '1Gi' })], asked, 3],
    ['of several the tightest', [quota(ten, { cpu: '3' }), quota(ten, { cpu: '7' })], asked, 1],
    ['nothing left', [quota(ten, { cpu: '10' })], asked, 0],
    ['less than nothing left', [quota(ten, { cpu: '20' })], asked, 0],
    [
      'requests.cpu is cpu, and the tighter counts',
      [quota({ cpu: '4', 'requests.cpu': '6' }, { cpu: '0', 'requests.cpu': '0' })],
      asked,
      2,
    ],
    ['limits are not asked for', [quota({ 'limits.cpu': '1' }, { 'limits.cpu': '1' })], asked, unlimited],
    [
      'counts and storage',
      [quota({ pods: '1', 'requests.storage': '1Gi' }, { pods: '1', 'requests.storage': '1Gi' })],
      asked,
      unlimited,
    ],
    [
      'an extended resource',
      [quota({ 'requests.nvidia.com/gpu': '4' }, { 'requests.nvidia.com/gpu': '1' })],
      { resourceRequest: { 'nvidia.com/gpu': '2' } },
      1,
    ],
    ['what nobody has measured', [quota(ten, {})], asked, unlimited],
    ['nothing asked for', [quota(ten, ten)], undefined, unlimited],
    ['its priority class', [quota(ten, { cpu: '0' }, byClass('In', 'high'))], high, 5],
    ['another priority class', [quota(ten, { cpu: '0' }, byClass('In', 'low'))], high, unlimited],
    ['not a priority class', [quota(ten, { cpu: '0' }, byClass('NotIn', 'low'))], asked, 5],
    ['any priority class', [quota(ten, { cpu: '0' }, { scopes: ['PriorityClass'] })], high, 5],
    [
      'any priority class, and it has none',
      [quota(ten, { cpu: '0' }, { scopes: ['PriorityClass'] })],
      asked,
      unlimited,
    ],
    ['no priority class', [quota(ten, { cpu: '0' }, byClass('DoesNotExist'))], asked, 5],
    [
      'scopes that only Pods have',
      [quota(ten, { cpu: '0' }, { scopes: ['NotBestEffort', 'NotTerminating'] })],
      high,
      unlimited,
    ],
  ])('%s', (_name, quotas, requirements, expected) => {
    expect(replicasUnderQuotas(quotas, requirements, [])).toBe(expected);
  });

  test('a set is what its components ask for together; those of other priority classes are not counted', () => {
    const components: readonly Component[] = [
      { name: 'a', replicas: 2, replicaRequirements: { resourceRequest: { cpu: '1' }, priorityClassName: 'high' } },
      { name: 'b', replicas: 1, replicaRequirements: { resourceRequest: { cpu: '2' } } },
    ];
    expect(setsUnderQuotas([quota(ten, { cpu: '2' })], components, [])).toBe(2);
    expect(setsUnderQuotas([quota(ten, { cpu: '2' }, byClass('In', 'high'))], components, [])).toBe(4);
  });

  test('what is on its way to the namespace counts as used', () => {
    const components = [{ name: '', replicas: 3, replicaRequirements: asked }];
    const quotas = [quota(ten, { cpu: '0' })];
    expect(replicasUnderQuotas(quotas, asked, [{ namespace: 'shop', components }])).toBe(2);
    expect(replicasUnderQuotas(quotas, asked, [{ namespace: 'bank', components }])).toBe(5);
    const memory = { name: '', replicas: 1, replicaRequirements: { resourceRequest: { memory: '11Gi' } } };
    const usedUp = [{ namespace: 'shop', components: [memory] }];
    const measured = [quota(ten, { cpu: '0', memory: '0' })];
    expect(replicasUnderQuotas(measured, { resourceRequest: { cpu: '1' } }, usedUp), 'of whatever it is').toBe(0);
  });
});

test('all plugins together: the smallest counts, and without nodes nothing fits', () => {
  const gated = { rooms: roomsOf([nodeOf('a', four)]), quotas: () => [] };
  const answers: Readonly<Record<string, number>> = { NodeResourceEstimator: 7, ResourceQuotaEstimator: 3 };
  const both = pluginsFor({ ResourceQuotaEstimate: true });
  expect(smallest(gated, both, ({ name }) => answers[name]!)).toBe(3);
  expect(smallest(gated, pluginsFor({ ResourceQuotaEstimate: false }), ({ name }) => answers[name]!)).toBe(7);
  expect(smallest({ ...gated, rooms: [] }, both, () => unlimited)).toBe(0);
});

describe('unschedulable Pods', () => {
  const at = Date.parse('2026-01-01T00:10:00Z');
  const pod = (status: string, reason: string, lastTransitionTime: string) =>
    ({ status: { conditions: [{ type: 'PodScheduled', status, reason, lastTransitionTime }] } }) as Pick<Pod, 'status'>;
  const old = '2026-01-01T00:00:00Z';
  test.each<[string, Pick<Pod, 'status'>, number]>([
    ['for long enough', pod('False', 'Unschedulable', old), 1],
    ['not for long', pod('False', 'Unschedulable', '2026-01-01T00:07:00Z'), 0],
    ['exactly as long', pod('False', 'Unschedulable', '2026-01-01T00:05:00Z'), 0],
    ['scheduled', pod('True', '', old), 0],
    ['held back by a gate', pod('False', 'SchedulingGated', old), 0],
    ['nobody has looked at it', { status: {} }, 0],
  ])('%s', (_name, one, expected) => {
    expect(unschedulableAmong([one], 300_000, at)).toBe(expected);
  });
  test('a negative threshold is none', () => {
    expect(unschedulableAmong([pod('False', 'Unschedulable', '2026-01-01T00:09:59Z')], -1, at)).toBe(1);
  });
  test('the newest ReplicaSet is the one with the highest revision', () => {
    const set = (name: string, revision: string) => ({
      metadata: { name, annotations: { 'deployment.kubernetes.io/revision': revision } },
    });
    expect(newestOf([set('a', '9'), set('b', '10'), set('c', '2')])?.metadata.name).toBe('b');
    expect(newestOf([])).toBeUndefined();
  });
});

describe('laws', () => {
  const millis = fc.integer({ min: 0, max: 3_000 }).map((value) => `${value}m`);
  const bytes = fc.integer({ min: 0, max: 64 }).map((value) => `${value}Mi`);
  const requests = fc.record({ cpu: millis, memory: bytes }, { requiredKeys: [] }) as fc.Arbitrary<Table>;
  const nodes = fc
    .array(fc.record({ cpu: millis, memory: bytes, pods: fc.integer({ min: 0, max: 9 }).map(String) }), {
      maxLength: 5,
    })
    .map((all) => all.map((allocatable, i) => nodeOf(`n${i}`, allocatable)));
  const pods = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 4 }), requests).map(([i, asked]) => podOn(`n${i}`, asked)),
    { maxLength: 9 },
  );

  /** Like a scheduler: one Pod after the other, onto any node that takes it. */
  function placedBy(rooms: readonly NodeRoom[], requirements: ReplicaRequirements): number {
    const { amounts } = needOf(requirements);
    const state = rooms.map(({ free, places }) => ({ free: new Map(free), places }));
    for (let placed = 0; ; placed++) {
      const node = state.find(
        ({ free, places }) => places > 0 && [...amounts].every(([name, amount]) => (free.get(name) ?? 0) >= amount),
      );
      if (!node) return placed;
      node.places -= 1;
      for (const [name, amount] of amounts) node.free.set(name, node.free.get(name)! - amount);
    }
  }

  test('so many replicas can be placed, and not one more', () => {
    fc.assert(
      fc.property(nodes, pods, requests, (all, running, asked) => {
        const rooms = roomsOf(all, running);
        expect(replicasOnNodes(rooms, asks(asked))).toBe(placedBy(rooms, asks(asked)));
        if (rooms.length > 0)
          expect(setsOnNodes(rooms, [{ name: 'c', replicas: 1, replicaRequirements: asks(asked) }])).toBe(
            placedBy(rooms, asks(asked)),
          );
      }),
    );
  });

  test('the ledger does not depend on the order of what it was told', () => {
    const change = fc.oneof(
      fc.record({ kind: fc.constant('pod' as const), id: fc.nat(3), node: fc.nat(2), asked: requests }),
      fc.record({ kind: fc.constant('gone' as const), id: fc.nat(3) }),
      fc.record({ kind: fc.constant('node' as const), node: fc.nat(2), gone: fc.boolean() }),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const ledger = createLedger();
        const live = { pods: new Map<number, Pod>(), nodes: new Map<string, Node>() };
        for (const each of changes) {
          if (each.kind === 'node') {
            const node = nodeOf(`n${each.node}`, four);
            if (each.gone) ledger.removeNode(node.metadata.name!);
            else ledger.setNode(node);
            if (each.gone) live.nodes.delete(node.metadata.name!);
            else live.nodes.set(node.metadata.name!, node);
          } else if (each.kind === 'gone') {
            const pod = live.pods.get(each.id);
            if (pod) ledger.removePod(pod);
            live.pods.delete(each.id);
          } else {
            const pod = podOn(`n${each.node}`, each.asked);
            const same = { ...pod, metadata: { ...pod.metadata, uid: `same${each.id}` } };
            ledger.setPod(same);
            live.pods.set(each.id, same);
          }
        }
        const shown = (rooms: readonly NodeRoom[]) =>
          rooms.map(({ node, free, places }) => [node.metadata.name, Object.fromEntries(free), places]);
        expect(shown(ledger.rooms())).toEqual(shown(roomsOf([...live.nodes.values()], [...live.pods.values()])));
      }),
    );
  });
});
