import { describe, expect, it } from 'vitest';
import type { Cluster } from '#apis/cluster/cluster.ts';
import type { BindingSpec } from '#apis/work/binding-spec.ts';
import { prepareFleet } from '../fleet.ts';
import type { SchedulingInput } from '../input.ts';
import { cluster, deployment, dynamic, inputOf, settingsWith, spread } from '../scheduling.cases.ts';
import { capacities, unlimited } from './capacity.ts';

const reporting = (resourceSummary: object | undefined, spec: object = {}) =>
  cluster('a', { spec, status: { resourceSummary } });

const capacityOf = (spec: BindingSpec, one: Cluster, more: Partial<SchedulingInput> = {}) =>
  capacities(inputOf(spec, [one], more))(prepareFleet([one]).clusters[0]!);

const needing = (resourceRequest: object | undefined, more: object = {}) =>
  deployment(dynamic, 5, { replicaRequirements: resourceRequest && { resourceRequest }, ...more });

describe('by the resource summary', () => {
  const summary = {
    allocatable: { pods: '110', cpu: '4', memory: '8Gi', 'example.com/gpu': '2' },
    allocated: { pods: '10', cpu: '1500m', memory: '1Gi' },
    allocating: { cpu: '500m' },
  };

  it.each<[string, object | undefined, object | undefined, number]>([
    ['what is free, by the scarcest', summary, { cpu: '100m', memory: '1Gi' }, 7],
    ['thousandths of CPUs', summary, { cpu: '300m' }, 6],
    ['Pods', summary, { cpu: '1m' }, 100],
    ['what nobody has used yet', summary, { 'example.com/gpu': '1' }, 2],
    ['what it does not have', summary, { 'example.com/fpga': '1' }, 0],
    ['a request of none', summary, { cpu: '0', memory: '2Gi' }, 3],
    ['no stated need', summary, undefined, 100],
    ['nothing asked for', summary, {}, 100],
    ['more used than there is', { ...summary, allocated: { cpu: '9' } }, { cpu: '1' }, 0],
    ['no Pods told of', { allocatable: { cpu: '9' } }, { cpu: '1' }, 0],
    ['no summary', undefined, { cpu: '1' }, 0],
    ['no summary and no stated need', undefined, undefined, 0],
  ])('%s', (_what, resourceSummary, request, expected) => {
    expect(capacityOf(needing(request), reporting(resourceSummary))).toBe(expected);
  });

  it('what needs no room has all there is', () => {
    expect(capacityOf(deployment({}, 0), reporting(undefined))).toBe(unlimited);
  });
});

describe('by resource models', () => {
  const resourceModels = [
    {
      grade: 1,
      ranges: [
        { name: 'cpu', min: '2', max: '4' },
        { name: 'memory', min: '4Gi', max: '8Gi' },
      ],
    },
    {
      grade: 0,
      ranges: [
        { name: 'cpu', min: '0', max: '2' },
        { name: 'memory', min: '0', max: '4Gi' },
      ],
    },
    {
      grade: 2,
      ranges: [
        { name: 'cpu', min: '4', max: '8' },
        { name: 'memory', min: '8Gi', max: '16Gi' },
      ],
    },
  ];
  const modelled = (counts: Record<number, number>, pods = '1000') =>
    reporting(
      {
        allocatable: { pods, cpu: '100', memory: '1000Gi' },
        allocatableModelings: Object.entries(counts).map(([grade, count]) => ({ grade: Number(grade), count })),
      },
      { resourceModels },
    );

  it.each<[string, Record<number, number>, object, number]>([
    ['each node is as large as its grade’s least', { 0: 5, 1: 1, 2: 2 }, { cpu: '1500m' }, 5],
    ['by the scarcest of each', { 1: 1, 2: 1 }, { cpu: '1', memory: '4Gi' }, 3],
    ['a node holds 110 Pods', { 2: 3 }, { cpu: '1m' }, 330],
    ['what no grade has', { 2: 3 }, { 'example.com/gpu': '1' }, 0],
    ['no node is large enough', { 0: 9 }, { cpu: '1' }, 0],
    ['no nodes', { 0: 0, 1: 0 }, { cpu: '1' }, 0],
  ])('%s', (_what, counts, request, expected) => {
    expect(capacityOf(needing(request), modelled(counts))).toBe(expected);
  });

  it('no more than Pods are free', () => expect(capacityOf(needing({ cpu: '1' }), modelled({ 2: 9 }, '7'))).toBe(7));

  it('the summary counts where there are no models, or the gate is off', () => {
    expect(capacityOf(needing({ cpu: '3' }), modelled({}))).toBe(33);
    const settings = settingsWith({ CustomizedClusterResourceModeling: false });
    expect(capacityOf(needing({ cpu: '3' }), modelled({ 1: 1 }), { settings })).toBe(33);
  });

  it('what was placed lately is on the nodes already', () => {
    const assumed = new Map([['a', [{ replicas: 3, requirements: { resourceRequest: { cpu: '2' } } }]]]);
    expect(capacityOf(needing({ cpu: '1' }), modelled({ 1: 1, 2: 1 }))).toBe(6);
    // One on the smaller node, two on the larger: nothing is left.
    expect(capacityOf(needing({ cpu: '1' }), modelled({ 1: 1, 2: 1 }), { assumed })).toBe(0);
  });
});

