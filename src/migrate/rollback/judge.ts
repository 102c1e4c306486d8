/** What came of one object: proved in every cluster that answers, told where it is not as it was. */
import { gvkOf } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import type { PlannedObject } from '../model.ts';
import type { LookOptions, RolledBack } from './options.ts';
import { changedSince, ownedOtherwise, remains } from './proof.ts';
import { isCopy, isForeign, isUntouched, type Place, rivalOf, type Seen } from './seen.ts';
import type { Held } from './wait.ts';

export interface Outcome {
  readonly seen: Seen;
  /** As it is now, by cluster. */
  readonly after: (cluster: string) => Place['live'];
  readonly held: Held | undefined;
  /** Who lives in the template that stays. */
  readonly resident: string | undefined;
}

/** Fields named of one object. */
const mostFields = 5;

const listed = (names: readonly string[]): string =>
  names.length > mostFields
    ? `${names.slice(0, mostFields).join(', ')} and ${names.length - mostFields} more`
    : names.join(', ');

export function judge(
  { plan, removeCopies, kindOf }: LookOptions,
  { seen, after, held, resident }: Outcome,
): RolledBack {
  const { object, places } = seen;
  const home = plan.spec.from.cluster;
  if (isUntouched(seen, plan.metadata.name)) {
    const foreign = isForeign(seen, plan.metadata.name);
    return { object, is: 'untouched', notes: foreign ? ["its template in the control plane is not this plan's"] : [] };
  }
  /** Which object was taken over: the plan says it of the running cluster, unless its folder is lost. */
  const expected = ({ cluster, original }: Place) =>
    cluster === home && object.uid !== '' ? object.uid : original?.metadata.uid;
  const notes = places.flatMap((place) => {
    const live = after(place.cluster);
    if (isCopy(place, object, plan))
      return live === undefined || removeCopies ? [] : [`its copy in ${place.cluster} stays`];
    return typeof live === 'object'
      ? changes(place, live, expected(place), kindOf(gvkOf(object)))
      : [...gone(place, live), ...unproved(place, live, held)];
  });
  const stays = resident ? [`its template stays in the control plane: ${resident} is in it`] : [];
  const rival = rivalOf(seen, plan.metadata.name);
  const flagged = rival ? [`${rival} had it, and has been told to preserve resources on deletion`] : [];
  const told = { object, notes: [...notes, ...flagged, ...stays] };
  const slow = held?.slow ?? [];
  const marked = places.flatMap(({ cluster, original }) => {
    const live = after(cluster);
    const left =
      typeof live === 'object' && !held?.unwatched && !held?.away.includes(cluster) ? remains(live, original) : [];
    return left.length > 0 ? [`${cluster} still has ${listed(left)}`] : [];
  });
  if (slow.length > 0 || marked.length > 0) {
    return { ...told, is: 'failed', why: [...slow.map((cluster) => notLetGo(object, cluster)), ...marked].join('; ') };
  }
  if (held?.unwatched) return { ...told, is: 'waiting', why: 'its clusters were letting go of it when it was stopped' };
  if (held && held.away.length === 0) return { ...told, is: 'failed', why: 'its binding has not ended' };
  if (held) {
    const clusters = held.away.join(', ');
    const copies = removeCopies
      ? places.filter(({ cluster, original }) => cluster !== home && !original && held.away.includes(cluster))
      : [];
    // Once it is let go there, nothing tells whose it was.
    const stay = copies.length > 0 ? `; its copy in ${copies.map(({ cluster }) => cluster).join(', ')} stays then` : '';
    return {
      ...told,
      is: 'waiting',
      why: `${clusters} is away: it is let go there when it is back, or has been unjoined${stay}`,
    };
  }
  return { ...told, is: 'restored' };
}

const notLetGo = ({ kind, name }: PlannedObject, cluster: string): string =>
  `${cluster} has not let it go: see the events of the Work of ${kind} ${name} in karmada-es-${cluster}`;

const gone = ({ cluster, original }: Place, live: 'unread' | undefined): readonly string[] =>
  live === undefined && original ? [`it is gone from ${cluster}, and not made again`] : [];

const unproved = ({ cluster }: Place, live: 'unread' | undefined, held: Held | undefined): readonly string[] =>
  live === 'unread' && !held ? [`not proved: ${cluster} does not answer here`] : [];

function changes(
  { cluster, original }: Place,
  live: UnstructuredObject,
  uid: string | undefined,
  kind: Parameters<typeof changedSince>[2],
): readonly string[] {
  if (uid !== undefined && uid !== live.metadata.uid) return [`it was deleted and made anew in ${cluster} meanwhile`];
  if (!original) return [];
  const changed = changedSince(original, live, kind);
  if (changed.length > 0) {
    const fields = changed.map(({ path, managers }) =>
      managers.length > 0 ? `${path} (${managers.join(', ')})` : path,
    );
    return [`changed since it was taken over, and left so: ${listed(fields)}`];
  }
  const otherwise = ownedOtherwise(original, live);
  return otherwise.length > 0 ? [`fields have other owners than before: ${listed(otherwise)}`] : [];
}
