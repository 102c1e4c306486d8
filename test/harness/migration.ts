/** A cluster in which things run, a plan of it in a folder, and the plan applied: as the commands do it, without them. */
import { knownKind } from '#app/kinds.ts';
import type { ApiClient } from '#client/api-client.ts';
import { informerFactory } from '#client/informer/factory.ts';
import { kindFinder } from '#client/kinds.ts';
import { restMapper } from '#client/mapper/mapper.ts';
import { interpreterOf } from '#interpreter/interpreter.ts';
import { nativeSource } from '#interpreter/native/native.ts';
import type { ApplyOptions, Outcome } from '#migrate/apply/options.ts';
import { applyPlan } from '#migrate/apply/run.ts';
import { readControlPlane } from '#migrate/control/control-plane.ts';
import { readPlan, readPolicies, readTemplates, writePlan } from '#migrate/directory/directory.ts';
import { asIn, type IsAsBefore } from '#migrate/evidence/as-before.ts';
import type { EvidenceSet } from '#migrate/evidence/evidence.ts';
import { evidenceKeyOf } from '#migrate/evidence/key.ts';
import { type TakeAllOptions, takeAllEvidence } from '#migrate/evidence/take-all.ts';
import { isAdopted, type MigrationPlan, type PlanScope, titleOf } from '#migrate/model.ts';
import { makePlan } from '#migrate/plan/run.ts';
import type { RehearsedContent } from '#migrate/rehearse/ground.ts';
import { verifyPlan } from '#migrate/verify/run.ts';
import type { Verification } from '#migrate/verify/verify.ts';
import { sha256 } from '#world/certificates/digest.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { Disk } from '#world/disk/disk.ts';
import { memoryDisk } from '#world/disk/memory.ts';
import { seededRandom } from '#world/random/seeded.ts';
import type { Flow } from './flow.ts';
import type { Anything } from './kubectl.ts';

const meta = (name: string) => ({ namespace: 'shop', name });

const podOf = (app: string, more: Anything = {}): Anything => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'main', image: 'x', resources: { requests: { cpu: '50m' } } }], ...more },
});

const workload = (kind: string, name: string, more: Anything = {}): Anything => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: meta(name),
  spec: { selector: { matchLabels: { app: name } }, template: podOf(name), ...more },
});

const serviceOf = (name: string): Anything => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: meta(name),
  spec: { selector: { app: name }, ports: [{ port: 80 }] },
});

export const password = 'geheim';

/** What a team runs in one namespace: 25 objects of every wave but definitions, an autoscaler among them. */
export const shop: readonly Anything[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: meta('shop') },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: meta('shop'),
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: meta('shop'),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'shop' },
    subjects: [{ kind: 'ServiceAccount', name: 'shop', namespace: 'shop' }],
  },
  ...['one', 'two', 'three'].map((name) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: meta(name),
    data: { name },
  })),
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: meta('password'),
    type: 'Opaque',
    data: { word: Buffer.from(password).toString('base64') },
  },
  {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: meta('files'),
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  },
  ...['front', 'back', 'admin', 'search'].map((name) => workload('Deployment', name, { replicas: 2 })),
  // Its replicas are the autoscaler's.
  workload('Deployment', 'scaled'),
  workload('StatefulSet', 'db', { replicas: 2, serviceName: 'db' }),
  workload('DaemonSet', 'agent'),
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: meta('nightly'),
    spec: {
      schedule: '0 3 * * *',
      jobTemplate: { spec: { template: podOf('nightly', { restartPolicy: 'Never' }) } },
    },
  },
  ...['front', 'back', 'db', 'search'].map(serviceOf),
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: meta('front'),
    spec: { defaultBackend: { service: { name: 'front', port: { number: 80 } } } },
  },
  {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: meta('front'),
    spec: { minAvailable: 1, selector: { matchLabels: { app: 'front' } } },
  },
  {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: meta('scaled'),
    spec: {
      minReplicas: 3,
      maxReplicas: 5,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'scaled' },
    },
  },
  { apiVersion: 'v1', kind: 'ResourceQuota', metadata: meta('most'), spec: { hard: { pods: '50' } } },
];

export interface Planned {
  readonly plan: MigrationPlan;
  readonly disk: Disk;
  readonly folder: string;
}

/** What a migration needs of the ground it takes place on, simulated or real. */
export type MigrationGround = Pick<Flow, 'control' | 'member' | 'drive'> & { readonly clock: Clock };

/** What the commands hand in; each call has connections of its own, as each is a process of its own. */
function sourceOf(flow: MigrationGround, client: ApiClient) {
  const { clock } = flow;
  const informers = informerFactory(client, { clock, random: seededRandom(3) });
  const kindOf = kindFinder({ informers, known: knownKind, ready: (definitions) => definitions });
  const source = { client, mapper: restMapper(client, { clock }), kindOf, cluster: 'member1' };
  return { source, ready: () => informers.whenSynced(), stop: informers.stop };
}

const interpreter = interpreterOf([nativeSource]);

