/** Makes a plan: reads the running cluster, decides for each object, orders what is to be taken over. Writes nothing. */
import type { Policy } from '#apis/policy/matching.ts';
import type { KindFinder } from '#client/kinds.ts';
import type { Dependency, Interpreter, Replicas } from '#interpreter/interpreter.ts';
import { canonicalJson } from '#kube/fields/text.ts';
import { type GroupVersionKind, gvkOf } from '#kube/meta/kind.ts';
import type { JsonValue, KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { eachLimited } from '#runtime/each.ts';
import { sha256 } from '#world/certificates/digest.ts';
import { type Clock, timestamp } from '#world/clock/clock.ts';
import type { ControlPlane, Read } from '../control/control-plane.ts';
import { overridesOf } from '../control/overrides.ts';
import { rivalWords } from '../control/owner.ts';
import { type Asked, quotaNotes } from '../control/quotas.ts';
import {
  isAdopted,
  type MigrationPlan,
  type Override,
  type OwnedField,
  type PlannedObject,
  type PlanScope,
  planApiVersion,
  type Verdict,
  type Wave,
} from '../model.ts';
import { decide } from './decide.ts';
import { type Inventory, type Source, takeInventory } from './inventory.ts';
import { identityOf, missingNotes } from './missing.ts';
import { sharedNames, standsInTheWay } from './obstacles.ts';
import { homeNote, staysHome } from './placing.ts';
import { policiesFor } from './policies.ts';
import { whySkipped } from './selection.ts';
import { templateOf } from './template.ts';
import { type WaveTitle, waveOf, waveOrder } from './waves.ts';

export interface PlanProgress {
  readonly reading: (read: number) => void;
  readonly deciding: (done: number, total: number) => void;
}

export interface PlanOptions {
  readonly name: string;
  /** The running cluster, under the name it has, or will have, in the control plane. */
  readonly from: Source & { readonly cluster: string; readonly id: string; readonly kindOf: KindFinder };
  readonly to: readonly string[];
  readonly scope: PlanScope;
  readonly interpreter: Interpreter;
  /** `noControlPlane` where there is none yet. */
  readonly control: (read: Read) => Promise<ControlPlane>;
  readonly clock: Clock;
  readonly progress: PlanProgress;
}

export interface MadePlan {
  readonly plan: MigrationPlan;
  /** By position in `plan.objects`; undefined for what is not taken over. */
  readonly templates: readonly (UnstructuredObject | undefined)[];
  readonly policies: readonly { readonly wave: number; readonly policy: Policy }[];
  readonly unread: Inventory['unread'];
}

const kindsOf = (objects: readonly UnstructuredObject[]): readonly GroupVersionKind[] => [
  ...new Map(objects.map((object) => [`${object.apiVersion}/${object.kind}`, gvkOf(object)])).values(),
];

/** Dry runs on their way at a time: enough to keep a server busy, few enough to leave it its other work. */
const decidedAtATime = 16;

interface Judged {
  readonly live: UnstructuredObject;
  readonly template?: UnstructuredObject;
  readonly verdict: Verdict;
  readonly kept: readonly OwnedField[];
  readonly needs: readonly Dependency[];
  readonly overrides: readonly Override[];
  readonly replicas?: Replicas;
}

export async function makePlan(options: PlanOptions): Promise<MadePlan> {
  const { from, scope, progress } = options;
  const inventory = await takeInventory(from, scope, progress.reading);
  const own = inventory.objects.filter((object) => whySkipped(object) === undefined);
  const shared = sharedNames(own);
  const control = await options.control({ kinds: kindsOf(own), clusters: options.to });
  let done = 0;
  const judged = await eachLimited(inventory.objects, decidedAtATime, async (live) => {
    const verdict = await judge(options, control, live, shared.get(live));
    progress.deciding(++done, inventory.objects.length);
    return verdict;
  });
  return assemble(options, control, judged, inventory.unread);
}

async function judge(
  { from, to, name, interpreter }: PlanOptions,
  control: ControlPlane,
  live: UnstructuredObject,
  rival: KubeObject | undefined,
): Promise<Judged> {
  const plain = { live, kept: [], needs: [], overrides: [] };
  const skipped = whySkipped(live);
  if (skipped !== undefined) return { ...plain, verdict: { is: 'skip', reason: skipped } };
  if (rival) {
    const reason = `its binding would have the name of that of ${rival.apiVersion} ${rival.kind}; take over one of the two`;
    return { ...plain, verdict: { is: 'blocked', reason } };
  }
  const conflict = standsInTheWay(control.templateOf(live), name);
  if (conflict !== undefined) return { ...plain, verdict: { is: 'conflict', reason: conflict } };
  const kind = from.kindOf(gvkOf(live));
  const resource = await from.mapper.forKind(gvkOf(live));
  const { template, kept } = templateOf(live, kind);
  const taker = control.rivalOf(template, name);
  if (taker) return { ...plain, verdict: { is: 'conflict', reason: rivalWords(taker) } };
  const { cluster, client } = from;
  const rules = control.rulesFor(template, cluster);
  const verdict = await decide({ cluster, client, resource, live, template, kind, interpreter, rules });
  const needs = await interpreter.getDependencies(template);
  const replicas = await interpreter.getReplicas(template);
  const overrides = overridesOf(control.rulesFor, template, staysHome(live) ? [cluster] : to, kind);
  return { live, template, verdict, kept, needs, overrides, ...(replicas ? { replicas } : {}) };
}

/** As `PlannedObject.hash`; of a Secret with its data. */
export const hashOf = (template: UnstructuredObject): string =>
  sha256(canonicalJson(template as JsonValue)).toString('hex');

const keyOfObject = ({ apiVersion, kind, metadata }: UnstructuredObject): string =>
  identityOf(apiVersion, kind, metadata.namespace, metadata.name!);

/** In waves, what is left out after them, then by kind and name: the same cluster gives the same plan. */
function inOrder(left: Judged, right: Judged): number {
  const place = (each: Judged) => (isTaken(each) ? waveOrder(waveOf(each.live)) : Number.MAX_SAFE_INTEGER);
  const [a, b] = [place(left), place(right)];
  if (a !== b) return a - b;
  return keyOfObject(left.live) < keyOfObject(right.live) ? -1 : 1;
}

const isTaken = ({ verdict }: Judged): boolean => isAdopted({ verdict } as PlannedObject);

function assemble(
  options: PlanOptions,
  control: ControlPlane,
  judged: readonly Judged[],
  unread: Inventory['unread'],
): MadePlan {
  const { from, to, scope, name, clock } = options;
  const ordered = [...judged].sort(inOrder);
  const titles = [...new Set(ordered.filter(isTaken).map(({ live }) => waveOf(live)))];
  const keys = (some: readonly Judged[]) => new Set(some.map(({ live }) => keyOfObject(live)));
  const [taken, there] = [keys(ordered.filter(isTaken)), keys(ordered)];
  const objects = ordered.map((each) => planned(options, each, titles, missingNotes(each.needs, taken, there)));
  const waves = titles.map((title, i): Wave => {
    const number = i + 1;
    return { number, title, objects: objects.filter(({ wave }) => wave === number).length };
  });
  const policies = waves.flatMap(({ number }) =>
    policiesOf(
      options,
      objects.filter(({ wave }) => wave === number),
    ).map((policy) => ({ wave: number, policy })),
  );
  const notes = [
    ...control.notes,
    ...hookNotes(control, ordered),
    ...quotaNotes(control.quotas, askedBy(options, ordered)),
  ];
  return {
    plan: {
      apiVersion: planApiVersion,
      kind: 'MigrationPlan',
      metadata: { name, creationTimestamp: timestamp(clock.now()) },
      spec: { from: { cluster: from.cluster, id: from.id }, to, scope },
      waves,
      objects,
      ...(notes.length > 0 ? { notes } : {}),
    },
    templates: ordered.map((each) => (isTaken(each) ? each.template : undefined)),
    policies,
    unread,
  };
}

/** What its kinds are retained by where a webhook decides it. */
function hookNotes({ retainedBy }: ControlPlane, judged: readonly Judged[]): readonly string[] {
  const kinds = kindsOf(judged.filter(isTaken).map(({ live }) => live));
  return kinds.flatMap((each) => {
    const hook = retainedBy(each);
    if (!hook) return [];
    return [
      `${each.kind}: webhook ${hook.webhook.name} of ResourceInterpreterWebhookConfiguration ${hook.configuration} decides what is retained; the plan cannot ask it`,
    ];
  });
}

const askedBy = ({ from, to }: PlanOptions, judged: readonly Judged[]): readonly Asked[] =>
  judged.filter(isTaken).flatMap(({ live, replicas }) => {
    const { namespace } = live.metadata;
    return replicas && namespace ? [{ namespace, replicas, clusters: staysHome(live) ? [from.cluster] : to }] : [];
  });

function planned(
  { from, to }: PlanOptions,
  { live, template, verdict, kept, overrides }: Judged,
  titles: readonly WaveTitle[],
  missing: readonly string[],
): PlannedObject {
  const { apiVersion, kind, metadata } = live;
  const wave = template && isTaken({ verdict } as Judged) ? titles.indexOf(waveOf(live)) + 1 : undefined;
  const home = wave && to.length > 1 && staysHome(live) ? [homeNote(from.cluster)] : [];
  const notes = wave ? [...home, ...missing] : [];
  return {
    apiVersion,
    kind,
    ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
    name: metadata.name!,
    uid: metadata.uid!,
    resourceVersion: metadata.resourceVersion!,
    verdict,
    ...(wave && kept.length > 0 ? { kept } : {}),
    ...(wave && overrides.length > 0 ? { overrides } : {}),
    ...(notes.length > 0 ? { notes } : {}),
    ...(wave ? { wave, hash: hashOf(template!) } : {}),
  };
}

/** What stays home has policies of its own. */
function policiesOf({ from, to, name }: PlanOptions, objects: readonly PlannedObject[]): readonly Policy[] {
  const wave = objects[0]!.wave!;
  if (to.length === 1) return policiesFor({ plan: name, wave, clusters: to, objects });
  const home = objects.filter(staysHome);
  return [
    ...policiesFor({ plan: name, wave, clusters: to, objects: objects.filter((each) => !staysHome(each)) }),
    ...policiesFor({ plan: name, wave, clusters: [from.cluster], objects: home, home: true }),
  ];
}
