/** Brings one manifest to one member: carries out plan after plan until nothing is left to write. */
import { removedFields, statedFields, workName, workNamespace, writeMode } from '#apis/names/annotations.ts';
import { clusterOfExecutionNamespace } from '#apis/names/objects.ts';
import { memberObjectIndex, memberObjectKey, type Work } from '#apis/work/work.ts';
import { type CachedResource, nameOf } from '#client/cached.ts';
import type { MemberReader } from '#client/member-readers.ts';
import type { Member } from '#client/members.ts';
import type { Interpreter } from '#interpreter/interpreter.ts';
import { isEmpty } from '#kube/fields/fieldset.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { keyFor, keyOf } from '#kube/meta/key.ts';
import { gvkOf } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import type { Deferrals } from './deferrals.ts';
import type { Item, Journal } from './journal.ts';
import { type Deferred, deferredAtAdoption, removedIn, statedIn, stillDeferred } from './plan/applied.ts';
import { fieldManager } from './plan/managers.ts';
import { inapplicable, type Means, meansFor, noteOf } from './plan/means.ts';
import {
  heldElsewhere,
  isManaged,
  isPlace,
  type LastWrite,
  lastWrite,
  mayAdopt,
  planWrite,
  refusal,
  type WritePlan,
} from './plan.ts';
import type { Reverts } from './reverts.ts';
import { patchTested } from './tested-patch.ts';

/** Kept by the id of a Work's item, and forgotten with the Work. */
export interface Memory {
  /** What was last sent, and what became of it. */
  readonly sent: Map<string, LastWrite>;
  /** Why the member could not apply it. */
  readonly refused: Map<string, string>;
  /**
   * The states of Work and object between which nothing was left to write: our own writes bring a Work here again.
   * Another map takes its place where a kind means something else: what was begun before settles nothing after.
   */
  settled: Map<string, Settled>;
}

/** All that decides over a write: the Work's spec, what it states and how it is to be written, and the object. */
interface Settled {
  readonly generation: number | undefined;
  readonly stated: string | undefined;
  readonly removed: string | undefined;
  readonly mode: string | undefined;
  readonly uid: string | undefined;
  readonly version: string | undefined;
}

export interface WriterContext {
  readonly works: Pick<CachedResource<Work>, 'get'>;
  readonly interpreter: Interpreter;
  readonly journal: Journal;
  readonly deferrals: Deferrals;
  readonly memory: Memory;
  readonly reverts: Reverts;
}

/** Raised when the member's object is not ours; the message is the one compatible clients know. */
export class NotOurs extends Error {
  override readonly name = 'NotOurs';
}

/** Looked at again at once: the next reconciliation sees the object. */
export class Retry extends Error {
  override readonly name = 'Retry';
}

/** Update, release, claim, apply and hand-over, each once, and a second look after a conflict: more means a fight. */
const mostSteps = 8;

export interface WriteResult {
  /** Something was written. */
  readonly written: boolean;
  /** What is worth saying in the Work's condition. */
  readonly note?: string;
  /** Milliseconds until the next try, when we are holding back in a fight. */
  readonly holdBack?: number;
}

export const idOf = ({ work, ordinal }: Item): string => `${work.metadata.uid}/${ordinal}`;

interface Target {
  readonly item: Item & { readonly manifest: UnstructuredObject };
  readonly member: Member;
  readonly kind: KindDefinition;
  readonly resource: CachedResource<UnstructuredObject>;
}

export async function writeManifest(
  context: WriterContext,
  member: Member,
  reader: MemberReader,
  item: Target['item'],
): Promise<WriteResult> {
  const { manifest } = item;
  const source = await reader.of(manifest);
  if (!source) {
    throw new Error(
      `cluster ${member.name} does not serve ${manifest.apiVersion} ${manifest.kind}; install its CustomResourceDefinition there`,
    );
  }
  const kind = member.kindOf(gvkOf(manifest));
  const target = { item, member, kind, resource: source.resource as unknown as CachedResource<UnstructuredObject> };
  const cached = source.get(nameOf(manifest)) as UnstructuredObject | undefined;
  if (cached && deepEqual(context.memory.settled.get(idOf(item)), stateOf(item, cached))) {
    return { written: false, ...sayOf(context, target) };
  }
  const holder = cached && otherHolder(context, item, cached);
  if (holder) throw new NotOurs(heldElsewhere(member.name, manifest, holder));
  const foreign = cached && !isManaged(cached) && !(isPlace(manifest) && !mayAdopt(manifest));
  return write(context, target, foreign ? await adopt(context, target) : cached);
}

/** Another Work that holds this object: the one that has it keeps it, or the two would fight for ever. */
function otherHolder({ works }: WriterContext, { work, manifest }: Item, live: UnstructuredObject): string | undefined {
  const { annotations = {} } = live.metadata;
  const key = keyFor(annotations[workNamespace], annotations[workName] ?? '');
  if (!isManaged(live) || key === keyOf(work)) return undefined;
  const other = works.get(key);
  if (!other || other.metadata.deletionTimestamp) return undefined;
  const cluster = clusterOfExecutionNamespace(work.metadata.namespace!)!;
  return memberObjectIndex(other).includes(memberObjectKey(cluster, manifest)) ? key : undefined;
}

