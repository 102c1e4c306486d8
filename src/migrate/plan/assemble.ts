/** A plan from what was judged: in waves, with its policies and what has to be said of the whole. Pure. */
import type { Policy } from '#apis/policy/matching.ts';
import { canonicalJson } from '#kube/fields/text.ts';
import { type GroupVersionKind, gvkOf } from '#kube/meta/kind.ts';
import type { JsonValue, UnstructuredObject } from '#kube/meta/object.ts';
import { sha256 } from '#world/certificates/digest.ts';
import { timestamp } from '#world/clock/clock.ts';
import type { Around } from '../closure/around.ts';
import { type Held, lacksOf, type Standing } from '../closure/lacks.ts';
import { keyOfObject, type Named } from '../closure/named.ts';
import type { ControlPlane } from '../control/control-plane.ts';
import { type Asked, quotaNotes } from '../control/quotas.ts';
import { isSecret, withoutSecretData } from '../directory/secret-data.ts';
import { type Lack, type PlannedObject, planApiVersion, type Wave } from '../model.ts';
import { policiesFor } from '../policies.ts';
import { identityOf } from '../reading/identity.ts';
import type { Inventory } from '../reading/inventory.ts';
import { type Facts, isTaken, type Judged } from './judge.ts';
import { markedNotes } from './marked.ts';
import { pipelineNotes } from './pipelines.ts';
import { homeNote, placesOf, staysHome } from './placing.ts';
import type { MadePlan, PlanOptions } from './run.ts';
import { type WaveTitle, waveOf, waveOrder } from './waves.ts';

export interface Assembled {
  readonly facts: Facts;
  readonly judged: readonly Judged[];
  readonly around: Around;
  readonly heldOf: (named: Named) => Held | undefined;
  readonly unread: Inventory['unread'];
}

/** As `PlannedObject.hash`. A hash of a Secret's data would let anybody who has the plan try passwords. */
export function hashOf(template: UnstructuredObject): string {
  const told = isSecret(template) ? withoutSecretData(template) : template;
  return sha256(canonicalJson(told as JsonValue)).toString('hex');
}

export const kindsOf = (objects: readonly UnstructuredObject[]): readonly GroupVersionKind[] => [
  ...new Map(objects.map((object) => [`${object.apiVersion}/${object.kind}`, gvkOf(object)])).values(),
];

const identity = ({ apiVersion, kind, metadata }: UnstructuredObject): string =>
  identityOf(apiVersion, kind, metadata.namespace, metadata.name!);

/** In waves, what is left out after them, then by kind and name: the same cluster gives the same plan. */
function inOrder(left: Judged, right: Judged): number {
  const place = (each: Judged) => (isTaken(each) ? waveOrder(waveOf(each.live)) : Number.MAX_SAFE_INTEGER);
  const [a, b] = [place(left), place(right)];
  if (a !== b) return a - b;
  return identity(left.live) < identity(right.live) ? -1 : 1;
}

/** Changes told with their values in a plan: some 10 MB of them, however many objects it has. */
const mostChanges = 20_000;

interface ChangesTeller {
  readonly changesOf: (judged: Judged) => Pick<PlannedObject, 'changes' | 'moreChanges'>;
  readonly notes: () => readonly string[];
}

/** In order, as long as there is room; then how many there are. */
export function changesTeller(most = mostChanges): ChangesTeller {
  let room = most;
  let without = 0;
  const changesOf = ({ told }: Pick<Judged, 'told'>) => {
    if (!told) return {};
    const { changes, more } = told;
    if (changes.length > room) {
      without += 1;
      return { moreChanges: changes.length + more };
    }
    room -= changes.length;
    return { changes, ...(more > 0 ? { moreChanges: more } : {}) };
  };
  const left = (count: number) =>
    `the changes of ${count} objects are without values: a plan has room for ${most} changes; -n, -l or --kinds makes smaller plans`;
  return { changesOf, notes: () => (without > 0 ? [left(without)] : []) };
}

