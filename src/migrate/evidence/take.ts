/** Takes evidence of the objects of a plan: a few lists for each namespace, however many objects there are. */
import {
  ControllerRevisions,
  type EndpointSlice,
  EndpointSlices,
  Jobs,
  type Pod,
  Pods,
  ReplicaSets,
} from '#apis/kubernetes/types.ts';
import { managed, managedValue } from '#apis/names/labels.ts';
import type { TypedResource } from '#client/api-client.ts';
import { listAll } from '#client/list-all.ts';
import { keyFor, keyOf } from '#kube/meta/key.ts';
import { parseApiVersion } from '#kube/meta/kind.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { eachLimited } from '#runtime/each.ts';
import { sha256 } from '#world/certificates/digest.ts';
import { type Clock, timestamp } from '#world/clock/clock.ts';
import type { PlannedObject } from '../model.ts';
import type { Source } from '../plan/inventory.ts';
import type { Evidence, ObjectEvidence } from './evidence.ts';
import { podEvidence, readyEndpoints, statedText, topsOf } from './read.ts';

/** Kinds that have Pods, by group and kind. */
const workloads = new Set([
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

const listsAtATime = 8;
/** Up to so many namespaces are read one by one; of more, everything is. */
const mostNamespaces = 20;

export interface EvidenceOptions {
  readonly source: Source & { readonly cluster: string };
  readonly objects: readonly PlannedObject[];
  readonly clock: Clock;
  readonly progress?: (done: number, total: number) => void;
}

/** What belongs to workloads and Services, by the uid or key of what it belongs to. */
interface Belongings {
  readonly pods: ReadonlyMap<string, readonly Pod[]>;
  readonly revisions: ReadonlyMap<string, readonly string[]>;
  readonly slices: ReadonlyMap<string, readonly EndpointSlice[]>;
}

export async function takeEvidence({ source, objects, clock, progress }: EvidenceOptions): Promise<Evidence> {
  const takenAt = timestamp(clock.now());
  const kinds = [...new Map(objects.map((each) => [`${each.apiVersion}/${each.kind}`, each])).values()];
  const found = new Map<string, UnstructuredObject>();
  let done = 0;
  await eachLimited(kinds, listsAtATime, async ({ apiVersion, kind }) => {
    const own = objects.filter((each) => each.apiVersion === apiVersion && each.kind === kind);
    for (const item of await listOf(source, apiVersion, kind, namespacesOf(own)))
      found.set(`${apiVersion}/${kind}/${keyOf(item)}`, item);
    done += own.length;
    progress?.(done, objects.length);
  });
  const belongings = await belongingsOf(source, namespacesOf(objects));
  const evidence = objects.flatMap((object) => {
    const live = found.get(`${object.apiVersion}/${object.kind}/${keyFor(object.namespace, object.name)}`);
    return live ? [evidenceOf(object, live, belongings)] : [];
  });
  return { cluster: source.cluster, takenAt, objects: evidence };
}

/** Undefined: all of them. */
function namespacesOf(objects: readonly PlannedObject[]): readonly (string | undefined)[] {
  const names = new Set(objects.map(({ namespace }) => namespace));
  return names.size > mostNamespaces || names.has(undefined) ? [undefined] : [...names];
}

async function listOf(
  { client, mapper }: Source,
  apiVersion: string,
  kind: string,
  namespaces: readonly (string | undefined)[],
): Promise<readonly UnstructuredObject[]> {
  const resource = (await mapper.forKind({
    ...parseApiVersion(apiVersion),
    kind,
  })) as TypedResource<UnstructuredObject>;
  const lists = await Promise.all(
    namespaces.map((namespace) => listAll(client, resource, namespace && resource.namespaced ? { namespace } : {})),
  );
  return lists.flat().map((item) => ({ ...item, apiVersion, kind }));
}

async function belongingsOf({ client }: Source, namespaces: readonly (string | undefined)[]): Promise<Belongings> {
  const all = async <T extends KubeObject>(resource: TypedResource<T>): Promise<readonly T[]> =>
    (
      await Promise.all(namespaces.map((namespace) => listAll(client, resource, namespace ? { namespace } : {})))
    ).flat();
  const [pods, sets, jobs, revisions, slices] = [
    await all(Pods),
    await all(ReplicaSets),
    await all(Jobs),
    await all(ControllerRevisions),
    await all(EndpointSlices),
  ];
  const between = new Map([...sets, ...jobs].map((object) => [object.metadata.uid!, object as KubeObject]));
  const names = (objects: readonly KubeObject[]) => objects.map(({ metadata }) => metadata.name!).sort();
  const byOwner = new Map([...topsOf([...sets, ...revisions], new Map())].map(([uid, list]) => [uid, names(list)]));
  const byService = new Map<string, EndpointSlice[]>();
  for (const slice of slices) {
    const service = slice.metadata.labels?.['kubernetes.io/service-name'];
    if (service === undefined) continue;
    const key = keyFor(slice.metadata.namespace, service);
    byService.set(key, [...(byService.get(key) ?? []), slice]);
  }
  return { pods: topsOf(pods, between) as ReadonlyMap<string, readonly Pod[]>, revisions: byOwner, slices: byService };
}

function evidenceOf(
  object: PlannedObject,
  live: UnstructuredObject,
  { pods, revisions, slices }: Belongings,
): ObjectEvidence {
  const { apiVersion, kind, namespace, name } = object;
  const { uid = '', generation = 0 } = live.metadata;
  const own = [...(pods.get(uid) ?? [])].sort((a, b) => (a.metadata.name! < b.metadata.name! ? -1 : 1));
  return {
    apiVersion,
    kind,
    ...(namespace ? { namespace } : {}),
    name,
    uid,
    generation,
    hash: sha256(statedText(live)).toString('hex'),
    ...(live.metadata.labels?.[managed] === managedValue ? { managed: true as const } : {}),
    ...(workloads.has(kindOf(object)) ? { revisions: revisions.get(uid) ?? [], pods: own.map(podEvidence) } : {}),
    ...(kindOf(object) === '/Service' ? { endpoints: readyEndpoints(slices.get(keyFor(namespace, name)) ?? []) } : {}),
  };
}
