/** Update: the pipeline of every change to an object that exists, whichever verb and subresource bring it. */

import { settleTimes } from '#kube/apply/unchanged.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { ApiResponse } from '#kube/request/request.ts';
import { invalidValue } from '#kube/status/causes.ts';
import { conflict, invalid, notFound, staleResourceVersion } from '#kube/status/errors.ts';
import { isReason } from '#kube/status/status.ts';
import { timestamp } from '#world/clock/clock.ts';
import { accessDenied } from '../../auth/authorizer.ts';
import { answer, type Registry, type Scope } from '../context.ts';
import { deletesOnUpdate } from '../delete/plan.ts';
import { after, readable, rehearsed, storable } from '../kinds/remote.ts';
import { fromStorage, fromWrite, toStorage } from '../kinds/served.ts';
import { withMetadata } from '../metadata.ts';
import { revisionOf } from '../storage.ts';
import { mutate, reviewed } from './admit.ts';
import { createDecoded, oneOwnerEach } from './create.ts';
import { decode, envelope } from './decode.ts';
import { type Door, mainDoor } from './door.ts';
import { nextGeneration } from './generation.ts';
import { guardCauses, guarded } from './guarded.ts';
import { recordManager } from './managed.ts';
import { matchesPath, tellSent } from './names.ts';
import { withVersions } from './other-versions.ts';
import { validateUpdate, warn } from './validate.ts';

/** A new state proposed for an object. */
export interface Proposal {
  /** Decoded; its resourceVersion is what the client saw, absent when the client does not care. */
  readonly object: KubeObject;
  /** Server-side apply has written managedFields already. */
  readonly owned?: boolean;
  /** It must say what it has seen, where its kind asks for that. */
  readonly versioned?: boolean;
}

/** Makes a proposal from what is stored now; called again when somebody else was faster. */
export type Propose = (old: KubeObject) => Proposal;

/** As kube-apiserver retries a patch: so often is a change made anew before the client hears of the conflict. */
const attempts = 5;

/** PUT. */
export async function update(registry: Registry, scope: Scope, door: Door = mainDoor): Promise<ApiResponse> {
  const sent = matchesPath(scope, envelope(scope.served, scope.request.body));
  const known = registry.storage.get(scope);
  const waiting = known && readable(scope.served, [known]);
  if (waiting) await waiting;
  const object = decode(scope, sent, known && fromStorage(scope.served, known));
  tellSent(scope, object);
  if (door === mainDoor && scope.served.traits.createOnUpdate && !known) {
    requireCreate(registry, scope);
    return createDecoded(registry, scope, object, (decoded) => recordManager(registry, scope, decoded, undefined, ''));
  }
  return updateWith(registry, scope, door, () => ({ object, versioned: true }));
}

/** A PUT or an apply that creates needs the right to create, too. */
export function requireCreate(registry: Registry, scope: Scope): void {
  const { user, path } = scope.request;
  const attributes = {
    user,
    verb: 'create',
    apiGroup: path.group,
    resource: path.resource,
    namespace: scope.namespace,
    name: scope.name,
  };
  const decision = registry.authorizer.authorize(attributes);
  if (!decision.allowed) throw accessDenied(attributes, decision.reason);
}

/** Throws Invalid where an update must say what it has seen. */
function requireVersion(scope: Scope, object: KubeObject): void {
  const { resourceVersion = '' } = object.metadata;
  if ((resourceVersion !== '' && resourceVersion !== '0') || scope.served.traits.unconditionalUpdate) return;
  const { group, resource } = scope.served.definition;
  // Here kube-apiserver names the resource where its errors else name the kind.
  throw invalid({ group, kind: resource }, scope.name, [
    invalidValue('metadata.resourceVersion', 0, 'must be specified for an update'),
  ]);
}