export function assemble(options: PlanOptions, assembled: Assembled): MadePlan {
  const { from, to, scope, name, clock, withClosure } = options;
  const { facts, judged, unread } = assembled;
  const ordered = [...judged].sort(inOrder);
  const taken = ordered.filter(isTaken);
  const titles = [...new Set(taken.map(({ live }) => waveOf(live)))];
  const lacks = lacksFinder(options, assembled);
  const { changesOf, notes: roomNotes } = changesTeller();
  const objects = ordered.map((each) => planned(options, assembled, each, titles, lacks(each), changesOf(each)));
  const waves = titles.map((title, i): Wave => {
    const number = i + 1;
    return { number, title, objects: objects.filter(({ wave }) => wave === number).length };
  });
  const policies = waves.flatMap(({ number }) => {
    const own = objects.filter(({ wave }) => wave === number);
    return policiesOf(options, own).map((policy) => ({ wave: number, policy }));
  });
  const notes = [
    ...facts.control.notes,
    ...pipelineNotes(taken.map(({ live }) => live)),
    ...markedNotes(
      judged.map(({ live }) => live),
      facts.control.templateOf,
      from.cluster,
    ),
    ...hookNotes(facts.control, taken),
    ...quotaNotes(facts.control.quotas, askedBy(options, taken)),
    ...roomNotes(),
  ];
  // Where those are that were not asked for themselves, everything else that is done with the plan has to look too.
  const namespaces = scope.namespaces && [
    ...new Set([...scope.namespaces, ...taken.flatMap(({ live }) => live.metadata.namespace ?? [])]),
  ];
  const asked = { ...scope, ...(namespaces ? { namespaces } : {}), ...(withClosure ? { closure: true as const } : {}) };
  return {
    plan: {
      apiVersion: planApiVersion,
      kind: 'MigrationPlan',
      metadata: { name, creationTimestamp: timestamp(clock.now()) },
      spec: { from: { cluster: from.cluster, id: from.id }, to, scope: asked },
      waves,
      objects,
      ...(notes.length > 0 ? { notes } : {}),
    },
    templates: ordered.map((each) => (isTaken(each) ? each.template : undefined)),
    policies,
    unread,
  };
}

function lacksFinder(
  { from, to }: PlanOptions,
  { facts, judged, around, heldOf }: Assembled,
): (judged: Judged) => readonly Lack[] {
  const standings = new Map(
    judged.flatMap(({ live, verdict }): readonly (readonly [string, Standing])[] => {
      if (verdict.is === 'skip') return [];
      if (verdict.is === 'blocked' || verdict.is === 'conflict')
        return [[keyOfObject(live), { is: 'refused', why: verdict.reason }]];
      return [[keyOfObject(live), { is: 'taken', clusters: placesOf(live, from.cluster, to) }]];
    }),
  );
  const targets = new Map(facts.targets.map((target) => [target.cluster, target]));
  return ({ live, verdict }) => {
    if (!isTaken({ verdict })) return [];
    return lacksOf({
      object: live,
      related: around.relations.get(live)?.related ?? [],
      clusters: placesOf(live, from.cluster, to),
      from: from.cluster,
      standingOf: (key) => standings.get(key),
      heldOf,
      isIn: (cluster, named) => {
        const target = targets.get(cluster);
        return target && target.live(named) !== undefined;
      },
      serves: (cluster, object) => targets.get(cluster)?.serves(object),
      namespaceOf: facts.control.namespaceOf,
    });
  };
}

/** Webhooks that have a say in how its kinds are written. */
function hookNotes({ interpretedBy }: ControlPlane, taken: readonly Judged[]): readonly string[] {
  return kindsOf(taken.map(({ live }) => live)).flatMap((each) => {
    const hook = interpretedBy(each);
    if (!hook) return [];
    return [
      `${each.kind}: webhook ${hook.webhook.name} of ResourceInterpreterWebhookConfiguration ${hook.configuration} has a say in how it is written; the plan cannot ask it`,
    ];
  });
}

const askedBy = ({ from, to }: PlanOptions, taken: readonly Judged[]): readonly Asked[] =>
  taken.flatMap(({ live, replicas }) => {
    const { namespace } = live.metadata;
    return replicas && namespace ? [{ namespace, replicas, clusters: placesOf(live, from.cluster, to) }] : [];
  });

function planned(
  { from, to }: PlanOptions,
  { around }: Assembled,
  judged: Judged,
  titles: readonly WaveTitle[],
  lacks: readonly Lack[],
  changes: Pick<PlannedObject, 'changes' | 'moreChanges'>,
): PlannedObject {
  const { live, template, verdict, kept, overrides, overwrites } = judged;
  const { apiVersion, kind, metadata } = live;
  const because = around.brought.get(live);
  const left = {
    apiVersion,
    kind,
    ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
    name: metadata.name!,
    uid: metadata.uid!,
    resourceVersion: metadata.resourceVersion!,
    verdict,
    ...changes,
    ...(because ? { because } : {}),
  };
  if (!template || !isTaken(judged)) return left;
  const cutShort = around.relations.get(live)?.cutShort;
  const notes = [
    ...(to.length > 1 && staysHome(live) ? [homeNote(from.cluster)] : []),
    ...judged.notes,
    ...(cutShort ? [`not all that belongs to it is told: ${cutShort}`] : []),
  ];
  return {
    ...left,
    ...(kept.length > 0 ? { kept } : {}),
    ...(overrides.length > 0 ? { overrides } : {}),
    ...(lacks.length > 0 ? { lacks } : {}),
    ...(overwrites.length > 0 ? { overwrites } : {}),
    ...(notes.length > 0 ? { notes } : {}),
    wave: titles.indexOf(waveOf(live)) + 1,
    hash: hashOf(template),
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
