/** What people do with owners and owned, by chance. */
import { ClusterRoles, ConfigMaps, Namespaces, Secrets, ServiceAccounts } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import { nameOf } from '#client/cached.ts';
import { apiVersionOf } from '#kube/meta/kind.ts';
import type { OwnerReference } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import type { Random } from '#world/random/random.ts';
import { fates, found, type Kind, problemsOf, type Reference, type Thing } from './fates.cases.ts';

const namespacedKinds = [ConfigMaps, Secrets, ServiceAccounts] as readonly Kind[];
const wideKind = ClusterRoles as Kind;
const stays = 'default';
export const ends = 'ending';
const hold = 'example.com/hold';

export interface People {
  /** One act, in words. */
  readonly act: () => Promise<string>;
  /** Whoever holds something by a finalizer of his own lets it go. */
  readonly letGo: () => Promise<void>;
  /** What is not as it must be when all is quiet, a line each. */
  readonly problems: () => Promise<readonly string[]>;
}

interface Scene {
  readonly client: ApiClient;
  readonly things: Thing[];
  /** Of a namespace. */
  readonly hasEnded: (name: string | undefined) => boolean;
  readonly end: (name: string) => void;
  readonly number: (below: number) => number;
  readonly chance: (rate: number) => boolean;
  readonly pick: <T>(list: readonly T[]) => T | undefined;
}

function sceneOf(client: ApiClient, random: Random): Scene {
  const ended = new Set<string>();
  const number = (below: number) => Math.floor(random.next() * below);
  return {
    client,
    things: [],
    hasEnded: (name) => name !== undefined && ended.has(name),
    end: (name) => ended.add(name),
    number,
    chance: (rate) => random.next() < rate,
    pick: (list) => list[number(list.length)],
  };
}

const isEndedIn =
  ({ hasEnded }: Scene) =>
  ({ object }: Thing) =>
    hasEnded(object.metadata.namespace);

/** Now and then one that is not as it should be. */
function refer({ chance, number }: Scene, kind: Kind, namespace: string | undefined, to: Thing): Reference {
  const written: OwnerReference = {
    apiVersion: to.object.apiVersion,
    kind: to.object.kind,
    name: to.object.metadata.name!,
    uid: to.object.metadata.uid!,
    ...(chance(0.5) ? { blockOwnerDeletion: true } : {}),
  };
  if (to.kind.namespaced && !kind.namespaced) return { written, owner: to, means: 'outOfReach' };
  const unknown = { ...written, uid: `unknown-${number(1e6)}` };
  if (chance(0.04)) return { written: unknown, owner: undefined, means: 'nobody' };
  if (chance(0.04)) return { written: { ...written, name: 'misnamed' }, owner: to, means: 'nobody' };
  if (chance(0.02)) return { written: { ...unknown, apiVersion: 'a.b/v1' }, owner: undefined, means: 'unserved' };
  const isElsewhere = to.kind.namespaced && to.object.metadata.namespace !== namespace;
  return { written, owner: to, means: isElsewhere ? 'nobody' : 'owner' };
}

function referAmong(
  scene: Scene,
  candidates: readonly Thing[],
  kind: Kind,
  namespace: string | undefined,
): Reference[] {
  const { number, chance, pick } = scene;
  const near = candidates.filter(({ object, kind: { namespaced } }) =>
    namespaced ? object.metadata.namespace === namespace : true,
  );
  const references = new Map<string, Reference>();
  for (let left = number(4); left > 0; left--) {
    const to = pick(near.length > 0 && chance(0.95) ? near : candidates);
    if (!to) continue;
    const reference = refer(scene, kind, namespace, to);
    references.set(reference.written.uid, reference);
  }
  return [...references.values()];
}

async function create(scene: Scene): Promise<string> {
  const { client, things, chance, number, hasEnded } = scene;
  const kind = chance(0.1) ? wideKind : namespacedKinds[number(namespacedKinds.length)]!;
  const namespace = kind.namespaced ? (chance(0.75) ? stays : ends) : undefined;
  if (hasEnded(namespace)) return '';
  const references = referAmong(
    scene,
    things.filter(({ deleted }) => deleted !== 'Orphan'),
    kind,
    namespace,
  );
  const object = await client.resource(kind).create({
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: {
      name: `x${things.length}`,
      ...(namespace ? { namespace } : {}),
      ...(references.length > 0 ? { ownerReferences: references.map(({ written }) => written) } : {}),
      ...(chance(0.08) ? { finalizers: [hold] } : {}),
    },
  });
  things.push({ kind, object, references, deleted: undefined });
  const whose = references.map(({ written, means }) => `${written.name}${means === 'owner' ? '' : ` (${means})`}`);
  return `creates ${kind.kind} ${object.metadata.name}${whose.length > 0 ? ` of ${whose.join(', ')}` : ''}`;
}

async function remove(scene: Scene): Promise<string> {
  const { client, things, chance, pick } = scene;
  const known = fates(things, isEndedIn(scene));
  const thing = pick(things.filter(({ deleted }) => deleted === undefined));
  if (!thing) return '';
  const orphans = known.get(thing) === 'stays' && chance(0.4);
  const propagationPolicy = orphans ? 'Orphan' : chance(0.5) ? 'Foreground' : 'Background';
  thing.deleted = propagationPolicy;
  await client
    .resource(thing.kind)
    .delete(nameOf(thing.object), { propagationPolicy })
    .catch((error: unknown) => {
      if (!isReason(error, 'NotFound')) throw error;
    });
  return `deletes ${thing.object.metadata.name} (${propagationPolicy})`;
}

async function give(scene: Scene): Promise<string> {
  const { client, things, pick } = scene;
  const known = fates(things, isEndedIn(scene));
  const staying = things.filter((thing) => thing.deleted === undefined && known.get(thing) === 'stays');
  const thing = pick(staying);
  if (!thing) return '';
  const { namespace } = thing.object.metadata;
  const references = referAmong(scene, staying, thing.kind, namespace);
  const ownerReferences = references.length > 0 ? references.map(({ written }) => written) : null;
  await client.resource(thing.kind).patch(nameOf(thing.object), 'merge', { metadata: { ownerReferences } } as never);
  thing.references = references;
  return `gives ${thing.object.metadata.name} to ${references.map(({ written }) => written.name).join(', ') || 'nobody'}`;
}

async function endNamespace({ client, chance, hasEnded, end }: Scene): Promise<string> {
  if (!chance(0.3) || hasEnded(ends)) return '';
  end(ends);
  await client.resource(Namespaces).delete({ name: ends });
  return `deletes namespace ${ends}`;
}

const acts = [create, create, create, create, create, create, create, remove, remove, give, endNamespace];

async function letGo({ client, things }: Scene): Promise<void> {
  for (const { kind, object } of things) {
    const live = object.metadata.finalizers ? await found(client, kind, object) : undefined;
    if (!live) continue;
    const finalizers = live.metadata.finalizers!.filter((each) => each !== hold);
    const { resourceVersion } = live.metadata;
    const metadata = { resourceVersion, finalizers };
    await client.resource(kind).patch(nameOf(object), 'merge', { metadata } as never);
  }
}

export function people(client: ApiClient, random: Random): People {
  const scene = sceneOf(client, random);
  return {
    act: () => scene.pick(acts)!(scene),
    letGo: () => letGo(scene),
    problems: () => problemsOf(client, scene.things, isEndedIn(scene)),
  };
}
