import { expect, it } from 'vitest';
import { managed, managedValue } from '#apis/names/labels.ts';
import { executionNamespace } from '#apis/names/objects.ts';
import type { Work } from '#apis/work/work.ts';
import type { Health } from '#interpreter/interpreter.ts';
import type { Patience } from '#runtime/patience.ts';
import { type ObserveContext, reconcileWorkStatus } from './reconcile.ts';

const manifest = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace: 'default', name: 'web' } };
const work = {
  apiVersion: 'work.karmada.io/v1alpha1',
  kind: 'Work',
  metadata: { namespace: executionNamespace('member1'), name: 'web' },
  spec: { workload: { manifests: [manifest] } },
  status: { conditions: [{ type: 'Applied', status: 'True' }] },
} as unknown as Work;
const key = `${work.metadata.namespace}/web`;

const impatient: Patience = { left: () => 0, forget: () => {} };
const patient: Patience = { left: (_key, settled) => (settled ? 0 : 100), forget: () => {} };

/** What is written of an object of this status and health, and what becomes of the look at it. */
async function look(status: object, health: Health, waiting: Partial<Pick<ObserveContext, 'behind' | 'underWay'>>) {
  const written: Work[] = [];
  const metadata = { ...manifest.metadata, generation: 1, labels: { [managed]: managedValue } };
  const context = {
    works: { get: () => work, updateStatus: async (updated: Work) => written.push(updated) },
    members: { get: () => ({ name: 'member1' }) },
    reader: () => ({ of: async () => ({ get: () => ({ ...manifest, metadata, status }) }) }),
    interpreter: { reflectStatus: async () => status, interpretHealth: async () => health },
    events: { event: () => {} },
    behind: impatient,
    underWay: impatient,
    ...waiting,
  } as unknown as ObserveContext;
  return { ...(await reconcileWorkStatus(context, key)), written: written.length };
}

it('waits for the first word of a new object’s controller', async () => {
  expect(await look({}, 'Unhealthy', { behind: patient })).toMatchObject({
    outcome: 'requeueAfter',
    ms: 100,
    written: 0,
  });
  expect(await look({}, 'Unhealthy', {})).toEqual({ outcome: 'done', written: 1 });
});

it('waits for Pods on their way as long as it has patience with them', async () => {
  const coming = { observedGeneration: 1, replicas: 2, unavailableReplicas: 2 };
  expect(await look(coming, 'Unhealthy', { underWay: patient })).toMatchObject({ outcome: 'requeueAfter', written: 0 });
  expect(await look(coming, 'Unhealthy', { behind: patient })).toEqual({ outcome: 'done', written: 1 });
  expect(await look(coming, 'Healthy', { underWay: patient })).toEqual({ outcome: 'done', written: 1 });
});
