/** One object is judged: is it a template at all, is its way free, and what would the write of it do, in each cluster. */
import { claimOf } from '#apis/policy/claim.ts';
import { isManaged, isPlace } from '#flow/4-execute/plan.ts';
import type { Replicas } from '#interpreter/interpreter.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import { type GroupVersionKind, gvkOf } from '#kube/meta/kind.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { changesIn } from '../changes/changes.ts';
import { relabels, type ToldChanges, toldChanges } from '../changes/told.ts';
import { namedOf } from '../closure/named.ts';
import type { Target } from '../closure/target.ts';
import type { ControlPlane, Tried } from '../control/control-plane.ts';
import { overridesOf } from '../control/overrides.ts';
import { rivalWords } from '../control/owner.ts';
import {
  isAdopted,
  type Override,
  type Overwrite,
  type OwnedField,
  type PlannedObject,
  type Verdict,
} from '../model.ts';
import { whySkipped } from '../reading/selection.ts';
import { decide, foresee } from './decide.ts';
import type { Foreseen } from './foresee.ts';
import { isNamespace, standsInTheWay, unknownKind } from './obstacles.ts';
import { placesOf } from './placing.ts';
import type { PlanOptions } from './run.ts';
import { templateOf } from './template.ts';

/** Namespaces are made in every cluster, and one that is there already is not touched. */
const sameNamespace = 'the control plane has it already, and it says the same';

export interface Judged {
  readonly live: UnstructuredObject;
  readonly template?: UnstructuredObject;
  readonly verdict: Verdict;
  readonly kept: readonly OwnedField[];
  readonly overrides: readonly Override[];
  readonly overwrites: readonly Overwrite[];
  readonly notes: readonly string[];
  readonly replicas?: Replicas;
  /** Absent where nothing but marks of management would differ. */
  readonly told?: ToldChanges;
}

/** What is known before any object is judged. */
export interface Facts {
  readonly control: ControlPlane;
  /** Besides the running cluster, those that could be read. */
  readonly targets: readonly Target[];
  /** Objects whose bindings would have the name of another's. */
  readonly shared: ReadonlyMap<KubeObject, KubeObject>;
  /** Whether a definition among the objects makes a kind known. */
  readonly defines: (kind: GroupVersionKind) => boolean;
}

export const isTaken = ({ verdict }: Pick<Judged, 'verdict'>): boolean => isAdopted({ verdict } as PlannedObject);

/** Why it cannot be taken over, whatever is in it. */
function obstacleTo(
  { name }: PlanOptions,
  { control, shared, defines }: Facts,
  live: UnstructuredObject,
): Verdict | undefined {
  const skipped = whySkipped(live);
  if (skipped !== undefined) return { is: 'skip', reason: skipped };
  const kind = gvkOf(live);
  if (!control.serves(kind) && !defines(kind)) return { is: 'blocked', reason: unknownKind(kind) };
  const rival = shared.get(live);
  if (rival) {
    const reason = `its binding would have the name of that of ${rival.apiVersion} ${rival.kind}; take over one of the two`;
    return { is: 'blocked', reason };
  }
  const conflict = standsInTheWay(control.templateOf(live), name);
  if (conflict !== undefined) return { is: 'conflict', reason: conflict };
  const { namespace } = live.metadata;
  if (namespace && control.namespaceOf(namespace)?.metadata.deletionTimestamp)
    return { is: 'blocked', reason: `the control plane is deleting its namespace ${namespace}` };
  return undefined;
}

