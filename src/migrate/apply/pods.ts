/**
 * The Pods of what is taken over, watched while it is taken over: one that goes is known at once, by its uid, and so is
 * a workload that has fewer Pods ready than before.
 */
import { type Pod, Pods, type ReplicaSet, ReplicaSets } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { Change, InformerFactory } from '#client/informer/informer.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { controllerOf } from '#kube/meta/owner.ts';
import { type PlannedObject, referenceOf } from '../model.ts';

export interface Harm {
  readonly object: PlannedObject;
  readonly why: string;
}

export interface PodGuard {
  /** Pods that ran when the guard began and are gone, of workloads that still want as many. */
  readonly replaced: () => Promise<readonly Harm[]>;
  /** Those of these that have fewer Pods ready than when the guard began. */
  readonly unready: (objects: readonly PlannedObject[]) => readonly Harm[];
}

export interface PodGuardOptions {
  readonly client: ApiClient;
  /** Of the same client; whoever made it stops it. */
  readonly informers: InformerFactory;
  /** Those the plan is of; of all where there are none. */
  readonly namespaces?: readonly string[];
  /** All that the plan takes over: a change to one may restart Pods of another. */
  readonly objects: readonly PlannedObject[];
  /** Its Pods may be replaced. */
  readonly mayRestart: (object: PlannedObject) => boolean;
  /** How many Pods it wants now; undefined when it does not say. */
  readonly wanted: (object: PlannedObject) => Promise<number | undefined>;
}

interface Seen {
  readonly uid: string;
  readonly name: string;
  readonly ready: boolean;
}

interface Watched {
  readonly object: PlannedObject;
  /** When the guard began, by uid; without those that an autoscaler has taken away since. */
  readonly before: Map<string, Seen>;
  readonly now: Map<string, Seen>;
}

/** Their Pods end by themselves. */
const running = ({ kind }: PlannedObject) => kind !== 'Job' && kind !== 'CronJob';

/** What a guard looks at, of a few hundred bytes. */
const trimmedPod = ({ apiVersion, kind, metadata, status }: Pod): Pod =>
  ({
    apiVersion,
    kind,
    metadata: trimmedMetadata(metadata),
    status: { phase: status?.phase, conditions: status?.conditions?.filter(({ type }) => type === 'Ready') },
  }) as Pod;
const trimmedSet = ({ apiVersion, kind, metadata }: ReplicaSet): ReplicaSet =>
  ({ apiVersion, kind, metadata: trimmedMetadata(metadata) }) as ReplicaSet;
const trimmedMetadata = ({
  namespace,
  name,
  uid,
  resourceVersion,
  ownerReferences,
  deletionTimestamp,
}: KubeObject['metadata']): KubeObject['metadata'] => ({
  ...(namespace ? { namespace } : {}),
  name,
  uid,
  resourceVersion,
  ...(ownerReferences ? { ownerReferences } : {}),
  ...(deletionTimestamp ? { deletionTimestamp } : {}),
});

/** Up to so many namespaces have watches of their own: who may read only these can migrate them. */
const mostNamespaces = 20;

const placesOf = (namespaces: readonly string[] = []): readonly { readonly namespace?: string }[] =>
  namespaces.length === 0 || namespaces.length > mostNamespaces ? [{}] : namespaces.map((namespace) => ({ namespace }));

