/** Reads what is known of objects before they are rolled back, and how they are in their clusters afterwards. */
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import { ControllerRevisions, Secrets } from '#apis/kubernetes/types.ts';
import type { Binding } from '#apis/work/binding.ts';
import { type Work, WorkKind } from '#apis/work/work.ts';
import type { ApiClient, ObjectName, ResourceClient, TypedResource } from '#client/api-client.ts';
import { listAll } from '#client/list-all.ts';
import { isSecret, journalName, originalIn } from '#flow/4-execute/plan/journal.ts';
import { isConditionTrue } from '#kube/conditions/conditions.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { isReason, type StatusReason } from '#kube/status/status.ts';
import { eachLimited } from '#runtime/each.ts';
import type { PlannedObject } from '../model.ts';
import { staysHome } from '../plan/placing.ts';
import type { BindingOf } from '../reading/bindings.ts';
import { identityOfPlanned, readLive } from '../reading/live.ts';
import type { LookOptions } from './options.ts';
import { type Place, type Seen, type Standing, workOf } from './seen.ts';

const readAtATime = 16;

/** Undefined: it is not there. */
export async function orNone<T extends KubeObject>(
  resource: ResourceClient<T>,
  name: ObjectName,
): Promise<T | undefined> {
  try {
    return await resource.get(name);
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** A cluster that says this is no help now; its objects are let go when it is back. */
const away: readonly StatusReason[] = ['ServiceUnavailable', 'Timeout', 'Unauthorized', 'Forbidden'];

/** Of the clusters that the control plane knows. */
export async function standings(control: ApiClient): Promise<ReadonlyMap<string, Standing>> {
  const clusters = await listAll<Cluster>(control, ClusterKind);
  return new Map(
    clusters.map(({ metadata, status }) => [
      metadata.name!,
      isConditionTrue(status?.conditions, 'Ready') ? 'ready' : 'away',
    ]),
  );
}

type Lives = ReadonlyMap<string, UnstructuredObject> | 'unread';

/** How these objects are in a cluster now, by identity. */
export async function livesIn(
  { member }: Pick<LookOptions, 'member'>,
  cluster: string,
  standing: Standing,
  objects: readonly PlannedObject[],
): Promise<Lives> {
  if (standing === 'away') return 'unread';
  try {
    const source = await member(cluster);
    return source ? await readLive(source, objects) : 'unread';
  } catch (error) {
    if (away.some((reason) => isReason(error, reason))) return 'unread';
    throw error;
  }
}

export const readWork = (control: ApiClient, object: PlannedObject, cluster: string): Promise<Work | undefined> =>
  orNone(control.resource<Work>(WorkKind), workOf(object, cluster));

/** As it was before it was taken over there; undefined where nothing is kept. */
export async function originalOf(
  control: ApiClient,
  object: PlannedObject,
  cluster: string,
): Promise<UnstructuredObject | undefined> {
  const asObject = { apiVersion: object.apiVersion, kind: object.kind, metadata: {} };
  const kind = (isSecret(asObject) ? Secrets : ControllerRevisions) as TypedResource<UnstructuredObject>;
  const { namespace, name } = workOf(object, cluster);
  const journal = await orNone(control.resource(kind), { namespace, name: journalName({ name }, 0) });
  const decode = (text: string) => Buffer.from(text, 'base64').toString('utf8');
  return journal && originalIn({ ...journal, kind: kind.kind }, decode)?.object;
}

/** Where it may be: where its binding has placed it, else where the plan wanted it. */
function clustersOf(object: PlannedObject, binding: Binding | undefined, { plan }: LookOptions): readonly string[] {
  const { from, to } = plan.spec;
  if (!binding) return [...new Set([from.cluster, ...(staysHome(object) ? [] : to)])];
  const { clusters = [], gracefulEvictionTasks = [] } = binding.spec;
  return [
    ...new Set([
      from.cluster,
      ...clusters.map(({ name }) => name),
      ...gracefulEvictionTasks.map(({ fromCluster }) => fromCluster),
      ...(binding.status?.aggregatedStatus ?? []).map(({ clusterName }) => clusterName),
    ]),
  ];
}

export async function look(
  options: LookOptions,
  bindingOf: BindingOf,
  objects: readonly PlannedObject[],
): Promise<readonly Seen[]> {
  const { control } = options;
  const templates = await readLive(control, objects);
  const known = await standings(control.client);
  const standingOf = (cluster: string): Standing => known.get(cluster) ?? 'unknown';
  const placed = objects.map((object) => {
    const binding = bindingOf(object);
    return { object, binding, clusters: clustersOf(object, binding, options) };
  });
  const lives = new Map<string, Lives>();
  for (const cluster of new Set(placed.flatMap(({ clusters }) => clusters))) {
    const there = placed.filter(({ clusters }) => clusters.includes(cluster)).map(({ object }) => object);
    lives.set(cluster, await livesIn(options, cluster, standingOf(cluster), there));
  }
  return eachLimited(placed, readAtATime, async ({ object, binding, clusters }): Promise<Seen> => {
    const identity = identityOfPlanned(object);
    const places = clusters.map(async (cluster): Promise<Place> => {
      const found = lives.get(cluster)!;
      const live = found === 'unread' ? found : found.get(identity);
      const original = await originalOf(control.client, object, cluster);
      return { cluster, standing: standingOf(cluster), original, live };
    });
    return { object, template: templates.get(identity), binding, places: await Promise.all(places) };
  });
}
