/** What a cluster says of its room, rule by rule. */
import { describe, expect, test } from 'vitest';
import type { ResourceModel } from '#apis/cluster/cluster.ts';
import { defaultModels } from '#apis/cluster/models.ts';
import type { Node, Pod } from '#apis/kubernetes/types.ts';
import { nodeSummary, resourceSummary } from './summary.ts';
import { trimPod } from './trim.ts';

type Table = Readonly<Record<string, string>>;

const nodeOf = (name: string, allocatable: Table, ready = 'True'): Node =>
  ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name },
    spec: {},
    status: { allocatable, conditions: [{ type: 'Ready', status: ready }] },
  }) as unknown as Node;

const container = (requests: Table, more: object = {}) => ({ name: 'c', image: 'i', resources: { requests }, ...more });
const podOf = (requests: Table, spec: object = {}, phase = 'Running'): Pod =>
  trimPod({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default', uid: 'u' },
    spec: { containers: [container(requests)], nodeName: 'a', ...spec },
    status: { phase },
  } as unknown as Pod);

const nowhere = { nodeName: undefined };
const summaryOf = (...pods: readonly Pod[]) => resourceSummary([], pods, []);

test('nodes add up, whatever they offer; sums are written as Go writes them', () => {
  const nodes = [
    nodeOf('a', { cpu: '64', memory: '256Gi', pods: '3000', 'nvidia.com/gpu': '2', 'hugepages-2Mi': '0' }),
    nodeOf('b', { cpu: '500m', memory: '256Gi', pods: '3k' }, 'False'),
  ];
  expect(resourceSummary(nodes, [], [])).toEqual({
    allocatable: { cpu: '64500m', 'hugepages-2Mi': '0', memory: '512Gi', 'nvidia.com/gpu': '2', pods: '6k' },
  });
  expect(nodeSummary(nodes)).toEqual({ totalNum: 2, readyNum: 1 });
  expect(resourceSummary([], [], [])).toEqual({});
});

describe('what Pods take', () => {
  test.each<[string, readonly Pod[], object]>([
    ['nothing but places', [podOf({}), podOf({})], { allocated: { pods: '2' } }],
    [
      'what they ask for',
      [podOf({ cpu: '100m' }), podOf({ cpu: '2', memory: '1Gi' })],
      { allocated: { cpu: '2100m', memory: '1Gi', pods: '2' } },
    ],
    ['zeros are left out', [podOf({ cpu: '0' })], { allocated: { pods: '1' } }],
    [
      'bytes in powers of two',
      [podOf({ memory: '1024M', 'ephemeral-storage': '1Ki' })],
      { allocated: { 'ephemeral-storage': '1Ki', memory: '1000000Ki', pods: '1' } },
    ],
    [
      'what nodes do not count',
      [podOf({ 'nvidia.com/gpu': '1', storage: '1Gi' })],
      { allocated: { 'nvidia.com/gpu': '1', pods: '1' } },
    ],
    [
      'an init container that needs more',
      [podOf({ cpu: '1' }, { initContainers: [container({ cpu: '3' })] })],
      { allocated: { cpu: '3', pods: '1' } },
    ],
    [
      'a sidecar beside the containers',
      [podOf({ cpu: '1' }, { initContainers: [container({ cpu: '1' }, { restartPolicy: 'Always' })] })],
      { allocated: { cpu: '2', pods: '1' } },
    ],
    ['overhead', [podOf({ cpu: '1' }, { overhead: { cpu: '250m' } })], { allocated: { cpu: '1250m', pods: '1' } }],
    [
      'what a Pod says as a whole',
      [podOf({ cpu: '1' }, { resources: { requests: { cpu: '4' } } })],
      { allocated: { cpu: '4', pods: '1' } },
    ],
    ['what ended has let go', [podOf({ cpu: '1' }, {}, 'Succeeded'), podOf({ cpu: '1' }, {}, 'Failed')], {}],
    ['what waits for a node', [podOf({ cpu: '1' }, nowhere, 'Pending')], { allocating: { cpu: '1', pods: '1' } }],
    [
      'what ended without a node waits, as the reference counts',
      [podOf({}, nowhere, 'Failed')],
      { allocating: { pods: '1' } },
    ],
  ])('%s', (_name, pods, expected) => expect(summaryOf(...pods)).toEqual(expected));
});

describe('nodes by grade', () => {
  const counts = (
    nodes: readonly Node[],
    pods: readonly Pod[] = [],
    models: readonly ResourceModel[] = defaultModels,
  ) =>
    resourceSummary(nodes, pods, models)
      .allocatableModelings!.filter(({ count }) => count > 0)
      .map(({ grade, count }) => [grade, count]);
  const on = (nodeName: string, requests: Table) => podOf(requests, { nodeName });
  const big = { cpu: '64', memory: '256Gi', pods: '110' };

  test.each<[string, readonly Node[], readonly Pod[], readonly (readonly number[])[]]>([
    ['the lower of what CPU and memory give', [nodeOf('a', big)], [], [[6, 1]]],
    ['a lower bound belongs to its grade', [nodeOf('a', { cpu: '2', memory: '16Gi', pods: '9' })], [], [[2, 1]]],
    ['what is free counts', [nodeOf('a', big)], [on('a', { cpu: '63' })], [[1, 1]]],
    ['a resource the node does not have', [nodeOf('a', { cpu: '64', pods: '9' })], [], [[0, 1]]],
    ['more is taken than there is: no grade', [nodeOf('a', big)], [on('a', { cpu: '65' })], []],
    ['an empty node counts, even one that takes no Pod', [nodeOf('a', { ...big, pods: '0' })], [], [[6, 1]]],
    [
      'the first full node ends the counting',
      ['c', 'a', 'b'].map((name) => nodeOf(name, { ...big, pods: '1' })),
      [on('b', {})],
      [[6, 1]],
    ],
    ['a node with Pods that names no places is full', [nodeOf('a', { cpu: '64', memory: '256Gi' })], [on('a', {})], []],
    [
      'Pods that have ended leave their place',
      [nodeOf('a', { ...big, pods: '1' })],
      [podOf({}, {}, 'Failed')],
      [[6, 1]],
    ],
  ])('%s', (_name, nodes, pods, expected) => expect(counts(nodes, pods)).toEqual(expected));

  test('models of one’s own', () => {
    const range = (name: string, min: string, max: string) => ({ name, min, max });
    const models = [
      { grade: 0, ranges: [range('cpu', '0', '10')] },
      { grade: 1, ranges: [range('cpu', '10', '20')] },
    ];
    expect(counts([nodeOf('a', { cpu: '9', pods: '1' }), nodeOf('b', { cpu: '99', pods: '1' })], [], models)).toEqual([
      [0, 1],
      [1, 1],
    ]);
  });

  test('every grade is named, in the order of the models', () => {
    const { allocatableModelings } = resourceSummary([nodeOf('a', big)], [], defaultModels);
    expect(allocatableModelings!.map(({ grade }) => grade)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });
});
