/** The main job on the sample: an application runs in member1, comes under management, and spreads; no Pod restarts. */
import type { ResourceBinding } from '#apis/work/resource-binding.ts';
import { ResourceBindingKind } from '#apis/work/resource-binding.ts';
import type { ApiClient } from '#client/api-client.ts';
import { restMapper } from '#client/mapper/mapper.ts';
import { isConditionTrue } from '#kube/conditions/conditions.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { isAdopted } from '#migrate/model.ts';
import { type Clock, sleep } from '#world/clock/clock.ts';
import type { Disk } from '#world/disk/disk.ts';
import type { Random } from '#world/random/random.ts';
import { demoMigration } from './migration.ts';
import { createPolicy, nginxPolicy } from './policies.ts';
import { createAll } from './scenario.ts';
import { isUnchanged, sum, type WorkloadPods, workloadPods } from './workloads.ts';

const namespace = 'default';

export interface JourneyView {
  /** A chapter begins. */
  readonly title: (text: string) => void;
  /** How far the present step is; the last call of a step has `done === total`. */
  readonly step: (text: string, done: number, total: number) => void;
}

export interface JourneyOptions {
  readonly controlPlane: ApiClient;
  readonly member: (name: string) => ApiClient;
  readonly objects: readonly KubeObject[];
  /** Where the plan is kept. */
  readonly folder: string;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly random: Random;
  readonly view: JourneyView;
}

export interface WorkloadResult {
  readonly workload: string;
  readonly uidsBefore: readonly string[];
  readonly uidsAfter: readonly string[];
  readonly restartsBefore: number;
  readonly restartsAfter: number;
  readonly unchanged: boolean;
  readonly runsIn: readonly string[];
}

const lookMs = 20;
/** Long enough for a loaded machine; the sample takes a second. */
const patienceMs = 60_000;

/** Looks until all is done, telling how far it is; fails with what was waited for. */
async function follow(
  clock: Clock,
  view: JourneyView,
  text: string,
  look: () => Promise<readonly [number, number]>,
): Promise<void> {
  const until = clock.monotonic() + patienceMs;
  for (;;) {
    const [done, total] = await look();
    view.step(text, done, total);
    if (done === total) return;
    if (clock.monotonic() > until)
      throw new Error(`${text}: ${done} of ${total} after ${patienceMs / 1000} s; see "flotilla status"`);
    await sleep(clock, lookMs);
  }
}

const flat = (pods: WorkloadPods) => [...pods.values()].flat();

/** Expected Pods are known once a Deployment's, StatefulSet's … number of them is there and all are ready. */
async function settled(client: ApiClient, objects: readonly KubeObject[]): Promise<readonly [number, number]> {
  const pods = await workloadPods(client, namespace);
  let [ready, total] = [0, 0];
  for (const object of objects) {
    const { replicas } = ((object as { readonly spec?: { readonly replicas?: number } }).spec ?? {}) as {
      readonly replicas?: number;
    };
    if (replicas === undefined || !object.apiVersion.startsWith('apps/')) continue;
    total += replicas;
    ready += Math.min(
      replicas,
      (pods.get(`${object.kind}/${object.metadata.name}`) ?? []).filter((pod) => pod.ready).length,
    );
  }
  return [ready, total];
}

async function bindings(
  client: ApiClient,
  wanted: (binding: ResourceBinding) => boolean,
  expected: number,
): Promise<readonly [number, number]> {
  const { items } = await client.resource<ResourceBinding>(ResourceBindingKind).list({ namespace });
  return [Math.min(expected, items.filter(wanted).length), expected];
}

const isApplied = (binding: ResourceBinding) => isConditionTrue(binding.status?.conditions, 'FullyApplied');

/** As `flotilla migrate plan`, `apply` and `verify` do it. Answers whether nothing has changed. */
async function takeOver(options: JourneyOptions, source: ApiClient): Promise<boolean> {
  const { controlPlane: control, folder, disk, clock, random, view } = options;
  const { title, step } = view;
  const migration = await demoMigration({ cluster: 'member1', control, source, folder, disk, clock, random, step });
  try {
    title('migrate plan: what taking it over would do, tried in member1 without writing anything');
    const plan = await migration.plan();
    const objects = plan.objects.filter(isAdopted);
    const harmless = objects.filter(({ verdict }) => verdict.is === 'adopt').length;
    step('objects to be taken over without a change or a restart', harmless, objects.length);
    title('migrate apply: they come under multi-cluster management, wave by wave');
    await migration.apply(plan);
    title('migrate verify: what ran before runs as it did');
    const { proven, coverage, differences } = await migration.verify(plan);
    const same = coverage.pods - differences.filter(({ is }) => is === 'restart').length;
    step('Pods with the uid, the start and the containers they had', same, coverage.pods);
    return proven;
  } finally {
    migration.end();
  }
}

export async function journey(options: JourneyOptions): Promise<readonly WorkloadResult[]> {
  const { controlPlane, member, objects, clock, view } = options;
  const source = member('member1');

  view.title('An application runs in member1');
  await createAll(source, restMapper(source, { clock }), objects);
  await follow(clock, view, 'Pods ready', () => settled(source, objects));
  const before = await workloadPods(source, namespace);

  const proven = await takeOver(options, source);

  view.title('A policy of higher priority spreads nginx to member2');
  await createPolicy(controlPlane, nginxPolicy(['member1', 'member2']));
  const spread = (binding: ResourceBinding) => binding.spec.clusters?.length === 2 && isApplied(binding);
  await follow(clock, view, 'resources in both clusters', () => bindings(controlPlane, spread, 2));
  await follow(clock, view, 'nginx Pods ready in member2', async () => {
    const pods = flat(await workloadPods(member('member2'), namespace));
    return [pods.filter((pod) => pod.ready).length, Math.max(2, pods.length)];
  });
  if (!proven) throw new Error(`the migration is not proven: see flotilla migrate verify ${options.folder}`);
  return compare(before, await workloadPods(source, namespace), await workloadPods(member('member2'), namespace));
}

function compare(before: WorkloadPods, after: WorkloadPods, other: WorkloadPods): readonly WorkloadResult[] {
  return [...before]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([workload, pods]) => {
      const now = after.get(workload);
      return {
        workload,
        uidsBefore: pods.map((pod) => pod.uid),
        uidsAfter: (now ?? []).map((pod) => pod.uid),
        restartsBefore: sum(pods),
        restartsAfter: sum(now),
        unchanged: isUnchanged(pods, now),
        runsIn: other.has(workload) ? ['member1', 'member2'] : ['member1'],
      };
    });
}