/** Throws NotFound, Conflict, Invalid, or what admission says. */
export async function updateWith(registry: Registry, scope: Scope, door: Door, propose: Propose): Promise<ApiResponse> {
  for (let attempt = 1; ; attempt++) {
    const stored = registry.storage.get(scope);
    if (!stored) throw notFound(scope.served.definition, scope.name);
    const waiting = readable(scope.served, [stored]);
    if (waiting) await waiting;
    const old = fromStorage(scope.served, stored);
    const proposing = withVersions(scope, () => propose(old));
    const proposal = proposing instanceof Promise ? await proposing : proposing;
    checkUid(scope, proposal.object, old);
    if (proposal.versioned) requireVersion(scope, proposal.object);
    checkVersion(scope, proposal.object, old);
    try {
      const prepared = await prepare(registry, scope, door, proposal, old);
      return await guarded(registry, scope, prepared, old, (object) =>
        finish(registry, scope, door, object, old, stored),
      );
    } catch (error) {
      // Whoever gave a resourceVersion hears of it on the next round.
      if (attempt === attempts || !isReason(error, 'Conflict') || registry.storage.get(scope) === stored) throw error;
    }
  }
}

/** Where kube-apiserver keeps a kind that was not always called as it is now. */
const oldPlaces: Readonly<Record<string, string>> = {
  endpoints: 'services/endpoints',
  ingresses: 'ingress',
  nodes: 'minions',
  replicationcontrollers: 'controllers',
  services: 'services/specs',
};

/** Kinds of the API servers behind kube-apiserver's own are kept under their groups. */
const foreignGroups = new Set(['apiextensions.k8s.io', 'apiregistration.k8s.io']);

function storedUnder({ served }: Scope): string {
  const { group, resource } = served.definition;
  return served.custom || foreignGroups.has(group) ? `${group}/${resource}` : (oldPlaces[resource] ?? resource);
}

/** Throws Conflict when the client means another object of that name. */
function checkUid(scope: Scope, object: KubeObject, old: KubeObject): void {
  const ref = scope.served.definition;
  const { uid = '' } = object.metadata;
  // Of a patch validation says so.
  if (scope.request.verb === 'update' && uid !== '' && uid !== old.metadata.uid) {
    const key = `/registry/${storedUnder(scope)}/${scope.namespace ? `${scope.namespace}/` : ''}${scope.name}`;
    throw conflict(
      ref,
      scope.name,
      `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ` +
        `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`,
    );
  }
}

/** Throws Conflict when the client has seen another state. */
function checkVersion(scope: Scope, { metadata: { resourceVersion: seen = '' } }: KubeObject, old: KubeObject): void {
  if (seen !== '' && seen !== '0' && seen !== old.metadata.resourceVersion) {
    throw staleResourceVersion(scope.served.definition, scope.name);
  }
}

/** The proposal as it would be stored: merged through the door, owned, admitted, cleared of what a client may not set. */
async function prepare(
  registry: Registry,
  scope: Scope,
  door: Door,
  proposal: Proposal,
  old: KubeObject,
): Promise<KubeObject> {
  const owning = withVersions(scope, () => mergedAndOwned(registry, scope, door, proposal, old));
  const owned = oneOwnerEach(scope, owning instanceof Promise ? await owning : owning);
  const admitted = through(scope, door, owned, await mutate(registry, scope, 'UPDATE', door, owned, old), old);
  const { native } = scope.served.definition;
  const now = timestamp(registry.world.clock.now());
  if (door === mainDoor) return native?.prepareForUpdate?.(admitted, old, now) ?? admitted;
  if (door.subresource !== 'status') return admitted;
  return native?.prepareForStatus?.(admitted, old, now) ?? admitted;
}

/** Whoever writes owns what is changed; in a custom resource's status also what that way cannot change. */
function mergedAndOwned(
  registry: Registry,
  scope: Scope,
  door: Door,
  { object, owned }: Proposal,
  old: KubeObject,
): KubeObject {
  const sent = carried(object, old);
  if (owned) return door.merge(scope.served, sent, old);
  const own = (each: KubeObject) => recordManager(registry, scope, each, old, door.subresource);
  if (scope.served.custom && door.subresource === 'status') return door.merge(scope.served, own(sent), old);
  return own(door.merge(scope.served, sent, old));
}