export async function judge(options: PlanOptions, facts: Facts, live: UnstructuredObject): Promise<Judged> {
  const { from, to, name, interpreter } = options;
  const { control } = facts;
  const plain = { live, kept: [], overrides: [], overwrites: [], notes: [] };
  const obstacle = obstacleTo(options, facts, live);
  const kind = from.kindOf(gvkOf(live));
  if (obstacle?.is === 'conflict') {
    const tried = await control.tried(templateOf(live, kind).template);
    const told = toldOf(kind, tried);
    const same = tried && !told.told && isNamespace(live) && !claimOf(tried.live);
    return { ...plain, verdict: same ? { is: 'skip', reason: sameNamespace } : obstacle, ...told };
  }
  if (obstacle) return { ...plain, verdict: obstacle };
  const resource = await from.mapper.forKind(gvkOf(live));
  const { template, kept } = templateOf(live, kind);
  const taker = control.rivalOf(template, name);
  if (taker) return { ...plain, verdict: { is: 'conflict', reason: rivalWords(taker) } };
  const { cluster, client } = from;
  const rules = control.rulesFor(template, cluster);
  const { verdict, answer } = await foresee({
    cluster,
    client,
    resource,
    live,
    template,
    kind,
    interpreter,
    rules,
  });
  const told = toldWrite(kind, live, { verdict, ...(answer ? { answer } : {}) });
  const elsewhere = isTaken({ verdict }) ? await inTargets(options, facts, template, kind) : noOthers;
  if (elsewhere.conflict !== undefined) return { ...plain, verdict: { is: 'conflict', reason: elsewhere.conflict } };
  const replicas = await interpreter.getReplicas(template);
  const { overrides, failures } = overridesOf(control.rulesFor, template, placesOf(live, cluster, to), kind);
  const notes = [
    ...elsewhere.notes,
    ...[...failures].map(([where, why]) => `in ${where} its overrides cannot be applied: ${why}`),
  ];
  const { overwrites } = elsewhere;
  return { live, template, verdict, kept, overrides, overwrites, notes, ...told, ...(replicas ? { replicas } : {}) };
}

/** What is told of a write that was foreseen. */
export function toldWrite(
  kind: KindDefinition,
  live: UnstructuredObject,
  { verdict, answer }: Foreseen,
): Pick<Judged, 'told'> {
  if (!answer || (verdict.is === 'adopt' && !relabels(live, answer))) return {};
  const restarting = verdict.is === 'restart' ? verdict.fields.map(({ path }) => path) : [];
  return toldOf(kind, { live, answer }, restarting);
}

function toldOf(
  kind: KindDefinition,
  tried: Tried | undefined,
  restarting: readonly string[] = [],
): Pick<Judged, 'told'> {
  const told = tried && toldChanges(tried.live, changesIn({ ...tried, kind }), new Set(restarting));
  return told && told.changes.length > 0 ? { told } : {};
}

interface Others {
  readonly notes: readonly string[];
  readonly overwrites: readonly Overwrite[];
  readonly conflict?: string;
}
const noOthers: Others = { notes: [], overwrites: [] };

/** Whether the clusters that are to get a copy have one of their own: one that differs would be overwritten. */
async function inTargets(
  { from, to, interpreter }: PlanOptions,
  { control, targets }: Facts,
  template: UnstructuredObject,
  kind: KindDefinition,
): Promise<Others> {
  const notes: string[] = [];
  const overwrites: Overwrite[] = [];
  const places = placesOf(template, from.cluster, to);
  for (const { cluster, source, live: liveIn } of targets) {
    const live = liveIn(namedOf(template));
    // Ours already: what it is to be is decided by whoever has it.
    if (!live || !places.includes(cluster) || isPlace(live) || control.templateOf(template)) continue;
    const refused = (why: string): Others => ({ ...noOthers, conflict: `${why}; leave ${cluster} out of --to` });
    if (isManaged(live)) return refused(`${cluster} has one that is under management already`);
    const { client } = source;
    const resource = await source.mapper.forKind(gvkOf(live));
    const rules = control.rulesFor(template, cluster);
    const verdict = await decide({ cluster, client, resource, live, template, kind, interpreter, rules });
    if (verdict.is === 'adopt') notes.push(`${cluster} has the same already: that one is taken over too`);
    else if (verdict.is === 'change') overwrites.push({ cluster, fields: verdict.fields });
    else if (verdict.is === 'restart') overwrites.push({ cluster, fields: verdict.fields.map(({ path }) => path) });
    else return refused(`${cluster} has one of its own, which cannot be taken over: ${verdict.reason}`);
  }
  return { notes, overwrites };
}
