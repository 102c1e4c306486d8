/** What every verb of the registry works with, and one request brought into a form the verbs share. */
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import type { ApiRequest, ApiResponse } from '#kube/request/request.ts';
import { badRequest, noSuchPath } from '#kube/status/errors.ts';
import type { StatusCause } from '#kube/status/status.ts';
import type { World } from '#world/world.ts';
import type { AdmissionChain } from '../admission/chain.ts';
import type { Authorizer } from '../auth/authorizer.ts';
import type { KindRegistry } from './kinds/registry.ts';
import { type Place, revisionOf, type Storage } from './storage.ts';

/** What happens around the commit of one resource: cluster IPs are taken before it and given back when it fails. */
export interface CommitGuard {
  /** The object as it is to be stored; throws to refuse. */
  readonly before: (object: KubeObject, old: KubeObject | undefined, dryRun: boolean) => KubeObject;
  /** Beside what the kind itself is held to; `subresource` is the way by which it came. */
  readonly validate?: (
    object: KubeObject,
    old: KubeObject | undefined,
    subresource: string,
  ) => Promise<readonly StatusCause[]>;
  /** Called when the write then failed. */
  readonly undo: (object: KubeObject, old: KubeObject | undefined) => void;
}

export interface Registry {
  readonly name: string;
  readonly kinds: KindRegistry;
  readonly storage: Storage;
  readonly world: World;
  readonly admission: AdmissionChain;
  readonly authorizer: Authorizer;
  /** By stored resource name. */
  readonly guards: ReadonlyMap<string, CommitGuard>;
}

export interface Scope extends Place {
  readonly request: ApiRequest;
  /** '' for cluster-scoped objects and lists over all namespaces. */
  readonly namespace: string;
  /** '' where the path ends with the resource. */
  readonly name: string;
  readonly dryRun: boolean;
  /** Texts for `Warning:` headers, collected on the way. */
  readonly warnings: string[];
}

export const fieldsOf = (object: KubeObject): UnstructuredObject => object as UnstructuredObject;

/** What no name may be or contain, whatever the kind's rules for names (apimachinery IsValidPathSegmentName). */
function nameProblem(name: string): string | undefined {
  if (name === '.' || name === '..') return `may not be '${name}'`;
  return name.includes('%') ? "may not contain '%'" : undefined;
}

/** Throws NotFound for a resource nobody serves, or one asked for in the wrong scope. */
export function scopeOf(registry: Registry, request: ApiRequest): Scope {
  const { group, version, resource, namespace = '', name = '' } = request.path;
  const served = registry.kinds.find(group, version, resource);
  if (!served || (namespace !== '' && !served.definition.namespaced)) throw noSuchPath();
  const wrong = nameProblem(name);
  if (wrong !== undefined) throw badRequest(`Name parameter invalid: ${JSON.stringify(name)}: ${wrong}`);
  return { request, served, namespace, name, dryRun: request.options.dryRun === true, warnings: [] };
}

/** An answer whose `durable` costs nothing unless somebody asks for it. */
class Answer implements ApiResponse {
  readonly code: number;
  readonly object: ApiResponse['object'];
  readonly warnings: readonly string[];
  readonly #storage: Storage;
  readonly #revision: number;

  constructor(
    code: number,
    object: ApiResponse['object'],
    warnings: readonly string[],
    storage: Storage,
    revision: number,
  ) {
    this.code = code;
    this.object = object;
    this.warnings = warnings;
    this.#storage = storage;
    this.#revision = revision;
  }

  get durable(): Promise<void> | undefined {
    return this.#revision > 0 ? this.#storage.durable(this.#revision) : undefined;
  }
}

/** Events are acknowledged from memory: the one exception to durable answers (architecture.md section 4). */
const acknowledgedFromMemory = 'events';

/** `revision`: the newest one the answer depends on; that of the object when absent. */
export function answer(
  registry: Registry,
  scope: Scope,
  object: ApiResponse['object'],
  code = 200,
  revision = revisionOf(object as KubeObject),
): ApiResponse {
  const awaited = scope.served.storageResource === acknowledgedFromMemory ? 0 : revision;
  return new Answer(code, object, scope.warnings, registry.storage, awaited || 0);
}
