/** A whole API server for tests: memory store that freezes what it keeps, simulated clock, seeded chance. */
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import { parseApiVersion } from '#kube/meta/kind.ts';
import type { JsonValue, KubeList, KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import type {
  ApiRequest,
  ApiResponse,
  DeleteOptions,
  PatchType,
  RequestOptions,
  ResourcePath,
  UserInfo,
  Verb,
  WatchEvent,
  WatchHandle,
} from '#kube/request/request.ts';
import { type Status, StatusError } from '#kube/status/status.ts';
import { type SimulatedClock, simulatedClock } from '#world/clock/simulated.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { type ApiServer, type ApiServerOptions, createApiServer } from './serve.ts';
import type { ApiEndpoint } from './services/kubernetes-service.ts';
import { memoryStore } from './storage/memory.ts';
import type { Store } from './storage/store.ts';

/** `apps/v1/deployments/default/web/scale` and shorter; `-` stands for no namespace before a name. */
export type Target = string;

const admin: UserInfo = { name: 'admin', groups: ['system:masters', 'system:authenticated'] };

export interface Watching {
  readonly events: WatchEvent[];
  /** `ADDED web`, `BOOKMARK`: what came, in order. */
  readonly seen: () => readonly string[];
  readonly ended: () => { readonly error?: Error } | undefined;
  readonly handle: WatchHandle;
}

export interface Cluster {
  readonly server: ApiServer;
  readonly store: Store;
  readonly clock: SimulatedClock;
  readonly request: (verb: Verb, target: Target, more?: Partial<ApiRequest>) => Promise<ApiResponse>;
  readonly create: (target: Target, object: object, options?: RequestOptions) => Promise<UnstructuredObject>;
  readonly get: (target: Target) => Promise<UnstructuredObject>;
  readonly list: (target: Target, options?: RequestOptions) => Promise<KubeList<UnstructuredObject>>;
  readonly update: (target: Target, object: object, options?: RequestOptions) => Promise<UnstructuredObject>;
  readonly patch: (
    target: Target,
    type: PatchType,
    patch: unknown,
    options?: RequestOptions,
  ) => Promise<UnstructuredObject>;
  readonly remove: (target: Target, options?: DeleteOptions) => Promise<UnstructuredObject>;
  readonly watch: (target: Target, options?: RequestOptions) => Promise<Watching>;
}

/** Segments: group version (one or two), resource, namespace or `-`, name, subresource. */
function pathOf(target: Target): ResourcePath {
  const segments = target.split('/');
  const core = /^v\d/.test(segments[0] ?? '');
  const { group, version } = parseApiVersion(core ? segments[0]! : `${segments[0]}/${segments[1]}`);
  const [resource = '', namespace = '', name = '', subresource = ''] = segments.slice(core ? 1 : 2);
  return {
    group,
    version,
    resource,
    ...(namespace && namespace !== '-' ? { namespace } : {}),
    ...(name ? { name } : {}),
    ...(subresource ? { subresource } : {}),
  };
}

export async function startCluster({
  endpoint,
  ...options
}: Partial<ApiServerOptions> & { readonly endpoint?: ApiEndpoint } = {}): Promise<Cluster> {
  const clock = simulatedClock();
  const world = options.world ?? { clock, random: seededRandom(7) };
  const store = options.store ?? memoryStore({ clock, freeze: true });
  const server = createApiServer({
    name: 'test',
    space: 'test',
    kinds: builtinKinds(),
    disabledAdmission: ['ServiceAccount'],
    ...options,
    store,
    world,
  });
  await server.start();
  if (endpoint) await server.advertise(endpoint);
  const request: Cluster['request'] = (verb, target, more = {}) =>
    server.handler.handle({ verb, path: pathOf(target), user: admin, options: {}, userAgent: 'test/1.0', ...more });
  const object = async (answer: Promise<ApiResponse>) => (await answer).object as unknown as UnstructuredObject;
  return {
    server,
    store,
    clock,
    request,
    create: (target, body, given = {}) =>
      object(request('create', target, { body: body as KubeObject, options: given })),
    get: (target) => object(request('get', target)),
    list: async (target, given = {}) =>
      (await request('list', target, { options: given })).object as KubeList<UnstructuredObject>,
    update: (target, body, given = {}) =>
      object(request('update', target, { body: body as KubeObject, options: given })),
    patch: (target, patchType, body, given = {}) =>
      object(request('patch', target, { body: body as JsonValue, patchType, options: given })),
    remove: (target, body = {}) => object(request('delete', target, { body })),
    watch: async (target, given = {}) => {
      const events: WatchEvent[] = [];
      let ended: { readonly error?: Error } | undefined;
      const handle = await server.handler.watch(
        { verb: 'watch', path: pathOf(target), user: admin, options: given },
        {
          event: (event) => events.push(event),
          end: (error) => {
            ended = error ? { error } : {};
          },
        },
      );
      const seen = () =>
        events.map(({ type, object }) => (type === 'BOOKMARK' ? type : `${type} ${object.metadata.name}`));
      return { events, seen, ended: () => ended, handle };
    },
  };
}

/** The Status a call was refused with; fails when it was not. */
export async function refusal(call: Promise<unknown>): Promise<Status> {
  try {
    await call;
  } catch (error) {
    if (error instanceof StatusError) return error.status;
    throw error;
  }
  throw new Error('the call was expected to be refused');
}

/** `409 Conflict: the message`. */
export async function refusalText(call: Promise<unknown>): Promise<string> {
  const { code, reason = '', message } = await refusal(call);
  return `${code} ${reason}: ${message}`;
}

export const configMap = (name: string, data: Readonly<Record<string, string>> = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});

export const deployment = (name: string, replicas = 1) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'web', image: 'nginx:latest', ports: [{ containerPort: 80 }] }] },
    },
  },
});

export const pod = (name: string, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'web', image: 'nginx:1.27' }], ...spec },
});

/** A definition of `widgets.example.com` with one version, v1. */
export const widgetDefinition = (
  schema: object = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  more: object = {},
) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget', shortNames: ['wd'] },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema }, ...more }],
  },
});

export const widget = (name: string, spec: object = {}) => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name },
  spec,
});
