/** Takes evidence of the objects of a plan: a few lists for each namespace, a page of them in memory at a time. */
import { ControllerRevisions, EndpointSlices, Jobs, Pods, ReplicaSets } from '#apis/kubernetes/types.ts';
import { managed, managedValue } from '#apis/names/labels.ts';
import type { TypedResource } from '#client/api-client.ts';
import { visitAll } from '#client/list-all.ts';
import { keyFor, keyOf } from '#kube/meta/key.ts';
import { parseApiVersion } from '#kube/meta/kind.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { eachLimited } from '#runtime/each.ts';
import { type Clock, timestamp } from '#world/clock/clock.ts';
import type { PlannedObject } from '../model.ts';
import { identityOf } from '../reading/identity.ts';
import type { Source } from '../reading/inventory.ts';
import type { Evidence, ObjectEvidence, PodEvidence, RevisionEvidence } from './evidence.ts';
import { hashFields } from './fields.ts';
import type { EvidenceKey } from './key.ts';
import { podEvidence, readyEndpoints, statedIn, topOf } from './read.ts';

/** Kinds that have Pods, by group and kind. */
const workloadKinds = new Set([
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'apps/ReplicaSet',
  'batch/Job',
  'batch/CronJob',
  '/ReplicationController',
  '/Pod',
]);

const kindOf = ({ apiVersion, kind }: Pick<PlannedObject, 'apiVersion' | 'kind'>): string =>
  `${parseApiVersion(apiVersion).group}/${kind}`;
const isService = (object: Pick<PlannedObject, 'apiVersion' | 'kind'>): boolean => kindOf(object) === '/Service';

const listsAtATime = 4;
/** Up to so many namespaces are read one by one; of more, everything is. */
const mostNamespaces = 20;

export interface EvidenceOptions {
  readonly source: Source & { readonly cluster: string };
  readonly objects: readonly PlannedObject[];
  readonly clock: Clock;
  readonly key: EvidenceKey;
  readonly progress?: (done: number, total: number) => void;
}

type Place = { readonly namespace?: string };

function placesOf(objects: readonly PlannedObject[]): readonly Place[] {
  const names = new Set(objects.map(({ namespace }) => namespace));
  if (names.size > mostNamespaces || names.has(undefined)) return [{}];
  return [...names].map((namespace) => ({ namespace: namespace! }));
}

const identityOfObject = ({ apiVersion, kind, namespace, name }: PlannedObject): string =>
  identityOf(apiVersion, kind, namespace, name);

/** What is not there, or of a kind that is not served there, is left out. */
export async function takeEvidence({ source, objects, clock, key, progress }: EvidenceOptions): Promise<Evidence> {
  const takenAt = timestamp(clock.now());
  const byKind = Map.groupBy(objects, ({ apiVersion, kind }) => `${apiVersion}/${kind}`);
  const found = new Map<string, ObjectEvidence>();
  let done = 0;
  await eachLimited([...byKind.values()], listsAtATime, async (own) => {
    const wanted = new Map(own.map((object) => [keyFor(object.namespace, object.name), object]));
    const resource = (await source.mapper.find(gvkOfPlanned(own[0]!))) as TypedResource<UnstructuredObject> | undefined;
    for (const place of resource ? placesOf(own) : []) {
      await visitAll(source.client, resource!, place, (live) => {
        const object = wanted.get(keyOf(live));
        if (object) found.set(identityOfObject(object), objectEvidence(object, live, key));
      });
    }
    done += own.length;
    progress?.(done, objects.length);
  });
  const present = objects.flatMap((object) => found.get(identityOfObject(object)) ?? []);
  const places = placesOf(objects);
  const withPods = await belongings(source, places, present);
  return { cluster: source.cluster, takenAt, objects: withPods };
}

const gvkOfPlanned = ({ apiVersion, kind }: PlannedObject) => ({ ...parseApiVersion(apiVersion), kind });

/** What is seen in the object itself. */
export function objectEvidence(object: PlannedObject, live: UnstructuredObject, key: EvidenceKey): ObjectEvidence {
  const { apiVersion, kind, namespace, name } = object;
  const { uid = '', generation = 0, labels, deletionTimestamp: since, finalizers = [] } = live.metadata;
  // Nobody sees by a hash that two objects hold the same.
  const of = `${identityOfObject(object)} `;
  const { fields, text } = hashFields(statedIn(live), (field) => key.digest(of + field));
  return {
    apiVersion,
    kind,
    ...(namespace ? { namespace } : {}),
    name,
    uid,
    generation,
    hash: key.seal(of + text),
    fields,
    ...(labels?.[managed] === managedValue ? { managed: true as const } : {}),
    ...(since === undefined ? {} : { deleting: { since, finalizers } }),
  };
}

function put<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** The same objects, with what belongs to workloads and Services. */
async function belongings(
  { client }: Source,
  places: readonly Place[],
  objects: readonly ObjectEvidence[],
): Promise<readonly ObjectEvidence[]> {
  const visit = async <T extends KubeObject>(resource: TypedResource<T>, each: (item: T) => void): Promise<void> => {
    for (const place of places) await visitAll(client, resource, place, each);
  };
  const workloads = objects.filter((object) => workloadKinds.has(kindOf(object)));
  const services = new Set(objects.filter(isService).map(({ namespace, name }) => keyFor(namespace, name)));
  const uids = new Set(workloads.map(({ uid }) => uid));
  const [revisions, pods] = [new Map<string, RevisionEvidence[]>(), new Map<string, PodEvidence[]>()];
  const endpoints = new Map<string, string[]>();
  if (workloads.length > 0) {
    const controllers = new Map<string, string>();
    const between = (object: KubeObject) => {
      const controller = object.metadata.ownerReferences?.find((each) => each.controller)?.uid;
      if (controller !== undefined) controllers.set(object.metadata.uid!, controller);
    };
    const revision = (object: KubeObject) => {
      const { name = '', creationTimestamp: created = '' } = object.metadata;
      const top = topOf(object, controllers);
      if (uids.has(top)) put(revisions, top, { name, created });
    };
    await visit(ReplicaSets, (set) => {
      between(set);
      revision(set);
    });
    await visit(Jobs, between);
    await visit(ControllerRevisions, revision);
    await visit(Pods, (pod) => {
      const top = topOf(pod, controllers);
      if (uids.has(top)) put(pods, top, podEvidence(pod));
    });
  }
  if (services.size > 0) {
    await visit(EndpointSlices, (slice) => {
      const service = keyFor(slice.metadata.namespace, slice.metadata.labels?.['kubernetes.io/service-name'] ?? '');
      if (services.has(service)) for (const endpoint of readyEndpoints([slice])) put(endpoints, service, endpoint);
    });
  }
  const byName = <T extends { readonly name: string }>(list: readonly T[] = []): readonly T[] =>
    [...list].sort((a, b) => (a.name < b.name ? -1 : 1));
  return objects.map((object) => ({
    ...object,
    ...(workloadKinds.has(kindOf(object))
      ? { revisions: byName(revisions.get(object.uid)), pods: byName(pods.get(object.uid)) }
      : {}),
    ...(isService(object)
      ? { endpoints: [...new Set(endpoints.get(keyFor(object.namespace, object.name)))].sort() }
      : {}),
  }));
}
