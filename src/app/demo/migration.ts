/** What `flotilla migrate plan`, `apply` and `verify` do, on the sample: the same functions, the plan in the demo's folder. */

import { Namespaces } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import { informerFactory } from '#client/informer/factory.ts';
import { kindFinder } from '#client/kinds.ts';
import { restMapper } from '#client/mapper/mapper.ts';
import { interpreterOf } from '#interpreter/interpreter.ts';
import { nativeSource } from '#interpreter/native/native.ts';
import { applyPlan } from '#migrate/apply/run.ts';
import { readControlPlane } from '#migrate/control/control-plane.ts';
import { readPlan, readPolicies, readTemplates, writePlan } from '#migrate/directory/directory.ts';
import { ensureEvidenceKey } from '#migrate/evidence/key.ts';
import { readEvidence, writeEvidence } from '#migrate/evidence/store.ts';
import { type TakeAllOptions, takeAllEvidence } from '#migrate/evidence/take-all.ts';
import { isAdopted, type MigrationPlan, referenceOf } from '#migrate/model.ts';
import { makePlan } from '#migrate/plan/run.ts';
import type { Source } from '#migrate/reading/inventory.ts';
import { verifyPlan } from '#migrate/verify/run.ts';
import type { Verification } from '#migrate/verify/verify.ts';
import { sha256 } from '#world/certificates/digest.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { Disk } from '#world/disk/disk.ts';
import type { Random } from '#world/random/random.ts';
import { knownKind } from '../kinds.ts';

export interface MigrationOptions {
  readonly cluster: string;
  readonly control: ApiClient;
  readonly source: ApiClient;
  /** Where the plan is kept. */
  readonly folder: string;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly random: Random;
  readonly step: (text: string, done: number, total: number) => void;
}

/** Longer than the sample takes on a loaded machine. */
const timeoutMs = 60_000;

const hex = (text: string): string => sha256(text).toString('hex');

export interface DemoMigration {
  readonly plan: () => Promise<MigrationPlan>;
  readonly apply: (plan: MigrationPlan) => Promise<void>;
  readonly verify: (plan: MigrationPlan) => Promise<Verification>;
  readonly end: () => void;
}

/** What evidence is taken of, and with which key. */
const lookAt = async (
  { control, clock, random }: MigrationOptions,
  from: Source,
  plan: MigrationPlan,
): Promise<TakeAllOptions> => ({
  plan,
  member: async () => from,
  clock,
  key: await ensureEvidenceKey(control, plan.metadata.name, random),
});

export async function demoMigration(options: MigrationOptions): Promise<DemoMigration> {
  const { cluster, control: plane, source: client, folder, disk, clock, random, step } = options;
  const informers = informerFactory(client, { clock, random });
  const kindOf = kindFinder({ informers, known: knownKind, ready: (definitions) => definitions });
  await informers.whenSynced();
  const from = { client, mapper: restMapper(client, { clock }), cluster, kindOf };
  const control = { client: plane, mapper: restMapper(plane, { clock }) };
  const interpreter = interpreterOf([nativeSource]);

  return {
    plan: async () => {
      const { uid = '' } = (await client.resource(Namespaces).get({ name: 'kube-system' })).metadata;
      const made = await makePlan({
        name: 'demo',
        from: { ...from, id: uid },
        to: [cluster],
        scope: {},
        withClosure: false,
        target: async () => from,
        interpreter,
        control: (read) => readControlPlane(control, read),
        clock,
        progress: { reading: () => {}, deciding: () => {} },
      });
      await writePlan(disk, folder, made, true);
      return readPlan(disk, folder);
    },
    apply: async (plan) => {
      const objects = plan.objects.filter(isAdopted);
      const templates = await readTemplates(disk, folder, objects);
      const byReference = new Map(objects.map((object, i) => [referenceOf(object), templates[i]!]));
      let shown: number | undefined;
      const outcome = await applyPlan({
        plan,
        hash: hex((await disk.readText(`${folder}/plan.yaml`)) ?? ''),
        templateOf: (object) => byReference.get(referenceOf(object))!,
        policies: await readPolicies(disk, folder, plan),
        control,
        from,
        interpreter,
        clock,
        random,
        settings: { maxFailures: 0, resume: false, allowedRestarts: [], dropped: [], overwritten: [], timeoutMs },
        holder: 'demo@localhost:0',
        isDead: () => true,
        stopping: () => false,
        confirm: async () => true,
        keepEvidence: async () => {
          const look = await lookAt(options, from, plan);
          await writeEvidence(disk, folder, 'before', await takeAllEvidence(look), look.key);
        },
        show: ({ waves }) => {
          const done = waves.reduce((total, wave) => total + wave.applied, 0);
          if (done !== shown) step('objects taken over', done, objects.length);
          shown = done;
        },
        tell: () => {},
      });
      if (outcome.is !== 'applied') throw new Error(`the plan was not applied: ${JSON.stringify(outcome)}`);
    },
    verify: async (plan) => {
      const look = await lookAt(options, from, plan);
      const before = (await readEvidence(disk, folder, 'before', look.key))!.set;
      const { result, after } = await verifyPlan({ ...look, control, before });
      await writeEvidence(disk, folder, 'after', after, look.key);
      return result;
    },
    end: informers.stop,
  };
}
