/** Rehearsals counted and judged, from made-up findings. */
import { describe, expect, it, test } from 'vitest';
import { leftOn } from './left.ts';
import { callsBetween, type Found, isClean, newlyFound, type Rehearsal, secondsAt } from './report.ts';

describe('calls', () => {
  const counts = (calls: Record<string, Record<string, number>>) => new Map(Object.entries(calls));

  it('are those between two counts, of servers that came later too', () => {
    const before = counts({ control: { get: 2, patch: 1 } });
    const after = counts({ control: { get: 2, patch: 4 }, member1: { list: 3 } });
    expect(callsBetween(before, after)).toEqual({ control: { patch: 3 }, member1: { list: 3 } });
  });

  it('take as long as those of the server that is asked most, events apart', () => {
    expect(secondsAt({ control: { patch: 90, event: 1_000 }, member1: { get: 101 } }, 50)).toBe(3);
    expect(secondsAt({}, 50)).toBe(0);
  });
});

const restart: Found = { cluster: 'member1', is: 'restart', object: 'Deployment shop/web', what: 'Pod web-1 is gone' };

test('what was found in an earlier step, and notes, are not found again', () => {
  const note: Found = { ...restart, is: 'note' };
  expect(newlyFound([restart, note], [])).toEqual([restart]);
  expect(newlyFound([restart, { ...restart, cluster: 'member2' }], [restart])).toEqual([
    { ...restart, cluster: 'member2' },
  ]);
});

const step = { outcome: '', calls: {}, seconds: 0, found: [] };
const clean: Rehearsal = {
  plan: 'shop',
  cluster: 'member1',
  clusters: ['member1'],
  loaded: { objects: 3, pods: 1 },
  objects: 2,
  rate: 50,
  steps: [
    { step: 'apply', ...step },
    { step: 'rollback', ...step },
  ],
  refused: [],
  unmanaged: [],
  left: [],
  notes: ['something'],
};
const reason = { object: 'Deployment shop/web', why: 'some' };

test.each<[string, Partial<Rehearsal>, boolean]>([
  ['nothing', {}, true],
  ['a restart', { steps: [...clean.steps, { step: 'failover', ...step, found: [restart] }] }, false],
  ['a refusal', { refused: [reason] }, false],
  ['what is not managed', { unmanaged: [reason] }, false],
  ['what is left', { left: [reason] }, false],
  ['no step done', { steps: [] }, false],
])('with %s: clean %#', (_, found, is) => {
  expect(isClean({ ...clean, ...found })).toBe(is);
});

describe('left on an object', () => {
  const object = (metadata: object) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'web', ...metadata },
  });
  const marked = object({
    labels: { 'karmada.io/managed': 'true', 'migrate.flotilla.io/plan': 'shop', app: 'web' },
    annotations: { 'work.karmada.io/name': 'web', own: 'x' },
    finalizers: ['karmada.io/binding-controller', 'example.com/own'],
    managedFields: [
      { manager: 'flotilla', operation: 'Apply' },
      { manager: 'kubectl', operation: 'Update' },
    ],
  });

  it('are labels, annotations, finalizers and fields of ours', () => {
    expect(leftOn(marked, object({}))).toEqual([
      'label karmada.io/managed',
      'label migrate.flotilla.io/plan',
      'annotation work.karmada.io/name',
      'finalizer karmada.io/binding-controller',
      'an entry of flotilla in managedFields',
    ]);
  });

  it('is nothing that it carried before', () => expect(leftOn(marked, marked)).toEqual([]));
});
