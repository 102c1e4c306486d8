/**
 * Rolls objects back, batch by batch: the flow lets go of what the plan has taken over and gives it back as it was kept.
 * It may be killed at any instruction and run again: what is there tells what is left to do.
 */
import { Namespaces } from '#apis/kubernetes/types.ts';
import { informerFactory } from '#client/informer/factory.ts';
import { listAll } from '#client/list-all.ts';
import { gvkOf } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import { eachLimited } from '#runtime/each.ts';
import { timestamp } from '#world/clock/clock.ts';
import { type PlannedObject, referenceOf } from '../model.ts';
import { planLabel } from '../policies.ts';
import { type BindingOf, watchBindings } from '../reading/bindings.ts';
import { identityOfPlanned } from '../reading/live.ts';
import type { Copy } from '../record/record.ts';
import { copiesOf, deleteCopies } from './copies.ts';
import { residentOf } from './inhabited.ts';
import { judge } from './judge.ts';
import { livesIn, look, readWork } from './look.ts';
import { letGoByHand } from './loose.ts';
import type { LookOptions, RollbackOptions, RollbackResult, RolledBack } from './options.ts';
import { shrinkPolicies } from './policies.ts';
import { preserve } from './preserve.ts';
import { type ObjectPreview, previewOf } from './preview.ts';
import { askToPutBack } from './put-back.ts';
import { batchesOf, type WaveOfObjects } from './scope.ts';
import { isForeign, isMarkedBy, isUntouched, type Place, type Seen } from './seen.ts';
import { takeAway } from './take-away.ts';
import { type Held, untilLetGo } from './wait.ts';

/** With the bindings watched: `work` is given how to find them. */
async function watching<T>(options: LookOptions, work: (bindingOf: BindingOf) => Promise<T>): Promise<T> {
  const { control, clock, random } = options;
  const informers = informerFactory(control.client, { clock, random });
  try {
    return await work(await watchBindings(informers));
  } finally {
    informers.stop();
  }
}

/** What rolling back would do now, object by object, in its order. Writes nothing. */
export const previewRollback = (
  options: LookOptions,
  waves: readonly WaveOfObjects[],
  told: (done: number) => void,
): Promise<readonly ObjectPreview[]> =>
  watching(options, async (bindingOf) => {
    const { plan, removeCopies, kindOf, clock } = options;
    const previews: ObjectPreview[] = [];
    for (const batch of waves.flatMap(batchesOf)) {
      for (const seen of await look(options, bindingOf, batch)) {
        const [kind, time] = [kindOf(gvkOf(seen.object)), timestamp(clock.now())];
        previews.push(previewOf(seen, { plan, removeCopies, kind, time }));
      }
      told(previews.length);
    }
    return previews;
  });

/** Throws what the control plane answers, and what `mayWrite` throws; run again it goes on. */
export const rollBack = (options: RollbackOptions): Promise<RollbackResult> =>
  watching(options, async (bindingOf) => {
    const { plan, waves, whole, stopping } = options;
    const results: RolledBack[] = [];
    const total = waves.reduce((sum, { objects }) => sum + objects.length, 0);
    const kept = await finishCopies(options, bindingOf);
    for (const wave of waves) {
      if (stopping()) return { stopped: true, objects: results };
      await options.begun(wave);
      for (const batch of batchesOf(wave)) {
        if (stopping()) return { stopped: true, objects: results };
        const show = (left: number, doing: string) => options.show(results.length + batch.length - left, total, doing);
        const settled = await rollBackBatch(options, bindingOf, batch, kept, show);
        results.push(...settled);
        await options.settled(wave.number, settled);
        if (stopping() && settled.some(({ is }) => is === 'waiting')) return { stopped: true, objects: results };
      }
    }
    if (whole) await removeNamespaces(options, new Set(plan.objects.map(referenceOf)));
    return { stopped: false, objects: results };
  });

/** Copies that an earlier run was about to delete, and has let go. Answers what is still to be deleted. */
async function finishCopies(options: RollbackOptions, bindingOf: BindingOf): Promise<Copy[]> {
  const byReference = new Map(options.plan.objects.map((object) => [referenceOf(object), object]));
  const isHeld = ({ object }: Copy) => {
    const planned = byReference.get(object);
    return planned !== undefined && bindingOf(planned) !== undefined;
  };
  const free = options.copies.filter((copy) => !isHeld(copy));
  if (free.length === 0) return [...options.copies];
  const left = [...options.copies.filter(isHeld), ...(await deleteCopies(options, free))];
  await options.keepCopies(left);
  return left;
}

