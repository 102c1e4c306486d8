import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Node, Pod, Taint } from '#apis/kubernetes/types.ts';
import { createLedger } from './ledger.ts';
import { planPlacement } from './plan.ts';

const node = (name: string, allocatable: Record<string, string> = {}, spec: Node['spec'] = {}): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, uid: name },
  spec,
  status: { allocatable: { cpu: '4', memory: '8Gi', pods: '10', ...allocatable } },
});

let made = 0;
const pod = (cpu?: string, more: Partial<Pod['spec']> = {}, controller?: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `p${++made}`,
    uid: `p${made}`,
    namespace: 'default',
    ...(controller
      ? {
          ownerReferences: [
            { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: controller, uid: controller, controller: true },
          ],
        }
      : {}),
  },
  spec: { containers: [{ name: 'c', image: 'i', ...(cpu ? { resources: { requests: { cpu } } } : {}) }], ...more },
});

const ledgerOf = (...nodes: readonly Node[]) => {
  const ledger = createLedger();
  for (const each of nodes) ledger.setNode(each);
  return ledger;
};

const no = (available: string, reasons: string, preemption: string) =>
  `${available} nodes are available: ${reasons}. no new claims to deallocate, preemption: ${available} nodes are available: ${preemption}.`;

test('siblings go apart first, then the node with fewer Pods', () => {
  const ledger = ledgerOf(node('a'), node('b'));
  ledger.hold(pod('1', {}, 'web'), 'a');
  ledger.hold(pod(), 'b');
  ledger.hold(pod(), 'b');
  expect(planPlacement(pod('1', {}, 'web'), ledger)).toEqual({ node: 'b' });
  expect(planPlacement(pod('1', {}, 'other'), ledger)).toEqual({ node: 'a' });
});

test('a full node says what it lacks', () => {
  const ledger = ledgerOf(node('a'), node('b', { pods: '0' }));
  ledger.hold(pod('3500m'), 'a');
  expect(planPlacement(pod('1'), ledger)).toEqual({
    message: no('0/2', '1 Insufficient cpu, 1 Too many pods', '2 No preemption victims found for incoming pod'),
  });
});

test('what no node could ever hold is not helped by preemption', () => {
  const ledger = ledgerOf(node('a'), node('b'));
  expect(planPlacement(pod('5'), ledger)).toEqual({
    message: no('0/2', '2 Insufficient cpu', '2 Preemption is not helpful for scheduling'),
  });
});

test('taints, cordons and selectors turn Pods away, each in its words', () => {
  const taint: Taint = { key: 'team', effect: 'NoSchedule' };
  const ledger = ledgerOf(node('a', {}, { taints: [taint] }), node('b', {}, { unschedulable: true }), node('c'));
  expect(planPlacement(pod('1', { nodeSelector: { disk: 'ssd' } }), ledger)).toEqual({
    message: no(
      '0/3',
      "1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s), 1 node(s) were unschedulable",
      '3 Preemption is not helpful for scheduling',
    ),
  });
  const tolerant = { tolerations: [{ key: 'team', operator: 'Exists' as const }] };
  ledger.removeNode('c');
  expect(planPlacement(pod('1', tolerant), ledger)).toEqual({ node: 'a' });
});

test('a soft taint is avoided while there is another node', () => {
  const ledger = ledgerOf(node('a', {}, { taints: [{ key: 'old', effect: 'PreferNoSchedule' }] }), node('b'));
  ledger.hold(pod(), 'b');
  expect(planPlacement(pod(), ledger)).toEqual({ node: 'b' });
});

test('without nodes it says so', () => {
  expect(planPlacement(pod(), ledgerOf())).toEqual({ message: 'no nodes available to schedule pods' });
});

test('Pods counted on a node that is not known yet count when it comes', () => {
  const ledger = createLedger();
  ledger.hold(pod('4'), 'a');
  ledger.setNode(node('a'));
  expect('message' in planPlacement(pod('1'), ledger)).toBe(true);
});

test('property: no node is ever given more than it has, and releasing gives everything back', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 40 }), (millis) => {
      const ledger = ledgerOf(node('a'), node('b'), node('c', { cpu: '1' }));
      const placed: Pod[] = [];
      for (const milli of millis) {
        const next = pod(`${milli}m`);
        const placement = planPlacement(next, ledger);
        if (!('node' in placement)) continue;
        ledger.hold(next, placement.node);
        placed.push(next);
      }
      for (const view of ledger.nodes()) {
        expect(view.used.get('cpu') ?? 0).toBeLessThanOrEqual(view.allocatable.get('cpu')!);
        expect(view.pods).toBeLessThanOrEqual(10);
      }
      for (const each of placed) ledger.release(each);
      for (const view of ledger.nodes()) expect([view.used.size, view.pods]).toEqual([0, 0]);
    }),
  );
});
