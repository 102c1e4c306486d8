/** Finds out about what differs: reads the few objects that do, their templates, Works and kept originals. */
import type { Work } from '#apis/work/work.ts';
import { findCondition } from '#kube/conditions/conditions.ts';
import type { Condition } from '#kube/meta/object.ts';
import { eachLimited } from '#runtime/each.ts';
import type { Reasons } from '../evidence/change.ts';
import { type Pair, pairsOf } from '../evidence/compare.ts';
import { type EvidenceSet, evidenceIn } from '../evidence/evidence.ts';
import { changedFields } from '../evidence/fields.ts';
import { isAway } from '../evidence/take-all.ts';
import type { MigrationPlan } from '../model.ts';
import type { Source } from '../reading/inventory.ts';
import { identityOfPlanned, readLive } from '../reading/live.ts';
import { fieldManager } from '../record/store.ts';
import { originalOf, readWork } from '../rollback/look.ts';
import { reasonsFor } from './attribute.ts';

/** Each is four reads; of those beyond, the fields are named and nobody. */
const mostLookedInto = 500;
const readAtATime = 8;

export interface ReasonsOptions {
  readonly plan: MigrationPlan;
  readonly control: Source;
  readonly member: (cluster: string) => Promise<Source | undefined>;
}

/** By cluster and identity. */
export type AllReasons = ReadonlyMap<string, ReadonlyMap<string, Reasons>>;

const differs = ({ before, after }: Pair): boolean =>
  after !== undefined &&
  after.uid === before.uid &&
  (after.hash !== before.hash ||
    after.generation !== before.generation ||
    uidsOf(before) !== uidsOf(after) ||
    after.revisions?.length !== before.revisions?.length);

const uidsOf = ({ pods = [] }: Pair['before']): string => pods.map(({ uid }) => uid).join();

export async function findReasons(
  options: ReasonsOptions,
  before: EvidenceSet,
  after: EvidenceSet,
): Promise<AllReasons> {
  const all = new Map<string, ReadonlyMap<string, Reasons>>();
  let left = mostLookedInto;
  for (const now of after.clusters) {
    const then = evidenceIn(before, now.cluster);
    const pairs = then ? pairsOf(options.plan, then, now).filter(differs).slice(0, left) : [];
    left -= pairs.length;
    if (pairs.length > 0) all.set(now.cluster, await reasonsIn(options, now.cluster, pairs));
  }
  return all;
}

const none: ReadonlyMap<string, Reasons> = new Map();

async function reasonsIn(
  { control, member }: ReasonsOptions,
  cluster: string,
  pairs: readonly Pair[],
): Promise<ReadonlyMap<string, Reasons>> {
  const objects = pairs.map(({ planned }) => planned);
  try {
    const source = await member(cluster);
    if (!source) return none;
    const [lives, templates] = [await readLive(source, objects), await readLive(control, objects)];
    const found = await eachLimited(pairs, readAtATime, async ({ planned, identity, before, after }) => {
      const live = lives.get(identityOfPlanned(planned));
      if (!live) return [];
      const work = await readWork(control.client, planned, cluster);
      const scene = {
        planned,
        live,
        original: await originalOf(control.client, planned, cluster),
        template: templates.get(identityOfPlanned(planned)),
        message: work && appliedMessage(work),
        migrator: fieldManager,
      };
      const paths = before.hash === after!.hash ? [] : changedFields(before.fields, after!.fields);
      return [[identity, reasonsFor(scene, paths)] as const];
    });
    return new Map(found.flat());
  } catch (error) {
    // Gone between the look and this one: the fields are named all the same.
    if (isAway(error)) return none;
    throw error;
  }
}

const appliedMessage = ({ status }: Work): string | undefined =>
  findCondition(status?.conditions as readonly Condition[] | undefined, 'Applied')?.message;
