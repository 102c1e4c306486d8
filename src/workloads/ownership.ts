/**
 * Which objects a controller's owner has: those it controls, those it may adopt, those that left its selector. The
 * rules of Kubernetes' controller references.
 */
import { type CachedResource, nameOf } from '#client/cached.ts';
import type { Indexer, Informer } from '#client/informer/informer.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { controllerOf, controllerReferenceTo } from '#kube/meta/owner.ts';
import type { LabelMatcher } from '#kube/selector/labels.ts';
import { isReason } from '#kube/status/status.ts';
import { fieldManager } from './resources.ts';

const index = 'controller';

/** By the controller's uid; what nobody controls by its namespace, written so that no uid is like it. */
const byController: Indexer<KubeObject> = (object) => {
  const controller = controllerOf(object);
  return [controller ? controller.uid : `/${object.metadata.namespace ?? ''}`];
};

export function indexByController<T extends KubeObject>(informer: Informer<T>): void {
  informer.addIndex(index, byController as Indexer<T>);
}

export function controlledBy<T extends KubeObject>(informer: Informer<T>, owner: KubeObject): readonly T[] {
  return informer.byIndex(index, owner.metadata.uid ?? '');
}

/** What the same owner controls, the object itself among it; alone where it has none. */
export function siblingsOf<T extends KubeObject>(informer: Informer<T>, object: T): readonly T[] {
  const controller = controllerOf(object);
  return controller ? informer.byIndex(index, controller.uid) : [object];
}

const orphansIn = <T extends KubeObject>(informer: Informer<T>, namespace: string | undefined): readonly T[] =>
  informer.byIndex(index, `/${namespace ?? ''}`);

interface Claim<T extends KubeObject> {
  readonly owned: readonly T[];
  readonly adopt: readonly T[];
  readonly release: readonly T[];
}

/** An owner that is being deleted takes nothing and lets nothing go; what is being deleted is not adopted. */
function planClaim<T extends KubeObject>(
  owner: KubeObject,
  matcher: LabelMatcher,
  controlled: readonly T[],
  orphans: readonly T[],
): Claim<T> {
  const wants = (object: T) => matcher.matches(object.metadata.labels);
  const leaving = owner.metadata.deletionTimestamp !== undefined;
  return {
    owned: controlled.filter(wants),
    release: leaving ? [] : controlled.filter((object) => !wants(object)),
    adopt: leaving ? [] : orphans.filter((object) => !object.metadata.deletionTimestamp && wants(object)),
  };
}

/** What the owner has after adopting and releasing what is due. */
export async function claimed<T extends KubeObject, O extends KubeObject>(
  objects: CachedResource<T>,
  owners: CachedResource<O>,
  owner: O,
  matcher: LabelMatcher,
): Promise<readonly T[]> {
  const { informer } = objects;
  const plan = planClaim(owner, matcher, controlledBy(informer, owner), orphansIn(informer, owner.metadata.namespace));
  for (const object of plan.release) await release(objects, owner, object);
  if (plan.adopt.length === 0 || !(await mayAdopt(owners, owner))) return plan.owned;
  const adopted: T[] = [];
  for (const object of plan.adopt) {
    const now = await adopt(objects, owner, object);
    if (now) adopted.push(now);
  }
  return adopted.length > 0 ? [...plan.owned, ...adopted] : plan.owned;
}

/** Read live: an owner that was deleted meanwhile must not take anything with it. */
async function mayAdopt<O extends KubeObject>(owners: CachedResource<O>, owner: O): Promise<boolean> {
  const live = await owners.live.get(nameOf(owner)).catch((error: unknown) => {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  });
  return live !== undefined && live.metadata.uid === owner.metadata.uid && !live.metadata.deletionTimestamp;
}

/** The uid in a patch is a condition: it fails on another object of the same name. */
async function patched<T extends KubeObject>(
  objects: CachedResource<T>,
  object: T,
  reference: Readonly<Record<string, string | boolean>>,
): Promise<T | undefined> {
  const metadata = { uid: object.metadata.uid!, ownerReferences: [reference] };
  try {
    const answer = await objects.live.patch(nameOf(object), 'strategic', { metadata }, { fieldManager });
    objects.informer.observe(answer);
    return answer;
  } catch (error) {
    if (isReason(error, 'NotFound') || isReason(error, 'Conflict')) return undefined;
    throw error;
  }
}

const adopt = <T extends KubeObject>(objects: CachedResource<T>, owner: KubeObject, object: T) =>
  patched(objects, object, { ...controllerReferenceTo(owner) });

const release = <T extends KubeObject>(objects: CachedResource<T>, owner: KubeObject, object: T) =>
  patched(objects, object, { $patch: 'delete', uid: owner.metadata.uid! });