describe('what others say', () => {
  const one = reporting({ allocatable: { pods: '10', cpu: '10' } });

  it.each<[string, number | undefined, number]>([
    ['less', 3, 3],
    ['more', 30, 10],
    ['none', 0, 0],
    ['that they cannot tell', -1, 10],
    ['nothing', undefined, 10],
  ])('%s', (_what, answer, expected) => {
    const estimates = new Map(answer === undefined ? [] : [['a', answer]]);
    expect(capacityOf(needing({ cpu: '1' }), one, { estimates })).toBe(expected);
  });

  it('no limit is as many as are wanted', () => {
    const endless = reporting({ allocatable: { pods: `${unlimited}`, cpu: `${unlimited}` } });
    expect(capacityOf(needing({ cpu: '1' }), endless, { estimates: new Map([['a', unlimited]]) })).toBe(5);
  });

  it('what was placed lately takes room', () => {
    const assumed = new Map([['a', [{ replicas: 3, requirements: { resourceRequest: { cpu: '2' } } }]]]);
    expect(capacityOf(needing({ cpu: '1' }), one, { assumed })).toBe(4);
    const bare = new Map([['a', [{ replicas: 3, requirements: undefined }]]]);
    expect(capacityOf(needing({ cpu: '1' }), one, { assumed: bare })).toBe(7);
  });
});

describe('sets of components', () => {
  const components = [
    { name: 'jobmanager', replicas: 1, replicaRequirements: { resourceRequest: { cpu: '1' } } },
    { name: 'taskmanager', replicas: 3, replicaRequirements: { resourceRequest: { cpu: '2' } } },
  ];
  const settings = settingsWith({ MultiplePodTemplatesScheduling: true });
  const spec = (...spreadConstraints: object[]) =>
    needing({ cpu: '1' }, { components, placement: { ...dynamic, spreadConstraints } });
  const summary = { allocatable: { pods: '110', cpu: '15' } };
  const onOne = spec(spread('cluster', 1, 1));

  it('are counted where all of them go to one cluster, and only there', () => {
    expect(capacityOf(onOne, reporting(summary), { settings })).toBe(2);
    expect(capacityOf(spec(spread('cluster', 1, 2)), reporting(summary), { settings })).toBe(15);
    expect(capacityOf(onOne, reporting(summary))).toBe(15);
  });

  it('by Pods', () => {
    expect(capacityOf(onOne, reporting({ allocatable: { pods: '7', cpu: '99' } }), { settings })).toBe(1);
  });

  it('have to fit on nodes', () => {
    const resourceModels = [{ grade: 0, ranges: [{ name: 'cpu', min: '3', max: '4' }] }];
    const nodes = (count: number) =>
      reporting(
        { allocatable: { pods: '110', cpu: '99' }, allocatableModelings: [{ grade: 0, count }] },
        { resourceModels },
      );
    // The first node holds the job manager and a task manager, two more one each.
    expect(capacityOf(onOne, nodes(2), { settings })).toBe(0);
    expect(capacityOf(onOne, nodes(3), { settings })).toBe(1);
    expect(capacityOf(onOne, nodes(6), { settings })).toBe(2);
  });
});
