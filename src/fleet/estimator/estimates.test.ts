/** What Karmada v1.18.2's own plugins answer about made-up clusters (test/conformance/estimator), with both gates on. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Node, Pod, ResourceQuota } from '#apis/kubernetes/types.ts';
import type { ReplicaRequirements } from '#apis/work/requirements.ts';
import { createLedger } from './ledger.ts';
import { type Plugin, pluginsFor, smallest } from './plan.ts';
import type { AssumedWorkload, Component } from './service.ts';

interface Case {
  readonly nodes: readonly Node[] | null;
  readonly pods: readonly Pod[] | null;
  readonly quotas: readonly ResourceQuota[] | null;
  readonly requirements: ReplicaRequirements;
  readonly components: readonly Component[];
  readonly assumed: readonly AssumedWorkload[] | null;
  /** Karmada's answers. */
  readonly replicas: number;
  readonly sets: number;
}

const cases = readFileSync(join(import.meta.dirname, 'testdata', 'estimates.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

function answersTo({ nodes, pods, quotas, requirements, components, assumed }: Case) {
  const ledger = createLedger();
  for (const node of nodes ?? []) ledger.setNode(node);
  for (const pod of pods ?? []) ledger.setPod(pod);
  const snapshot = { rooms: ledger.rooms(), quotas: () => quotas ?? [] };
  const all = (answer: (plugin: Plugin) => number) =>
    smallest(snapshot, pluginsFor({ ResourceQuotaEstimate: true }), answer);
  const common = { cluster: 'm', assumed: assumed ?? [] };
  return {
    replicas: all((plugin) => plugin.replicas(snapshot, { ...common, requirements })),
    sets: all((plugin) => plugin.sets(snapshot, { ...common, namespace: 'shop', components })),
  };
}

test('ours are the same', () => {
  expect(cases.filter(({ replicas }) => replicas > 0).length, 'of 80 not all without room').toBeGreaterThan(40);
  for (const [index, one] of cases.entries()) {
    const { replicas, sets } = one;
    expect(answersTo(one), `line ${index + 1}`).toEqual({ replicas, sets });
  }
});
