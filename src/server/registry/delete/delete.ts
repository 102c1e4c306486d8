/** Delete one object. */
import type { KubeObject } from '#kube/meta/object.ts';
import type { ApiResponse, DeleteOptions } from '#kube/request/request.ts';
import { conflict, notFound } from '#kube/status/errors.ts';
import { isReason, type Status } from '#kube/status/status.ts';
import { answer, type Registry, type Scope } from '../context.ts';
import { after, readable } from '../kinds/remote.ts';
import { fromStorage, type ServedKind, toStorage } from '../kinds/served.ts';
import { withMetadata } from '../metadata.ts';
import { reviewDeletion } from '../write/admit.ts';
import { deleteOptions } from './options.ts';
import { planDeletion } from './plan.ts';

/** As patches: so often the deletion is planned anew when somebody else was faster. */
const attempts = 5;

/** What a kind does on its first deletion before the common rules (Namespaces, CustomResourceDefinitions). */
export type DeletionHook = (
  object: KubeObject,
  options: DeleteOptions,
  now: number,
  served: ServedKind,
) => KubeObject | undefined;

export interface DeletionHooks {
  /** By stored resource name: the object as marked, or undefined to go on with the common rules. */
  readonly [resource: string]: DeletionHook | undefined;
}

const podsStay =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them ' +
  'or set propagationPolicy=Orphan to suppress this warning';

/** `admitted`: what asked for it has been admitted already (an Eviction). */
export async function remove(
  registry: Registry,
  scope: Scope,
  hooks: DeletionHooks,
  admitted = false,
): Promise<ApiResponse> {
  const options = deleteOptions(scope);
  const { propagationPolicy, orphanDependents } = options;
  if (
    scope.served.storageResource === 'batch/jobs' &&
    propagationPolicy === undefined &&
    orphanDependents === undefined
  )
    scope.warnings.push(podsStay);
  const dryRun = scope.dryRun || (options.dryRun?.length ?? 0) > 0;
  for (let attempt = 1; ; attempt++) {
    const stored = registry.storage.get(scope);
    if (!stored) throw notFound(scope.served.definition, scope.name);
    const waiting = readable(scope.served, [stored]);
    if (waiting) await waiting;
    const object = fromStorage(scope.served, stored);
    checkPreconditions(scope, object, options);
    if (!admitted) await reviewDeletion(registry, { ...scope, dryRun }, object);
    try {
      return await carryOut(registry, { ...scope, dryRun }, object, stored, options, hooks);
    } catch (error) {
      if (attempt === attempts || !isReason(error, 'Conflict')) throw error;
    }
  }
}

/** Throws Conflict. */
function checkPreconditions(scope: Scope, object: KubeObject, { preconditions }: DeleteOptions): void {
  const { resource } = scope.served.definition;
  const { group, kind } = scope.served.refusedAs;
  const { uid, resourceVersion } = object.metadata;
  const name = scope.name;
  if (resource === 'namespaces') {
    checkNamespace(scope, object, preconditions);
    return;
  }
  if (preconditions?.uid !== undefined && preconditions.uid !== uid) {
    throw conflict(
      { group, resource: kind },
      name,
      `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    );
  }
  if (preconditions?.resourceVersion !== undefined && preconditions.resourceVersion !== resourceVersion) {
    throw conflict(
      { group, resource: kind },
      name,
      `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
    );
  }
}

/** A namespace's own storage looks before the common rules do. */
function checkNamespace({ served, name }: Scope, { metadata }: KubeObject, wanted: DeleteOptions['preconditions']) {
  const refuse = (what: string, asked: string, found: string | undefined) =>
    conflict(
      served.definition,
      name,
      `Precondition failed: ${what} in precondition: ${asked}, ${what} in object meta: ${found}`,
    );
  if (wanted?.uid !== undefined && wanted.uid !== metadata.uid) throw refuse('UID', wanted.uid, metadata.uid);
  if (wanted?.resourceVersion !== undefined && wanted.resourceVersion !== metadata.resourceVersion)
    throw refuse('ResourceVersion', wanted.resourceVersion, metadata.resourceVersion);
}

function carryOut(
  registry: Registry,
  scope: Scope,
  object: KubeObject,
  stored: KubeObject,
  options: DeleteOptions,
  hooks: DeletionHooks,
): ApiResponse | Promise<ApiResponse> {
  const { served, dryRun } = scope;
  const now = registry.world.clock.now();
  const hooked = hooks[served.storageResource]?.(object, options, now, served);
  const plan = hooked ? ({ outcome: 'mark', object: hooked } as const) : planDeletion(served, object, options, now);
  if (plan.outcome === 'mark' && plan.object === object) {
    return answer(registry, scope, object, acceptedCode(options));
  }
  if (plan.outcome === 'mark') {
    if (dryRun) return answer(registry, scope, plan.object, acceptedCode(options));
    const marked = registry.storage.update(scope, markedForm(served, plan.object, stored), stored);
    return after(readable(served, [marked]), () =>
      answer(registry, scope, fromStorage(served, marked), acceptedCode(options)),
    );
  }
  const { resourceVersion } = dryRun ? object.metadata : registry.storage.delete(scope, stored).metadata;
  const last = served.traits.returnsDeleted ? withMetadata(plan.object, { resourceVersion }) : deleted(scope, object);
  return answer(registry, scope, last, 200, dryRun ? 0 : Number(resourceVersion));
}

/** A mark is part of the metadata, which needs no conversion. */
function markedForm(served: ServedKind, object: KubeObject, stored: KubeObject): KubeObject {
  if (!served.conversion?.remote) return toStorage(served, object);
  const { deletionTimestamp, deletionGracePeriodSeconds, generation, finalizers } = object.metadata;
  return withMetadata(stored, { deletionTimestamp, deletionGracePeriodSeconds, generation, finalizers });
}

/** 202 only where the client asked for the dependents' end in the old way, which promised to tell. */
const acceptedCode = ({ orphanDependents }: DeleteOptions): number => (orphanDependents === false ? 202 : 200);

function deleted(scope: Scope, object: KubeObject): Status {
  const { group, resource } = scope.served.definition;
  const { name, uid } = object.metadata;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { ...(name ? { name } : {}), ...(group ? { group } : {}), kind: resource, ...(uid ? { uid } : {}) },
  };
}
