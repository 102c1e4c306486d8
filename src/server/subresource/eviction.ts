/** pods/eviction: a delete that asks the Pod's disruption budget first. */
import type { KubeObject } from '#kube/meta/object.ts';
import type { ApiResponse, DeleteOptions } from '#kube/request/request.ts';
import { badRequest, notFound } from '#kube/status/errors.ts';
import { isReason, StatusError } from '#kube/status/status.ts';
import { timestamp } from '#world/clock/clock.ts';
import type { Registry, Scope } from '../registry/context.ts';
import { remove } from '../registry/delete/delete.ts';
import { fromStorage } from '../registry/kinds/served.ts';
import { admitSent } from '../registry/write/admit.ts';
import { updateWith } from '../registry/write/update.ts';
import { guards, letsUnreadyGo, markedForEviction, needsNoBudget, spent, stillProcessed } from './disruption.ts';
import { statusDoor } from './status.ts';
import { success } from './success.ts';

interface Eviction {
  readonly metadata?: { readonly name?: string };
  readonly deleteOptions?: DeleteOptions;
}

/** The eviction was admitted; its mark is a part of it. */
const markingDoor = { ...statusDoor, unadmitted: true };

const evictionKind = { group: 'policy', version: 'v1', kind: 'Eviction' };

/** Throws BadRequest, NotFound, Conflict, or TooManyRequests where the budget has nothing left. */
export async function evict(registry: Registry, scope: Scope): Promise<ApiResponse> {
  const { metadata, deleteOptions = {} } = (scope.request.body ?? {}) as Eviction;
  if (metadata?.name !== undefined && metadata.name !== scope.name) {
    throw badRequest('name in URL does not match name in Eviction object');
  }
  const dryRun = scope.dryRun || (deleteOptions.dryRun?.length ?? 0) > 0;
  const sent = { metadata: { name: scope.name }, ...(scope.request.body as object | undefined) } as KubeObject;
  await admitSent(registry, scope, 'CREATE', evictionKind, sent);
  const tried = { ...scope, dryRun, request: { ...scope.request, body: deleteOptions } };
  const stored = registry.storage.get(scope);
  if (!stored) throw notFound(scope.served.definition, scope.name);
  const pod = fromStorage(scope.served, stored);
  const budget = needsNoBudget(pod) ? undefined : await budgetOf(registry, scope, pod);
  const unready = budget !== undefined && letsUnreadyGo(budget, pod);
  if (budget && !unready) await spend(registry, tried, budget, pod);
  return removeMarked(registry, tried, pod, unready ? budget.metadata.name : undefined);
}

/** Throws a plain 500 where several budgets hold: which of them is asked is nobody's to say. */
async function budgetOf(registry: Registry, scope: Scope, pod: KubeObject): Promise<KubeObject | undefined> {
  const resource = 'policy/poddisruptionbudgets';
  const prepared = registry.storage.prepare(resource, scope.namespace);
  if (prepared) await prepared;
  const { items } = registry.storage.list(resource, scope.namespace);
  const concerned = items.filter((each) => guards(each, pod));
  if (concerned.length < 2) return concerned[0];
  throw new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    code: 500,
  });
}

/** kube-apiserver writes as itself here, whoever asked for the eviction. */
const writer = 'kube-apiserver';

async function spend(registry: Registry, scope: Scope, budget: KubeObject, pod: KubeObject): Promise<void> {
  const now = timestamp(registry.world.clock.now());
  if (scope.dryRun) {
    spent(budget, pod, now);
    return;
  }
  const served = registry.kinds.find('policy', 'v1', 'poddisruptionbudgets')!;
  const { name = '' } = budget.metadata;
  const path = { group: 'policy', version: 'v1', resource: 'poddisruptionbudgets', namespace: scope.namespace, name };
  const place = { ...scope, served, name, request: { ...scope.request, path, options: {}, userAgent: writer } };
  await updateWith(registry, place, statusDoor, (old) => ({ object: spent(old, pod, now) }));
}

/** `unready`: the budget whose leave holds only as long as the Pod stays as it is. */
async function removeMarked(
  registry: Registry,
  scope: Scope,
  pod: KubeObject,
  unready: string | undefined,
): Promise<ApiResponse> {
  const { preconditions } = (scope.request.body ?? {}) as DeleteOptions;
  if (preconditions?.uid === undefined && preconditions?.resourceVersion === undefined && !scope.dryRun) {
    const now = timestamp(registry.world.clock.now());
    const marking = { ...scope, request: { ...scope.request, options: {}, userAgent: writer } };
    await updateWith(registry, marking, markingDoor, (old) => ({ object: markedForEviction(old, now) }));
  }
  try {
    return success(await remove(registry, scope, {}, true));
  } catch (error) {
    if (unready !== undefined && isReason(error, 'Conflict') && pod.metadata.uid) throw stillProcessed(unready);
    throw error;
  }
}
