/** A plan that was applied is rolled back, as the command does it, and what is left of it is looked for. */

import { manifestAnnotations } from '#apis/names/annotations.ts';
import { manifestLabels } from '#apis/names/labels.ts';
import { knownKind } from '#app/kinds.ts';
import { restMapper } from '#client/mapper/mapper.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { ApplyOptions } from '#migrate/apply/options.ts';
import { readPlan } from '#migrate/directory/directory.ts';
import type { MigrationPlan } from '#migrate/model.ts';
import type { LookOptions, RollbackResult } from '#migrate/rollback/options.ts';
import { rollBackRecorded, rollBackWave } from '#migrate/rollback/recorded.ts';
import { previewRollback } from '#migrate/rollback/run.ts';
import { type RollbackScope, wavesOf } from '#migrate/rollback/scope.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { type Life, mortalClient } from './cut-client.ts';
import type { Anything } from './kubectl.ts';
import type { MigrationGround, Planned } from './migration.ts';

export interface RollingBack {
  readonly removeCopies?: boolean;
  readonly stopping?: () => boolean;
  readonly scope?: RollbackScope;
  /** In place of the folder's. */
  readonly plan?: MigrationPlan;
  /** Of the process: its clients do what it has left. */
  readonly life?: Life;
  /** Clusters nobody here can reach. */
  readonly unreachable?: readonly string[];
}

async function looking(flow: MigrationGround, { disk, folder }: Planned, options: RollingBack): Promise<LookOptions> {
  const { clock } = flow;
  const { life } = options;
  const client = life ? mortalClient(flow.control, life) : flow.control;
  return {
    plan: options.plan ?? (await readPlan(disk, folder)),
    control: { client, mapper: restMapper(client, { clock }) },
    member: async (name) => {
      if (options.unreachable?.includes(name)) return undefined;
      const member = life ? mortalClient(flow.member(name), life) : flow.member(name);
      return { client: member, mapper: restMapper(member, { clock }) };
    },
    kindOf: (gvk) => knownKind(gvk) ?? ({ ...gvk, schema: {} } as unknown as KindDefinition),
    clock,
    random: seededRandom(6),
    removeCopies: options.removeCopies ?? false,
  };
}

let processes = 0;

/** Begins to roll back, as the one who holds the record; time must pass for it to go on. */
export async function rollingBack(
  flow: MigrationGround,
  made: Planned,
  options: RollingBack = {},
): Promise<RollbackResult> {
  const look = await looking(flow, made, options);
  return rollBackRecorded({
    ...look,
    waves: wavesOf(look.plan, options.scope ?? {}),
    whole: options.scope === undefined,
    timeoutMs: 30_000,
    stopping: options.stopping ?? (() => false),
    hash: 'hash',
    holder: `rollback@test:${++processes}`,
    isDead: () => true,
    show: () => {},
    tell: () => {},
  });
}

/** What `apply` takes a wave back with. */
export const wavesBack =
  (flow: MigrationGround, made: Planned, options: RollingBack = {}): NonNullable<ApplyOptions['rollBack']> =>
  async (wave, task) =>
    rollBackWave(await looking(flow, made, options), wave, { ...task, timeoutMs: 30_000 });

export async function previewing(flow: MigrationGround, made: Planned, options: RollingBack = {}) {
  const look = await looking(flow, made, options);
  return previewRollback(look, wavesOf(look.plan, options.scope ?? {}), () => {});
}

/** What of ours an object carries; the words `adoption` apart, nothing of it may be there after a rollback. */
export function ours({ metadata }: Anything): readonly string[] {
  return [
    ...manifestLabels.filter((key) => metadata.labels?.[key] !== undefined),
    ...manifestAnnotations.filter((key) => metadata.annotations?.[key] !== undefined),
    ...(metadata.finalizers ?? []).filter((each: string) => each.includes('karmada')),
    ...(metadata.managedFields ?? [])
      .map(({ manager }: Anything) => manager)
      .filter((each: string) => each === 'flotilla'),
  ];
}

/** An object without what moves by itself: what a rollback gives back to the last letter. */
export function asKept({ metadata, status: _status, ...rest }: Anything): Anything {
  const { managedFields = [], resourceVersion: _r, generation: _g, ...kept } = metadata;
  const owners = managedFields
    .filter(({ subresource }: Anything) => subresource !== 'status')
    .map(({ time: _t, ...entry }: Anything) => entry);
  return { ...rest, metadata: { ...kept, managedFields: owners } };
}
