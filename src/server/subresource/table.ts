/** Which subresource of which resource answers which verb. */
import type { Nodes } from '#kube/connect/nodes.ts';
import type { Subresource } from '#kube/kind/definition.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { ApiRequest, ApiResponse, Verb } from '#kube/request/request.ts';
import { methodNotServed, noSuchPath, notFound, notImplemented, notSupported } from '#kube/status/errors.ts';
import { fieldsOf, type Registry, type Scope } from '../registry/context.ts';
import { readable } from '../registry/kinds/remote.ts';
import { fromStorage } from '../registry/kinds/served.ts';
import { get } from '../registry/read/get.ts';
import { admitSent } from '../registry/write/admit.ts';
import type { Door } from '../registry/write/door.ts';
import { patch } from '../registry/write/patch.ts';
import { update } from '../registry/write/update.ts';
import { bind } from './binding.ts';
import { approvalDoor, ephemeralContainersDoor, finalizeDoor, resizeDoor } from './doors.ts';
import { evict } from './eviction.ts';
import { getScale, patchScale, updateScale } from './scale.ts';
import { statusDoor } from './status.ts';

export type SubresourceVerb = (registry: Registry, scope: Scope) => ApiResponse | Promise<ApiResponse>;

/** By verb; what is not there is not allowed. */
export type SubresourceVerbs = { readonly [V in Verb]?: SubresourceVerb };

/**
 * A resource or subresource that is answered, not stored: reviews, tokens. `parent` is the object a subresource
 * belongs to. Throws StatusError.
 */
export type AnswerResource = (request: ApiRequest, parent: KubeObject | undefined) => KubeObject | Promise<KubeObject>;

/** What other rooms answer. */
export interface HandedIn {
  /** By resource and subresource: `serviceaccounts/token`. */
  readonly answered: Readonly<Record<string, AnswerResource>>;
  /** The machines that Pods run on, for what connects to them; a control plane has none. */
  readonly nodes?: () => Promise<Nodes>;
}

/** Logs, exec, port-forward, proxies: subresources of core kinds with these names connect to something. */
const connecting = new Set(['attach', 'exec', 'log', 'portforward', 'proxy']);

const through = (door: Door): SubresourceVerbs => ({
  get,
  update: (registry, scope) => update(registry, scope, door),
  patch: (registry, scope) => patch(registry, scope, door),
});

const status = through(statusDoor);
const scale: SubresourceVerbs = { get: getScale, update: updateScale, patch: patchScale };

const specific: Readonly<Record<string, SubresourceVerbs>> = {
  'pods/binding': { create: bind },
  'pods/eviction': { create: evict },
  'pods/ephemeralcontainers': through(ephemeralContainersDoor),
  'pods/resize': through(resizeDoor),
  'namespaces/finalize': { update: (registry, scope) => update(registry, scope, finalizeDoor) },
  'certificates.k8s.io/certificatesigningrequests/approval': through(approvalDoor),
};

/** Throws NotFound for a subresource nobody serves, MethodNotAllowed for a verb it has not. */
export async function handleSubresource(registry: Registry, scope: Scope, handedIn: HandedIn): Promise<ApiResponse> {
  const { path, verb } = scope.request;
  const { subresource = '' } = path;
  const { subresources } = scope.served.definition;
  const key = `${scope.served.storageResource}/${subresource}`;
  if (scope.served.conversion?.remote) {
    const stored = registry.storage.get(scope);
    if (stored) await readable(scope.served, [stored]);
  }
  const own = ownVerbs(subresource, subresources.status === true, subresources.scale !== undefined) ?? specific[key];
  if (own) {
    const answer = own[verb];
    if (!answer) throw notAllowed(scope, verb);
    if (verb === 'create') scope.request.sent?.(scope.request.body as KubeObject);
    return answer(registry, scope);
  }
  return handleOutside(registry, scope, key, subresource, handedIn);
}

/** The handler of custom resources has words of its own. */
const notAllowed = ({ served }: Scope, verb: Verb) =>
  served.custom ? notSupported(served.definition, verb) : methodNotServed();

function ownVerbs(subresource: string, hasStatus: boolean, hasScale: boolean): SubresourceVerbs | undefined {
  if (subresource === 'status') return hasStatus ? status : undefined;
  return subresource === 'scale' && hasScale ? scale : undefined;
}

/** The kind of what a subresource takes. */
const kindOf = ({ served }: Scope, { group, version, kind }: Subresource) => ({
  group: group ?? served.definition.group,
  version: version ?? served.definition.version,
  kind,
});

/** What is sent to be answered, as admission leaves it. */
async function admittedRequest(registry: Registry, scope: Scope, declared: Subresource | undefined) {
  const { request } = scope;
  const body = request.body as KubeObject | undefined;
  if (request.verb !== 'create' || !declared || !body) return request;
  return { ...request, body: await admitSent(registry, scope, 'CREATE', kindOf(scope, declared), body) };
}

async function handleOutside(
  registry: Registry,
  scope: Scope,
  key: string,
  subresource: string,
  { answered, nodes }: HandedIn,
): Promise<ApiResponse> {
  const { verb } = scope.request;
  const declared = scope.served.definition.subresources.others?.find(({ name }) => name === subresource);
  const answerer = answered[key];
  if (!declared && !answerer) {
    throw scope.served.custom ? notFound(scope.served.definition, scope.name) : noSuchPath();
  }
  if (declared && !declared.verbs.includes(verb)) {
    throw methodNotServed();
  }
  // Loaded with the first connection: most servers are never asked for one.
  if (connecting.has(subresource) && scope.served.definition.group === '')
    return (await import('../connect/connect.ts')).connect(registry, scope, key, await nodes?.());
  const stored = registry.storage.get(scope);
  if (!stored) throw notFound(scope.served.definition, scope.name);
  const parent = fieldsOf(fromStorage(scope.served, stored));
  if (verb === 'create') scope.request.sent?.((scope.request.body ?? {}) as KubeObject);
  if (answerer)
    return {
      code: verb === 'create' ? 201 : 200,
      object: await answerer(await admittedRequest(registry, scope, declared), parent),
      warnings: scope.warnings,
    };
  throw notImplemented(`${key} is not served by ${registry.name}: it has no ${subresource} to connect to`);
}