/** `kept`: copies that are still to be deleted, changed in place. */
async function rollBackBatch(
  options: RollbackOptions,
  bindingOf: BindingOf,
  batch: readonly PlannedObject[],
  kept: Copy[],
  show: (left: number, doing: string) => void,
): Promise<readonly RolledBack[]> {
  const { plan, control, removeCopies, mayWrite } = options;
  const { name } = plan.metadata;
  show(batch.length, 'looking');
  const all = await look(options, bindingOf, batch);
  const seen = all.filter((each) => !isUntouched(each, name));
  const copies = removeCopies ? copiesOf(seen, plan) : [];
  if (copies.length > 0) {
    const references = new Set(copies.map(({ object }) => object));
    kept.push(...copies, ...kept.splice(0).filter(({ object }) => !references.has(object)));
    await options.keepCopies(kept);
  }
  await askToPutBack(options, seen);
  await preserve(control.client, seen, mayWrite);
  const staying = await takeAway(options, seen);
  const held = await untilLetGo(options, bindingOf, seen, (left) => show(left, 'waiting for the clusters to let go'));
  // What clusters that are away hold is named no more either: a policy that ends says first that it stays. Nor is what
  // an earlier run had let go of when it ended.
  const objects = all.filter((each) => !isForeign(each, name)).map(({ object }) => object);
  await shrinkPolicies(control.client, name, objects, mayWrite);
  // Those of an earlier run too, which its clusters have let go of in the meantime.
  const stillHeld = new Set([...held.keys()].map(referenceOf));
  const free = new Set(batch.map(referenceOf).filter((each) => !stillHeld.has(each)));
  const due = kept.filter(({ object }) => free.has(object));
  if (due.length > 0) {
    const left = await deleteCopies(options, due);
    const gone = new Set(due.filter((copy) => !left.includes(copy)));
    kept.push(...kept.splice(0).filter((copy) => !gone.has(copy)));
    await options.keepCopies(kept);
  }
  const after = await livesAfter(options, seen, held);
  return all.map((each) =>
    judge(options, {
      seen: each,
      after: (cluster) => after.get(cluster)?.(each.object),
      held: held.get(each.object),
      resident: staying.get(each),
    }),
  );
}

type LiveOf = (object: PlannedObject) => Place['live'];

/** How the objects are now in each of their clusters; what nobody else would let go of is let go here. */
async function livesAfter(
  options: RollbackOptions,
  seen: readonly Seen[],
  held: ReadonlyMap<PlannedObject, Held>,
): Promise<ReadonlyMap<string, LiveOf>> {
  const places = new Map<string, { readonly each: Seen; readonly place: Place }[]>();
  for (const each of seen) {
    for (const place of each.places) places.set(place.cluster, [...(places.get(place.cluster) ?? []), { each, place }]);
  }
  const result = new Map<string, LiveOf>();
  for (const [cluster, here] of places) {
    const objects = here.map(({ each }) => each.object);
    const lives = await livesIn(options, cluster, here[0]!.place.standing, objects);
    if (lives === 'unread') {
      result.set(cluster, () => 'unread');
      continue;
    }
    const now = new Map(lives);
    await eachLimited(here, freedAtATime, async ({ each, place }) => {
      const identity = identityOfPlanned(each.object);
      const live = now.get(identity);
      if (!live || held.has(each.object)) return;
      const free = await freed(options, each.object, place, live);
      if (free) now.set(identity, free);
      else now.delete(identity);
    });
    result.set(cluster, (object) => now.get(identityOfPlanned(object)));
  }
  return result;
}

const freedAtATime = 16;

async function freed(
  { plan, control, member, clock, mayWrite }: RollbackOptions,
  object: PlannedObject,
  { cluster, original }: Place,
  live: UnstructuredObject,
): Promise<UnstructuredObject | undefined> {
  if (!isMarkedBy(live, object, plan.metadata.name, cluster)) return live;
  if (await readWork(control.client, object, cluster)) return live;
  const source = await member(cluster);
  if (!source) return live;
  mayWrite();
  return letGoByHand(source, live, original, clock);
}

/** Namespaces that had to be made for the plan's objects and that the plan has not got; those that are empty again. */
async function removeNamespaces({ plan, control, mayWrite }: RollbackOptions, own: ReadonlySet<string>): Promise<void> {
  const made = await listAll(control.client, Namespaces, { labelSelector: `${planLabel}=${plan.metadata.name}` });
  for (const { metadata } of made) {
    const home = { apiVersion: 'v1', kind: 'Namespace', metadata };
    if (own.has(`Namespace/${metadata.name}`) || (await residentOf(control, home))) continue;
    mayWrite();
    try {
      const { name, uid } = metadata;
      await control.client.resource(Namespaces).delete({ name: name! }, uid ? { preconditions: { uid } } : {});
    } catch (error) {
      if (!isReason(error, 'NotFound') && !isReason(error, 'Conflict')) throw error;
    }
  }
}