async function write(
  context: WriterContext,
  target: Target,
  found: UnstructuredObject | undefined,
): Promise<WriteResult> {
  const { item, member, kind } = target;
  const { work, manifest } = item;
  const { memory, reverts } = context;
  const { settled } = memory;
  const id = idOf(item);
  let live = found;
  let written = false;
  for (let step = 0; step < mostSteps; step++) {
    const plan = planWrite({
      cluster: member.name,
      manifest,
      stated: statedIn(work, manifest, kind.schema),
      removed: removedIn(work),
      live,
      retained: live ? await context.interpreter.retain(manifest, live) : manifest,
      deferred: live ? await deferredNow(context, item, live) : [],
      kind,
      means: means(context, target),
      last: memory.sent.get(id),
    });
    if (plan.action === 'refuse') throw new NotOurs(plan.why);
    if (plan.action === 'none') {
      settled.set(id, stateOf(item, live!));
      return { written, ...sayOf(context, target) };
    }
    if ('reverts' in plan && !isEmpty(plan.reverts)) {
      const holdBack = reverts.before(id, live!, plan.reverts);
      if (holdBack > 0) return { written, holdBack, ...sayOf(context, target) };
    }
    live = await carryOut(context, target, plan, live);
    written = true;
  }
  throw new Error(
    `${manifest.kind} ${manifest.metadata.name} in ${member.name} keeps changing while it is written; it is tried again`,
  );
}

const stateOf = ({ work: { metadata } }: Item, live: UnstructuredObject): Settled => ({
  generation: metadata.generation,
  stated: metadata.annotations?.[statedFields],
  removed: metadata.annotations?.[removedFields],
  mode: metadata.annotations?.[writeMode],
  uid: live.metadata.uid,
  version: live.metadata.resourceVersion,
});

const means = ({ memory }: WriterContext, { item, kind }: Target): Means =>
  meansFor(item.work, item.manifest, kind, memory.refused.get(idOf(item)));

/** A fight goes before the means. */
function sayOf(context: WriterContext, target: Target): { readonly note?: string } {
  const note = context.reverts.note(idOf(target.item)) ?? noteOf(means(context, target));
  return note === undefined ? {} : { note };
}

/** The deferrals that still hold; one that has ended is forgotten for good, before the field is written. */
async function deferredNow(
  { deferrals, journal }: WriterContext,
  item: Item,
  live: UnstructuredObject,
): Promise<readonly Deferred[]> {
  const noted = deferrals.of(item);
  const held = stillDeferred(noted, item.manifest as UnstructuredObject, live);
  if (held === noted) return held;
  const updated = await journal.overrule(item, held);
  if (updated) deferrals.observe(updated);
  return held;
}

type Write = Exclude<WritePlan, { readonly action: 'none' | 'refuse' }>;

/** The object after the write. */
async function carryOut(
  { memory }: WriterContext,
  { item, kind, resource }: Target,
  plan: Write,
  live: UnstructuredObject | undefined,
): Promise<UnstructuredObject | undefined> {
  switch (plan.action) {
    case 'create':
      return create(resource, plan.object);
    case 'release':
    case 'claim':
    case 'handOver':
      return (await patchTested(resource, live!, plan.patch, fieldManager)).object;
    case 'own': {
      const { object, applied } = await patchTested(resource, live!, plan.patch, fieldManager);
      if (applied && object) memory.sent.set(idOf(item), lastWrite('apply', plan.config, object, kind));
      return object;
    }
    case 'update': {
      const answer = await resource.update(plan.object, { fieldManager });
      memory.sent.set(idOf(item), lastWrite(plan.by, plan.sent, answer, kind));
      return answer;
    }
    case 'apply': {
      // The uid makes sure that it is this object and not one of the same name made meanwhile.
      const config = { ...plan.config, metadata: { ...plan.config.metadata, uid: live!.metadata.uid } };
      try {
        const answer = await resource.live.apply(config, { fieldManager, force: true });
        memory.sent.set(idOf(item), lastWrite('apply', plan.config, answer as UnstructuredObject, kind));
        return observed(resource, answer as UnstructuredObject);
      } catch (error) {
        const why = inapplicable(error);
        if (why === undefined) throw error;
        memory.refused.set(idOf(item), why);
        return live;
      }
    }
  }
}

function observed(resource: CachedResource<UnstructuredObject>, answer: UnstructuredObject): UnstructuredObject {
  resource.informer.observe(answer);
  return answer;
}

/** Creation is a POST: an object that appeared meanwhile is somebody else's until looked at. */
async function create(
  resource: CachedResource<UnstructuredObject>,
  object: UnstructuredObject,
): Promise<UnstructuredObject> {
  try {
    return await resource.create(object, { fieldManager });
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) throw error;
    const found = observed(resource, await resource.live.get(nameOf(object)));
    if (isManaged(found)) return found;
    throw new Retry(`${object.kind} ${object.metadata.name} appeared while it was being created`);
  }
}

/** Keeps the original as the API server has it now, before the first write; undefined when it is gone by now. */
async function adopt(
  { journal, deferrals }: WriterContext,
  { item, member, resource }: Target,
): Promise<UnstructuredObject | undefined> {
  const { manifest } = item;
  if (!mayAdopt(manifest)) throw new NotOurs(refusal(member.name, manifest));
  let live: UnstructuredObject;
  try {
    live = observed(resource, await resource.live.get(nameOf(manifest)));
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
  if (!isManaged(live)) {
    const original = { object: live, deferred: deferredAtAdoption(live, manifest) };
    deferrals.observe(await journal.keep(item, original));
  }
  return live;
}
