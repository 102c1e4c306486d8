/** List: one consistent snapshot, whole or in pages, narrowed by selectors. */
import type { KubeList, KubeObject, ListMeta } from '#kube/meta/object.ts';
import type { ApiResponse } from '#kube/request/request.ts';
import { badRequest, expired } from '#kube/status/errors.ts';
import { isReason } from '#kube/status/status.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { ListPage } from '../../storage/store.ts';
import { answer, type Registry, type Scope } from '../context.ts';
import { readable } from '../kinds/remote.ts';
import { fromStorage } from '../kinds/served.ts';
import { type Continuation, continueExpired, continueToken, parseContinue } from './continue.ts';
import { checkListOptions, parseRevision, requireReached } from './revision.ts';
import { selectionOf } from './selection.ts';

interface Page {
  readonly items: readonly KubeObject[];
  readonly metadata: ListMeta;
  readonly revision: number;
}

/** Throws BadRequest, Invalid, Expired, or Timeout for a resourceVersion that has not been reached. */
export async function list(registry: Registry, scope: Scope): Promise<ApiResponse> {
  const { options } = scope.request;
  checkListOptions(options);
  const { matches, name } = selectionOf(scope);
  const start = startOf(registry, scope);
  const prepared = registry.storage.prepare(scope.served.storageResource, scope.namespace || undefined);
  if (prepared) await prepared;
  const page =
    name !== undefined && !start.after
      ? await one(registry, scope, name, matches, start)
      : await many(registry, scope, matches, start);
  const { listKind } = scope.served.definition;
  const object: KubeList = {
    apiVersion: scope.served.apiVersion,
    kind: listKind,
    // Custom resources are listed without a Go type, which would leave out what is empty.
    metadata: scope.served.custom ? { continue: '', ...page.metadata } : page.metadata,
    items: page.items,
  };
  return answer(registry, scope, object, 200, page.revision);
}

interface Start {
  /** The snapshot to read; undefined: the newest. */
  readonly at: number | undefined;
  readonly after?: Continuation['after'];
}

function startOf(registry: Registry, scope: Scope): Start {
  const { resourceVersion, resourceVersionMatch, limit, continue: token } = scope.request.options;
  const current = registry.storage.revision();
  if (token) {
    if (resourceVersion && resourceVersion !== '0') {
      throw badRequest('specifying resource version is not allowed when using continue');
    }
    const { revision, after } = parseContinue(token);
    return { at: revision < 0 ? undefined : revision, after };
  }
  const wanted = parseRevision(resourceVersion, 'list');
  if (wanted !== undefined) requireReached(wanted, current);
  // Pages of a version that is named are of that very version, unless a newer one will do.
  const exact =
    resourceVersionMatch === 'Exact' || (resourceVersionMatch === undefined && limit !== undefined && limit > 0);
  if (wanted !== undefined && exact) return { at: wanted };
  // A disk that fails has left changes behind that nobody may see yet: lists are of the state before them.
  const held = registry.storage.held();
  return { at: held === current ? undefined : held };
}

type Matches = ((object: KubeObject) => boolean) | undefined;

/** A selection of one name needs no list (informers of one object, `kubectl get` with a field selector). */
async function one(registry: Registry, scope: Scope, name: string, matches: Matches, { at }: Start): Promise<Page> {
  if (at === undefined && (scope.namespace !== '' || !scope.served.definition.namespaced)) {
    const stored = registry.storage.get({ ...scope, name });
    const revision = registry.storage.revision();
    const waiting = stored && readable(scope.served, [stored]);
    if (waiting) await waiting;
    const object = stored && fromStorage(scope.served, stored);
    const items = object && (!matches || matches(object)) ? [object] : [];
    return { items, metadata: { resourceVersion: String(revision) }, revision };
  }
  const { items, revision } = read(registry, scope, { at }, undefined);
  const named = items.filter((item) => item.metadata.name === name);
  await readable(scope.served, named);
  const found = named.map((item) => fromStorage(scope.served, item)).filter((item) => !matches || matches(item));
  return { items: found, metadata: { resourceVersion: String(revision) }, revision };
}

/** So many objects are converted and matched before other work gets a turn: at 5 µs for a first conversion, 5 ms. */
const objectsPerTurn = 1_000;

const turn = (clock: Clock) => new Promise<void>((resolve) => clock.soon(resolve));

async function many(registry: Registry, scope: Scope, matches: Matches, start: Start): Promise<Page> {
  const { limit: asked = 0, resourceVersion } = scope.request.options;
  // Where any version will do, kube-apiserver answers from its cache, which knows no pages.
  const limit = asked > 0 && resourceVersion !== '0' ? asked : undefined;
  const { conversion } = scope.served;
  if (!conversion) return pageOf(read(registry, scope, start, limit, matches), matches !== undefined);
  const items: KubeObject[] = [];
  let { at, after } = start;
  for (;;) {
    const page = read(registry, scope, { at, ...(after ? { after } : {}) }, limit);
    let examined = 0;
    const waiting = readable(scope.served, page.items);
    if (waiting) await waiting;
    for (const stored of page.items) {
      const object = fromStorage(scope.served, stored);
      if (!matches || matches(object)) items.push(object);
      if (++examined % objectsPerTurn === 0) await turn(registry.world.clock);
    }
    if (!page.next || limit === undefined || items.length >= limit)
      return pageOf({ ...page, items }, matches !== undefined);
    at = page.revision;
    after = page.next;
  }
}

function pageOf({ items, revision, next, remaining }: ListPage, selected: boolean): Page {
  const metadata: ListMeta = {
    resourceVersion: String(revision),
    ...(next ? { continue: continueToken({ revision, after: next }) } : {}),
    // Nobody has counted how many of the rest a selector would match.
    ...(next && !selected ? { remainingItemCount: remaining } : {}),
  };
  return { items, metadata, revision };
}

/** Throws Expired in the words that fit what the client asked with. */
function read(
  registry: Registry,
  scope: Scope,
  { at, after }: Start,
  limit: number | undefined,
  matches?: Matches,
): ListPage {
  try {
    return registry.storage.list(scope.served.storageResource, scope.namespace || undefined, {
      ...(at === undefined ? {} : { at }),
      ...(after ? { after } : {}),
      ...(limit === undefined ? {} : { limit }),
      ...(matches ? { matches } : {}),
    });
  } catch (error) {
    if (!isReason(error, 'Expired')) throw error;
    if (after) throw continueExpired({ revision: at ?? -1, after });
    throw expired(`The resourceVersion for the provided list is too old.`);
  }
}
