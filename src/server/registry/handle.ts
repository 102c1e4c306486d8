/** One request, whichever verb: authorised, brought to its resource, answered. */
import type { ApiRequest, ApiResponse, Verb } from '#kube/request/request.ts';
import { badRequest, methodNotServed, noSuchPath, notImplemented } from '#kube/status/errors.ts';
import { StatusError } from '#kube/status/status.ts';
import { attributesOf, requireAccess } from '../auth/authorizer.ts';
import { bindNamed } from '../subresource/binding.ts';
import { type HandedIn, handleSubresource } from '../subresource/table.ts';
import { type Registry, type Scope, scopeOf } from './context.ts';
import { removeCollection } from './delete/collection.ts';
import { type DeletionHooks, remove } from './delete/delete.ts';
import { get } from './read/get.ts';
import { list } from './read/list.ts';
import { admitSent } from './write/admit.ts';
import { create } from './write/create.ts';
import { decode, envelope } from './write/decode.ts';
import { recordManager } from './write/managed.ts';
import { inNamespace, tellSent } from './write/names.ts';
import { patch } from './write/patch.ts';
import { update } from './write/update.ts';

export interface Handling {
  readonly handedIn: HandedIn;
  readonly deletions: DeletionHooks;
}

type Verbs = Readonly<
  Record<
    Exclude<Verb, 'watch'>,
    (registry: Registry, scope: Scope, handling: Handling) => ApiResponse | Promise<ApiResponse>
  >
>;

const verbs: Verbs = {
  get,
  list,
  create,
  update: (registry, scope) => update(registry, scope),
  patch: (registry, scope) => patch(registry, scope),
  delete: (registry, scope, { deletions }) => remove(registry, scope, deletions),
  deletecollection: (registry, scope, { deletions }) => removeCollection(registry, scope, deletions),
};

/** Throws StatusError. */
export async function handle(registry: Registry, handling: Handling, request: ApiRequest): Promise<ApiResponse> {
  requireAccess(registry.authorizer, attributesOf(request));
  const scope = scopeOf(registry, request);
  if (scope.served.deprecation && !request.path.subresource) scope.warnings.push(scope.served.deprecation);
  try {
    return await handleIn(registry, handling, scope);
  } catch (error) {
    throw error instanceof StatusError && scope.warnings.length > 0
      ? new StatusError(error.status, scope.warnings)
      : error;
  }
}

async function handleIn(registry: Registry, handling: Handling, scope: Scope): Promise<ApiResponse> {
  const { request } = scope;
  const { verb } = request;
  if (verb === 'watch') throw badRequest('a watch is not a request: it needs a sink');
  if (request.path.subresource) return handleSubresource(registry, scope, handling.handedIn);
  const { definition } = scope.served;
  if (definition.stored === false && scope.name !== '' && !definition.verbs.includes('get')) throw noSuchPath();
  if (!definition.verbs.includes(verb)) throw methodNotServed();
  if (!fitsPath(scope)) throw methodNotServed();
  if (definition.stored === false) return answerOnly(registry, scope, handling.handedIn);
  return verbs[verb](registry, scope, handling);
}

/** Whether the path is of a collection or of one object, as the verb wants it. */
function fitsPath({ served, request, name, namespace }: Scope): boolean {
  if (request.verb === 'update' || request.verb === 'patch') return name !== '';
  return request.verb !== 'create' || (name === '' && (namespace !== '' || !served.definition.namespaced));
}

/** Kinds that are questions: decoded like any other, answered by whoever knows, never stored. */
async function answerOnly(registry: Registry, scope: Scope, { answered }: HandedIn): Promise<ApiResponse> {
  const { served, request, warnings } = scope;
  const isCreate = request.verb === 'create';
  const decoded = isCreate ? decode(scope, inNamespace(scope, envelope(served, request.body))) : undefined;
  const whole = decoded && { ...decoded, metadata: decoded.metadata ?? {} };
  if (whole) tellSent(scope, whole);
  const object = whole && recordManager(registry, scope, whole, undefined, '');
  if (object && served.storageResource === 'bindings') return bindNamed(registry, scope, object);
  const answer = answered[served.storageResource];
  if (!answer) throw notImplemented(`${served.storageResource} is not answered by ${registry.name}`);
  const body = object ? { body: await admitSent(registry, scope, 'CREATE', served.definition, object) } : {};
  return { code: isCreate ? 201 : 200, object: await answer({ ...request, ...body }, undefined), warnings };
}