/** Begins to watch; resolves once all Pods are known. Throws StatusError when they may not be read. */
export async function guardPods(options: PodGuardOptions): Promise<PodGuard> {
  const { client, informers, objects } = options;
  const places = placesOf(options.namespaces);
  // A watch tries again for ever; whether it may be read at all is asked first.
  for (const place of places) {
    await Promise.all([
      client.resource(Pods).list({ ...place, limit: 1 }),
      client.resource(ReplicaSets).list({ ...place, limit: 1 }),
    ]);
  }
  const watched = new Map(
    objects
      .filter(running)
      .map((object): [string, Watched] => [referenceOf(object), { object, before: new Map(), now: new Map() }]),
  );
  const owners = new Map<string, string>();
  const sets = places.map((place) => informers.informer(ReplicaSets, { ...place, transform: trimmedSet }));
  for (const each of sets) {
    each.onChange(({ object: { metadata }, object }) => {
      const owner = controllerOf(object);
      const { namespace, name } = metadata;
      if (owner) owners.set(`${namespace}/${name}`, `${owner.kind}/${namespace}/${owner.name}`);
    });
  }
  await Promise.all(sets.map((each) => each.whenSynced()));
  const workloadOf = (pod: Pod): Watched | undefined => {
    const { namespace, name } = pod.metadata;
    const owner = controllerOf(pod);
    if (!owner) return watched.get(`Pod/${namespace}/${name}`);
    const own = watched.get(`${owner.kind}/${namespace}/${owner.name}`);
    if (own || owner.kind !== 'ReplicaSet') return own;
    return watched.get(owners.get(`${namespace}/${owner.name}`) ?? '');
  };
  const gone = new Set<Watched>();
  let began = false;
  const pods = places.map((place) => informers.informer(Pods, { ...place, transform: trimmedPod }));
  for (const each of pods) each.onChange((change) => note(change, workloadOf, began, gone));
  await Promise.all(pods.map((each) => each.whenSynced()));
  for (const { before, now } of watched.values()) for (const [uid, seen] of now) before.set(uid, seen);
  began = true;
  return {
    replaced: async () => {
      const harms: Harm[] = [];
      for (const each of gone) {
        const harm = await judge(options, each);
        if (harm) harms.push(harm);
        else gone.delete(each);
      }
      return harms;
    },
    unready: (some) =>
      some.flatMap((object) => {
        const each = watched.get(referenceOf(object));
        if (!each) return [];
        const [had, has] = [readyIn(each.before), readyIn(each.now)];
        return has < had ? [{ object, why: `${has} of ${had} Pods ready that were before` }] : [];
      }),
  };
}

const readyIn = (pods: ReadonlyMap<string, Seen>): number => [...pods.values()].filter(({ ready }) => ready).length;

const isReady = ({ status }: Pod): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;

const isEnded = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp !== undefined || status?.phase === 'Succeeded' || status?.phase === 'Failed';

function note(
  { type, object: pod }: Change<Pod>,
  workloadOf: (pod: Pod) => Watched | undefined,
  began: boolean,
  gone: Set<Watched>,
): void {
  const workload = workloadOf(pod);
  if (!workload) return;
  const { uid = '', name = '' } = pod.metadata;
  if (type !== 'deleted' && !isEnded(pod)) {
    workload.now.set(uid, { uid, name, ready: isReady(pod) });
    return;
  }
  workload.now.delete(uid);
  if (began && workload.before.has(uid)) gone.add(workload);
}

/** A controller that was left its replicas (an autoscaler) may take Pods away; nobody else may while we are at it. */
async function judge(
  { wanted, mayRestart }: PodGuardOptions,
  { object, before, now }: Watched,
): Promise<Harm | undefined> {
  const lost = [...before.values()].filter(({ uid }) => !now.has(uid));
  const forget = () => {
    for (const { uid } of lost) before.delete(uid);
    return undefined;
  };
  if (lost.length === 0 || mayRestart(object)) return mayRestart(object) ? undefined : forget();
  const scaled = object.kept?.some(({ path }) => path === '.spec.replicas');
  if (scaled && ((await wanted(object)) ?? Number.POSITIVE_INFINITY) <= before.size - lost.length) return forget();
  return { object, why: `its Pod ${lost.map(({ name }) => name).join(', ')} is gone, which ran before` };
}

/** A guard of another cluster: there its Pods are named with it, and those may go whose object may be changed. */
export function guardIn(cluster: string, guard: PodGuard, mayChange: (object: PlannedObject) => boolean): PodGuard {
  const told = (harms: readonly Harm[]) =>
    harms.filter(({ object }) => !mayChange(object)).map(({ object, why }) => ({ object, why: `${cluster}: ${why}` }));
  return { replaced: async () => told(await guard.replaced()), unready: (objects) => told(guard.unready(objects)) };
}

export const allOf = (guards: readonly PodGuard[]): PodGuard => ({
  replaced: async () => (await Promise.all(guards.map((each) => each.replaced()))).flat(),
  unready: (objects) => guards.flatMap((each) => each.unready(objects)),
});