/** What admission has changed comes through the same door as what was sent. */
function through(scope: Scope, door: Door, sent: KubeObject, admitted: KubeObject, old: KubeObject): KubeObject {
  return admitted === sent ? carried(sent, old) : carried(door.merge(scope.served, admitted, old), old);
}

/** The remaining steps; a change that changes nothing ends here. */
async function finish(
  registry: Registry,
  scope: Scope,
  door: Door,
  prepared: KubeObject,
  old: KubeObject,
  stored: KubeObject,
): Promise<ApiResponse> {
  const object = door.countsGeneration
    ? withGeneration(prepared, nextGeneration(scope.served, prepared, old))
    : prepared;
  // An apply that defaults and canonical forms undo has moved a time and nothing else.
  if (door.subresource !== 'status') warn(scope, object, old);
  if (settleTimes(old, object) === old && (await isStoredSo(scope, old, stored))) return answer(registry, scope, old);
  await validateUpdate(scope, object, old, door, await guardCauses(registry, scope, object, old, door.subresource));
  return reviewed(registry, scope, 'UPDATE', door, object, old, () => commit(registry, scope, object, old, stored));
}

/**
 * A custom resource that is written as it is read comes to be stored in today's version and with today's defaults:
 * that is how stored objects are migrated.
 */
async function isStoredSo({ served }: Scope, old: KubeObject, stored: KubeObject): Promise<boolean> {
  if (!served.custom) return true;
  await storable(served, old);
  const form = toStorage(served, old);
  return form === stored || deepEqual(form, stored);
}

function withGeneration(object: KubeObject, generation: number | undefined): KubeObject {
  return object.metadata.generation === generation ? object : withMetadata(object, { generation });
}

/** What a client cannot change stays as it was; what it left out of the system's metadata is filled in. */
function carried(object: KubeObject, old: KubeObject): KubeObject {
  const { metadata } = object;
  const before = old.metadata;
  if (
    metadata.uid === before.uid &&
    metadata.resourceVersion === before.resourceVersion &&
    metadata.generation === before.generation &&
    metadata.creationTimestamp === before.creationTimestamp &&
    metadata.deletionTimestamp === before.deletionTimestamp &&
    metadata.deletionGracePeriodSeconds === before.deletionGracePeriodSeconds &&
    metadata.selfLink === undefined
  ) {
    return object;
  }
  return withMetadata(object, {
    uid: metadata.uid || before.uid,
    resourceVersion: before.resourceVersion,
    generation: before.generation,
    creationTimestamp: before.creationTimestamp ?? metadata.creationTimestamp,
    deletionTimestamp: metadata.deletionTimestamp ?? before.deletionTimestamp,
    deletionGracePeriodSeconds: metadata.deletionGracePeriodSeconds ?? before.deletionGracePeriodSeconds,
    selfLink: undefined,
  });
}

function commit(
  registry: Registry,
  scope: Scope,
  object: KubeObject,
  old: KubeObject,
  stored: KubeObject,
): ApiResponse | Promise<ApiResponse> {
  return after(storable(scope.served, object), () => store(registry, scope, object, old, stored));
}

function store(
  registry: Registry,
  scope: Scope,
  object: KubeObject,
  old: KubeObject,
  stored: KubeObject,
): ApiResponse | Promise<ApiResponse> {
  const { served, dryRun } = scope;
  if (dryRun) {
    const shown = rehearsed(served, object);
    return shown instanceof Promise
      ? shown.then((each) => answer(registry, scope, each))
      : answer(registry, scope, shown);
  }
  if (deletesOnUpdate(served, object, old)) {
    const last = registry.storage.delete(scope, stored);
    return answer(registry, scope, object, 200, revisionOf(last));
  }
  const updated = registry.storage.update(scope, toStorage(served, object), stored);
  return after(readable(served, [updated]), () => answer(registry, scope, fromWrite(served, updated)));
}
