/** What of a member's object is stated by us, and what is left to others, by the plan that writes it. */
import { manifestsOf, type Work } from '#apis/work/work.ts';
import type { KindFinder } from '#client/kinds.ts';
import { statedIn, yielded } from '#flow/4-execute/plan/applied.ts';
import type { Interpreter } from '#interpreter/interpreter.ts';
import { fieldSetOf } from '#kube/apply/typed/field-set.ts';
import { fieldSet, intersect, leaves, pathsOf, recursiveDifference } from '#kube/fields/fieldset.ts';
import { gvkOf } from '#kube/meta/kind.ts';
import { ownersOf } from '../changes/owners.ts';
import type { MemberFact } from './cluster.ts';

/** Fields named of one object. */
const mostKept = 4;

interface Meaning {
  readonly interpreter: Interpreter;
  readonly kindOf: KindFinder;
}

/** Metadata is ours to mark; status is the member's. */
const apart = fieldSet(['metadata'], ['status'], ['apiVersion'], ['kind']);

export async function memberFact(
  fact: MemberFact,
  work: Work | undefined,
  { interpreter, kindOf }: Meaning,
): Promise<MemberFact> {
  if (!('object' in fact) || !fact.object || !work) return fact;
  const live = fact.object;
  const manifest = manifestsOf(work)[0];
  if (!manifest) return fact;
  const { schema } = kindOf(gvkOf(live));
  // Whose hook fails says so on the Work; the walk goes on without it.
  const retained = await interpreter.retain(manifest, live).catch(() => manifest);
  const left = yielded({ manifest, retained, live, deferred: [], schema });
  const present = leaves(recursiveDifference(fieldSetOf(schema, live), apart));
  const owners = ownersOf(live, intersect(leaves(recursiveDifference(left, apart)), present));
  const kept = owners
    .slice(0, mostKept)
    .map(({ path, managers }) => `${path}${managers.length > 0 ? ` (${managers.join(', ')})` : ''}`);
  const more = owners.length > mostKept ? [`${owners.length - mostKept} more`] : [];
  return { object: live, kept: [...kept, ...more], stated: pathsOf(leaves(statedIn(work, manifest, schema))).length };
}