/** Plans what runs in member1, into a folder of a disk in memory. */
export async function planned(
  flow: MigrationGround,
  {
    scope = { namespaces: ['shop'] },
    to = ['member1'],
    withClosure = false,
  }: { readonly scope?: PlanScope; readonly to?: readonly string[]; readonly withClosure?: boolean } = {},
): Promise<Planned> {
  const { source, ready, stop } = sourceOf(flow, flow.member('member1'));
  const [disk, folder] = [memoryDisk(), '/plans/shop'];
  await flow.drive(ready());
  const namespace = { group: '', version: 'v1', kind: 'Namespace', resource: 'namespaces', namespaced: false };
  const { uid } = (await flow.member('member1').resource(namespace).get({ name: 'kube-system' })).metadata;
  const control = { client: flow.control, mapper: restMapper(flow.control, { clock: flow.clock }) };
  const made = await flow.drive(
    makePlan({
      name: 'shop',
      from: { ...source, id: uid! },
      to,
      scope,
      withClosure,
      target: async (name) => ({
        client: flow.member(name),
        mapper: restMapper(flow.member(name), { clock: flow.clock }),
      }),
      interpreter,
      control: (read) => readControlPlane(control, read),
      clock: flow.clock,
      progress: { reading: () => {}, deciding: () => {} },
    }),
  );
  stop();
  await writePlan(disk, folder, made, false);
  return { plan: await readPlan(disk, folder), disk, folder };
}

/** The folder as commands read it. */
export async function folderContent({ disk, folder }: Pick<Planned, 'disk' | 'folder'>): Promise<RehearsedContent> {
  const plan = await readPlan(disk, folder);
  const objects = plan.objects.filter(isAdopted);
  const templates = await readTemplates(disk, folder, objects);
  const byTitle = new Map(objects.map((object, i) => [titleOf(object), templates[i]!]));
  return {
    plan,
    hash: sha256((await disk.readText(`${folder}/plan.yaml`))!).toString('hex'),
    templateOf: (object) => byTitle.get(titleOf(object))!,
    policies: await readPolicies(disk, folder, plan),
  };
}

export interface Applying {
  readonly settings?: Partial<ApplyOptions['settings']>;
  /** In place of the control plane and the member: a line that can be cut. */
  readonly clients?: { readonly control: ApiClient; readonly member: ApiClient };
  readonly more?: Partial<ApplyOptions>;
}

let processes = 0;

/** Begins to apply the plan as its folder is now; time must pass for it to go on. */
export async function applying(
  flow: MigrationGround,
  { disk, folder }: Planned,
  { settings, clients, more }: Applying = {},
): Promise<Outcome> {
  const { control = flow.control, member = flow.member('member1') } = clients ?? {};
  const { source, ready, stop } = sourceOf(flow, member);
  const content = await folderContent({ disk, folder });
  try {
    await ready();
    return await applyPlan({
      ...content,
      control: { client: control, mapper: restMapper(control, { clock: flow.clock }) },
      from: source,
      member: async (name) => {
        const client = flow.member(name);
        return { client, mapper: restMapper(client, { clock: flow.clock }) };
      },
      interpreter,
      clock: flow.clock,
      random: seededRandom(5),
      settings: {
        maxFailures: 0,
        resume: false,
        allowedRestarts: [],
        dropped: [],
        overwritten: [],
        timeoutMs: 30_000,
        ...settings,
      },
      holder: `apply@test:${++processes}`,
      isDead: () => false,
      stopping: () => false,
      confirm: async () => true,
      show: () => {},
      tell: () => {},
      ...more,
    });
  } finally {
    stop();
  }
}

const evidenceKey = evidenceKeyOf('ab'.repeat(32));

/** As the folder's evidence would tell it. */
export const asInEvidence = (set: EvidenceSet): IsAsBefore => asIn(set, 'member1', evidenceKey);

/** `away`: clusters nobody here can reach. */
const lookingAt = (
  flow: MigrationGround,
  { plan }: Pick<Planned, 'plan'>,
  away: readonly string[] = [],
): TakeAllOptions => ({
  plan,
  member: async (name) => {
    if (away.includes(name)) return undefined;
    const client = flow.member(name);
    return { client, mapper: restMapper(client, { clock: flow.clock }) };
  },
  clock: flow.clock,
  key: evidenceKey,
});

/** What the clusters are like now, as far as a migration must not change it. */
export const evidenceNow = (flow: MigrationGround, made: Pick<Planned, 'plan'>): Promise<EvidenceSet> =>
  flow.drive(takeAllEvidence(lookingAt(flow, made)));

/** What `migrate verify` says of it now. */
export async function verified(
  flow: MigrationGround,
  made: Pick<Planned, 'plan'>,
  before: EvidenceSet,
  away: readonly string[] = [],
): Promise<Verification> {
  const control = { client: flow.control, mapper: restMapper(flow.control, { clock: flow.clock }) };
  return (await flow.drive(verifyPlan({ ...lookingAt(flow, made, away), control, before }))).result;
}
