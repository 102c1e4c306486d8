/**
 * The other clusters that a plan is for: what is there already under an object's name belongs to somebody, and is not
 * overwritten unasked.
 */
import type { Interpreter } from '#interpreter/interpreter.ts';
import { gvkOf } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import type { OverrideRules } from '../control/overrides.ts';
import { type MigrationPlan, type PlannedObject, referenceOf } from '../model.ts';
import { decide } from '../plan/decide.ts';
import { staysHome } from '../plan/placing.ts';
import type { Source } from '../reading/inventory.ts';
import { identityOfPlanned, readLive } from '../reading/live.ts';
import { isMarkedBy } from '../rollback/seen.ts';
import type { CheckOptions } from './check.ts';
import { verdictWords } from './words.ts';

export interface OtherCluster extends Source {
  readonly cluster: string;
}

/** Raised for a cluster that nobody here can look into. */
class Unseen extends Error {
  override readonly name = 'Unseen';
}

/** Throws Unseen. */
export async function othersOf(
  { spec }: MigrationPlan,
  member: ((cluster: string) => Promise<Source | undefined>) | undefined,
): Promise<readonly OtherCluster[]> {
  const names = spec.to.filter((name) => name !== spec.from.cluster);
  if (!member) return [];
  return Promise.all(
    names.map(async (cluster) => {
      const source = await member(cluster);
      if (source) return { ...source, cluster };
      throw new Unseen(
        `nobody here can look into ${cluster}, and what is there already must not be overwritten; give the kubeconfig a context of that name`,
      );
    }),
  );
}

export interface Elsewhere extends OtherCluster {
  /** By identity, what the plan has not put there. */
  readonly lives: ReadonlyMap<string, UnstructuredObject>;
}

/** What of these is in the other clusters already, and not by this plan. */
export async function readElsewhere(
  others: readonly OtherCluster[],
  plan: string,
  objects: readonly PlannedObject[],
): Promise<readonly Elsewhere[]> {
  const wandering = objects.filter((object) => !staysHome(object));
  return Promise.all(
    others.map(async (other) => {
      const lives = new Map(await readLive(other, wandering));
      for (const object of wandering) {
        const live = lives.get(identityOfPlanned(object));
        if (live && isMarkedBy(live, object, plan, other.cluster)) lives.delete(identityOfPlanned(object));
      }
      return { ...other, lives };
    }),
  );
}

export interface OverwriteInput {
  readonly elsewhere: readonly Elsewhere[];
  readonly kindOf: CheckOptions['from']['kindOf'];
  readonly interpreter: Interpreter;
  readonly rulesFor: OverrideRules;
}

/** Why it may not be spread, in words that follow the object's name; undefined where nothing is lost by it. */
export async function overwrittenBy(
  { elsewhere, kindOf, interpreter, rulesFor }: OverwriteInput,
  object: PlannedObject,
  template: UnstructuredObject,
): Promise<string | undefined> {
  for (const { cluster, client, mapper, lives } of elsewhere) {
    const live = lives.get(identityOfPlanned(object));
    if (!live) continue;
    const [resource, kind] = [await mapper.forKind(gvkOf(live)), kindOf(gvkOf(live))];
    const rules = rulesFor(template, cluster);
    const verdict = await decide({ cluster, client, resource, live, template, kind, interpreter, rules });
    if (verdict.is === 'adopt') continue;
    return `is in ${cluster} already, and is not the same there: ${verdictWords(verdict)}; --overwrite ${referenceOf(object)} allows it`;
  }
  return undefined;
}
