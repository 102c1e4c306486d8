/**
 * kill -9 in the middle of a migration, or of a rollback, and started again on the same data directory: it finishes,
 * nothing is restarted, nothing is lost. Rounds follow each other on one data directory, each from its own seed.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Deployment, Deployments } from '#apis/kubernetes/types.ts';
import type { ResourceBinding } from '#apis/work/resource-binding.ts';
import { ResourceBindingKind } from '#apis/work/resource-binding.ts';
import { type Work, WorkKind } from '#apis/work/work.ts';
import type { ApiClient } from '#client/api-client.ts';
import { clientOf, podIdentities } from '#harness/contexts.ts';
import { newHome, type RunningUp, runningUp } from '#harness/running-up.ts';
import { rounds } from '#harness/soak.ts';
import { until } from '#harness/until.ts';
import { isConditionTrue } from '#kube/conditions/conditions.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { applyAll, count, deleteAll, migratePolicy, workloads } from './workloads.ts';

/** Two kills each, beside those of the store (src/server/storage/crash.test.ts) and of the API (api.test.ts). */
const seeds = Array.from({ length: rounds({ test: 4, soak: 250 }) }, (_, i) => i + 1);
/** Milliseconds in which fifty workloads are migrated or rolled back, with room on both sides. */
const longestMs = 400;

const home = newHome();
let up: RunningUp | undefined;
let control: ApiClient;
let member: ApiClient;
let before: readonly string[];

function connect(): void {
  control?.close();
  member?.close();
  control = clientOf(home, 'karmada-apiserver');
  member = clientOf(home, 'member1');
}

/** All of them run, and nothing but them. */
async function runningPods(): Promise<readonly string[] | false> {
  const { items } = await member.resource<Deployment>(Deployments).list({ namespace: 'default' });
  const ready = items.filter(({ status }) => status?.readyReplicas === 1);
  return ready.length === count && (await podIdentities(member));
}

async function killAfter(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  await up!.kill();
}

async function startAgain(): Promise<void> {
  up = await runningUp(home);
  connect();
}

async function migrated(): Promise<boolean> {
  const { items } = await control.resource<ResourceBinding>(ResourceBindingKind).list({ namespace: 'default' });
  return items.filter(({ status }) => isConditionTrue(status?.conditions, 'FullyApplied')).length === count;
}

async function rolledBack(): Promise<boolean> {
  const { items } = await control.resource<Work>(WorkKind).list({ namespace: 'karmada-es-member1' });
  return items.every(({ spec }) => spec.workload?.manifests?.[0]?.kind !== 'Deployment');
}

const templateNames = async () =>
  (await control.resource<Deployment>(Deployments).list({ namespace: 'default' })).items.map(
    ({ metadata }) => metadata.name!,
  );

const marked = async () =>
  (await member.resource<Deployment>(Deployments).list({ namespace: 'default' })).items.filter(
    ({ metadata }) => metadata.labels?.['karmada.io/managed'] === 'true',
  ).length;

describe(`killed at any moment of a migration of ${count} workloads`, () => {
  beforeAll(async () => {
    up = await runningUp(home);
    connect();
    await applyAll(member, workloads);
    before = await until('the workloads run in member1', runningPods);
  });
  afterAll(async () => {
    control?.close();
    member?.close();
    await up?.stop();
    home.remove();
  });

  for (const seed of seeds) {
    test(`seed ${seed}`, async () => {
      const random = seededRandom(seed);
      const migrating = Promise.all([applyAll(control, [migratePolicy]), applyAll(control, workloads)]);
      await killAfter(random.next() * longestMs);
      const [, acknowledged] = await migrating;
      await startAgain();
      expect(await templateNames()).toEqual(expect.arrayContaining([...acknowledged]));
      await applyAll(control, [migratePolicy, ...workloads]);
      await until('the migration has finished', migrated);
      expect(await until('all run', runningPods)).toEqual(before);
      expect(await marked()).toBe(count);

      const leaving = deleteAll(control, workloads);
      await killAfter(random.next() * longestMs);
      await leaving;
      await startAgain();
      await deleteAll(control, workloads);
      await until('the rollback has finished', rolledBack);
      expect(await until('all run', runningPods)).toEqual(before);
      expect(await marked()).toBe(0);
    });
  }
});
