/**
 * A plan is executed as it was reviewed, or not at all: each object is looked at again before it is written. One that
 * moved is planned anew and must come out the same, so that a mere status is no change; a template that somebody edited
 * in the folder is what is wanted, and has a dry run of its own.
 */
import { writeMode, writeModeReplace } from '#apis/names/annotations.ts';
import { managed, managedValue } from '#apis/names/labels.ts';
import type { KindFinder } from '#client/kinds.ts';
import type { Interpreter } from '#interpreter/interpreter.ts';
import { compare } from '#kube/apply/typed/compare.ts';
import { formatPath } from '#kube/fields/element.ts';
import { leaves, pathsOf, union } from '#kube/fields/fieldset.ts';
import { canonicalJson } from '#kube/fields/text.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import { gvkOf } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { eachLimited } from '#runtime/each.ts';
import { readOverrides } from '../control/control-plane.ts';
import type { OverrideRules } from '../control/overrides.ts';
import { isSecret, withSecretData } from '../directory/secret-data.ts';
import type { IsAsBefore } from '../evidence/as-before.ts';
import { type Change, type PlannedObject, referenceOf, type Verdict } from '../model.ts';
import { hashOf } from '../plan/assemble.ts';
import { foresee } from '../plan/decide.ts';
import type { Foreseen } from '../plan/foresee.ts';
import { toldWrite } from '../plan/judge.ts';
import { standsInTheWay } from '../plan/obstacles.ts';
import { templateOf } from '../plan/template.ts';
import type { Source } from '../reading/inventory.ts';
import { identityOfPlanned, readLive } from '../reading/live.ts';
import { isMarkedBy } from '../rollback/seen.ts';
import { type Elsewhere, type OtherCluster, overwrittenBy, readElsewhere } from './elsewhere.ts';
import { limited, verdictWords } from './words.ts';

export interface CheckOptions {
  /** The plan's name. */
  readonly plan: string;
  readonly from: Source & { readonly cluster: string; readonly kindOf: KindFinder };
  readonly control: Source;
  readonly interpreter: Interpreter;
  /** As the folder has them now; a Secret's without its data. */
  readonly fileOf: (object: PlannedObject) => UnstructuredObject;
  readonly mayRestart: (object: PlannedObject) => boolean;
  readonly isDropped: (object: PlannedObject) => boolean;
  /** Of Secrets that were written since the plan was made: of their data it holds nothing. Absent: nobody can tell. */
  readonly isAsBefore?: IsAsBefore;
  /** The plan's other clusters. */
  readonly others: readonly OtherCluster[];
  /** What the other clusters have of that name may be changed. */
  readonly mayOverwrite: (object: PlannedObject) => boolean;
}

/** An object that may be written. */
export interface Checked {
  readonly object: PlannedObject;
  /** Whole: with a Secret's data. */
  readonly template: UnstructuredObject;
  /** Its status is to come back from the member. */
  readonly observed: boolean;
  /** Of the template in the control plane, where the object is taken over with it already: nothing is to be written. */
  readonly done?: string;
  /** The folder has another template than the plan was made with. */
  readonly edited: boolean;
  /** It is under management already: the clusters are to get what was edited. */
  readonly isChange: boolean;
  /** What somebody stated in the cluster and the edited template lacks: it stays so there. */
  readonly kept: readonly string[];
}

/** One that may not, and what changed. */
export interface Stale {
  readonly object: PlannedObject;
  readonly why: string;
}

export interface CheckResult {
  readonly checked: readonly Checked[];
  readonly stale: readonly Stale[];
}

const checkedAtATime = 16;

export async function checkObjects(
  options: CheckOptions,
  objects: readonly PlannedObject[],
  told: (done: number) => void = () => {},
): Promise<CheckResult> {
  const [lives, templates] = [await readLive(options.from, objects), await readLive(options.control, objects)];
  const rulesFor = await readOverrides(options.control.client);
  const elsewhere = await readElsewhere(options.others, options.plan, objects);
  const all = { ...options, rulesFor, elsewhere };
  let done = 0;
  const results = await eachLimited(objects, checkedAtATime, async (object) => {
    const identity = identityOfPlanned(object);
    const result = await checkEverywhere(all, object, lives.get(identity), templates.get(identity));
    told(++done);
    return typeof result === 'string' ? { object, why: result } : result;
  });
  return {
    checked: results.filter((result): result is Checked => 'template' in result),
    stale: results.filter((result): result is Stale => 'why' in result),
  };
}

interface Overridden extends CheckOptions {
  readonly rulesFor: OverrideRules;
  readonly elsewhere: readonly Elsewhere[];
}

async function checkEverywhere(
  options: Overridden,
  object: PlannedObject,
  live: UnstructuredObject | undefined,
  there: UnstructuredObject | undefined,
): Promise<Checked | string> {
  const checked = await check(options, object, live, there);
  if (typeof checked === 'string' || options.mayOverwrite(object)) return checked;
  const { elsewhere, interpreter, rulesFor, from } = options;
  const refusal = await overwrittenBy(
    { elsewhere, interpreter, rulesFor, kindOf: from.kindOf },
    object,
    checked.template,
  );
  return refusal ?? checked;
}

/** `there`: the control plane's template of that name. Answers why not, in words that follow the object's name. */
async function check(
  options: Overridden,
  object: PlannedObject,
  live: UnstructuredObject | undefined,
  there: UnstructuredObject | undefined,
): Promise<Checked | string> {
  const { from, interpreter } = options;
  if (!live) return 'is gone';
  if (live.metadata.uid !== object.uid) return 'was deleted and made anew';
  const obstacle = standsInTheWay(there, options.plan);
  if (obstacle !== undefined) return `cannot be written: ${obstacle}`;
  const isManaged = live.metadata.labels?.[managed] === managedValue;
  if (isManaged && !there) {
    return isMarkedBy(live, object, options.plan, from.cluster)
      ? `is under management by this plan, and the control plane has lost its template, as an older backup would: flotilla migrate rollback DIR --object ${referenceOf(object)} gives it back first`
      : 'has come under management by somebody else';
  }
  const kind = from.kindOf(gvkOf(live));
  // Once it is taken over its fields have other owners: what its template is, the control plane knows then.
  const asked = isManaged ? there! : templateOf(live, kind).template;
  const file = withSecretData(options.fileOf(object), asked);
  const moved = !isManaged && live.metadata.resourceVersion !== object.resourceVersion;
  if (moved && isSecret(live) && !options.isAsBefore?.(object, live))
    return 'was written since, and a plan holds nothing of its data that would tell whether that has changed';
  if (moved && hashOf(asked) !== object.hash) return changedFields(file, asked, kind);
  const [edited, dropped] = [hashOf(file) !== object.hash, options.isDropped(object)];
  const template = dropped ? replacing(file) : file;
  const observed = Object.keys((await interpreter.reflectStatus(live)) ?? {}).length > 0;
  const kept = edited && !dropped && !isManaged ? lacking(file, asked, kind) : [];
  const checked = { object, template, observed, edited, kept, isChange: isManaged };
  if (isManaged && !edited && !dropped) return { ...checked, done: there!.metadata.uid! };
  // What override policies are now is not told by the member's object.
  const overridden = object.overrides !== undefined || options.rulesFor(template, from.cluster).length > 0;
  if (!edited && !dropped && !moved && !overridden) return checked;
  const foreseen = await dryRun(options, live, template);
  const { verdict } = foreseen;
  if (edited || dropped) return refusalOf(verdict, options.mayRestart(object)) ?? checked;
  if (canonicalJson(verdict as never) === canonicalJson(object.verdict as never)) {
    const others = overridden ? otherValues(object, toldWrite(kind, live, foreseen).told?.changes ?? []) : [];
    return others.length === 0 ? checked : `would get other values than the plan says: ${limited(others)}`;
  }
  return `would be taken over otherwise: ${verdictWords(verdict)}, where the plan says that ${verdictWords(object.verdict)}`;
}

async function dryRun(
  { from, interpreter, rulesFor }: Overridden,
  live: UnstructuredObject,
  template: UnstructuredObject,
): Promise<Foreseen> {
  const { cluster, client, mapper, kindOf } = from;
  const resource = await mapper.forKind(gvkOf(live));
  const rules = rulesFor(template, cluster);
  return foresee({ cluster, client, resource, live, template, kind: kindOf(gvkOf(live)), interpreter, rules });
}

/** Fields that would become something else than was reviewed; of a plan that had no room for values nobody can tell. */
function otherValues({ verdict, changes, moreChanges }: PlannedObject, now: readonly Change[]): readonly string[] {
  const reviewed = changes ?? (verdict.is === 'adopt' && moreChanges === undefined ? [] : now);
  const wordsOf = (all: readonly Change[]) =>
    new Map(all.map(({ path, after = null }) => [path, canonicalJson(after)] as const));
  const [before, after] = [wordsOf(reviewed), wordsOf(now)];
  return [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path));
}

/** Fields of the one that the other does not have. */
function lacking(file: UnstructuredObject, asked: UnstructuredObject, kind: KindDefinition): readonly string[] {
  return pathsOf(leaves(compare(kind.schema, asked, file).removed)).map(formatPath);
}

/** Written as a whole: what it lacks goes from the member's object. */
const replacing = (template: UnstructuredObject): UnstructuredObject => {
  const { annotations } = template.metadata;
  return {
    ...template,
    metadata: { ...template.metadata, annotations: { ...annotations, [writeMode]: writeModeReplace } },
  };
};

function changedFields(file: UnstructuredObject, asked: UnstructuredObject, { schema }: KindDefinition): string {
  const { added, modified, removed } = compare(schema, file, asked);
  const paths = pathsOf(leaves(union(union(added, modified), removed))).map(formatPath);
  return `was changed: ${limited(paths)}`;
}

function refusalOf(verdict: Verdict, mayRestart: boolean): string | undefined {
  if (verdict.is === 'adopt' || verdict.is === 'change' || (verdict.is === 'restart' && mayRestart)) return undefined;
  return `cannot be taken over as it is asked for now: ${verdictWords(verdict)}`;
}
