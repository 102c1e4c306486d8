/**
 * The embedded API server put together: storage, kinds, admission, allocators, watches, and what other rooms hand in.
 * It is a value with functions; `http/listen.ts` puts it on a port, `client/in-process.ts` calls it directly.
 */
import type { Nodes } from '#kube/connect/nodes.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { ApiHandler, ApiRequest, WatchSink } from '#kube/request/request.ts';
import { methodNotServed, noSuchPath, notWatched } from '#kube/status/errors.ts';
import { StatusError } from '#kube/status/status.ts';
import type { World } from '#world/world.ts';
import { composeAdmission, type WebhookDoors, webhookTransport } from './admission/compose.ts';
import type { AdmissionStep } from './admission/step.ts';
import { type AggregationOptions, createAggregation } from './aggregation/aggregation.ts';
import type { Authenticator } from './auth/authenticator.ts';
import { type Authorizer, allowAll, attributesOf, requireAccess } from './auth/authorizer.ts';
import type { TokenIssuer } from './auth/service-account/discovery.ts';
import { definitionsResource } from './crd/definition.ts';
import { definitionDeletion } from './crd/deletion.ts';
import { definitionGuard } from './crd/guard.ts';
import { followDefinitions } from './crd/registration.ts';
import type { ServiceView } from './discovery/groups.ts';
import { type FlowControl, flowControl } from './flowcontrol/flow-control.ts';
import { type FlowSchema, flowControlResources, type PriorityLevel } from './flowcontrol/objects.ts';
import { flowUpkeep } from './flowcontrol/upkeep.ts';
import type { Phase } from './http/checks.ts';
import type { ServedApi } from './http/served.ts';
import { type ServerMetrics, serverMetrics } from './metrics/server-metrics.ts';
import { advertise, bootstrap } from './namespaces/bootstrap.ts';
import { namespaceDeletion, priorityClassDeletion } from './namespaces/deletion.ts';
import type { ForeignDocuments } from './openapi/openapi.ts';
import { type CommitGuard, type Registry, scopeOf } from './registry/context.ts';
import type { DeletionHooks } from './registry/delete/delete.ts';
import { type Handling, handle } from './registry/handle.ts';
import { type Conversions, type KindRegistry, kindRegistry } from './registry/kinds/registry.ts';
import { type Storage, storageOf } from './registry/storage.ts';
import { serviceAllocation } from './services/allocate.ts';
import type { ApiEndpoint } from './services/kubernetes-service.ts';
import type { Store } from './storage/store.ts';
import { componentStatuses } from './subresource/component-statuses.ts';
import type { AnswerResource } from './subresource/table.ts';
import { type WatchHub, watchHub } from './watch/hub.ts';
import { watch } from './watch/watch.ts';

/** What there is before anybody may do anything: for whoever decides who may. */
export interface Foundation {
  readonly storage: Storage;
  readonly kinds: KindRegistry;
  readonly world: World;
  readonly phase?: () => Phase;
  /** What APIServices change of discovery. */
  readonly services?: ServiceView | undefined;
  /** OpenAPI documents of API servers behind this one. */
  readonly foreign?: ForeignDocuments | undefined;
  readonly metrics?: ServerMetrics;
}

/** Who is who and who may what; `auth/access.ts` makes one. */
export interface AccessControl {
  readonly authorizer: Authorizer;
  readonly authenticate: Authenticator;
  /** Admission that belongs to it: the escalation check. */
  readonly admission?: readonly AdmissionStep[];
  /** By `group/resource` or `resource/subresource`: reviews and token requests. */
  readonly answered?: Readonly<Record<string, AnswerResource>>;
  readonly issuer?: TokenIssuer;
}

export interface ApiServerOptions {
  /** For logs and errors: `karmada-apiserver`, `member1`. */
  readonly name: string;
  /** Its part of the store. */
  readonly space: string;
  readonly store: Store;
  readonly world: World;
  /** Built-in kinds and ours; CustomResourceDefinitions add to them. */
  readonly kinds: readonly KindDefinition[];
  /** Between versions of our kinds; built-in kinds have their own. */
  readonly conversions?: Conversions;
  /** Everything is allowed, and everybody is anonymous, without it. */
  readonly access?: (foundation: Foundation) => AccessControl;
  /** Non-resource paths: discovery, OpenAPI, health, version. Answers 404 without it. */
  readonly raw?: (
    foundation: Foundation,
    authorizer: Authorizer,
    flow: FlowControl,
    issuer?: TokenIssuer,
  ) => ApiHandler['raw'];
  /** Steps of our own, after the built-in ones of their phase and before webhooks. */
  readonly admission?: readonly AdmissionStep[];
  /** As kube-apiserver's --disable-admission-plugins; a control plane without Pods disables ServiceAccount. */
  readonly disabledAdmission?: readonly string[];
  readonly webhooks?: WebhookDoors;
  /** What logs, exec, port-forward and proxies connect to; without it they say that no Pods run here. */
  readonly nodes?: () => Promise<Nodes>;
  /** By `group/resource`: kinds that are answered, not stored, and not by the server itself: metrics; subresources, too. */
  readonly answered?: Readonly<Record<string, AnswerResource>>;
  /** IPv4, `10.96.0.0/16` when absent. */
  readonly serviceCidr?: string;
  readonly behind?: ServedApi['behind'];
  /** What API servers behind this one are told, and how they are reached. */
  readonly aggregation?: AggregationOptions;
  readonly frontProxies?: ServedApi['frontProxies'];
}

export interface ApiServer extends ServedApi {
  readonly kinds: KindRegistry;
  readonly storage: Storage;
  /** Takes stock of what is stored, creates what every cluster is born with, begins to send bookmarks. Comes first. */
  readonly start: () => Promise<void>;
  /** Makes `default/kubernetes` point to where Pods reach this server. Once it listens. */
  readonly advertise: (endpoint: ApiEndpoint) => Promise<void>;
  /** Ends every watch. */
  readonly stop: () => void;
  /**
   * `handler.raw` for who asks within the process and cannot be passed on: it tells nothing of API servers behind this
   * one, whose resources only the door leads to.
   */
  readonly rawInside: ApiHandler['raw'];
  /** Watches under way, for metrics and leak tests. */
  readonly watchCount: () => number;
}

const nothingRaw: ApiHandler['raw'] = async () => ({
  code: 404,
  contentType: 'text/plain',
  body: '404 page not found\n',
});

const defaultServiceCidr = '10.96.0.0/16';

/** By stored resource name. */
const deletions: DeletionHooks = {
  namespaces: namespaceDeletion,
  [definitionsResource]: definitionDeletion,
  'scheduling.k8s.io/priorityclasses': priorityClassDeletion,
};

export function createApiServer(options: ApiServerOptions): ApiServer {
  const { name, world, serviceCidr = defaultServiceCidr } = options;
  const storage = storageOf(options.store, options.space);
  const kinds = kindRegistry(options.kinds, options.conversions);
  let phase: Phase = 'starting';
  const aggregation = createAggregation(storage, kinds, options.aggregation ?? {});
  const { view: services, documents: foreign } = aggregation;
  const metrics = serverMetrics({ clock: world.clock, kinds, storage, services: aggregation.availability });
  const foundation: Foundation = { storage, kinds, world, phase: () => phase, services, foreign, metrics };
  followDefinitions(storage, kinds, world, webhookTransport(options.webhooks, storage, world));
  const access = options.access?.(foundation);
  const authorizer = access?.authorizer ?? allowAll;
  const allocation = serviceAllocation(storage, serviceCidr, world);
  const registry: Registry = {
    name,
    kinds,
    storage,
    world,
    authorizer,
    admission: composeAdmission(options, foundation, access, () => registry),
    guards: new Map<string, CommitGuard>([
      ['services', allocation.guard],
      [definitionsResource, definitionGuard(storage, kinds, world)],
    ]),
  };
  const handling = handlingOf(options, storage, access);
  const hub = watchHub(world, kinds, storage.revision);
  const flow = flowOf(storage, world);
  const upkeep = flowUpkeep(registry, flow.changed);
  const raw = (of: Foundation): ApiHandler['raw'] => options.raw?.(of, authorizer, flow, access?.issuer) ?? nothingRaw;
  return {
    name,
    kinds,
    storage,
    authorizer,
    authenticate: access?.authenticate ?? (() => ({ name: 'system:anonymous', groups: ['system:unauthenticated'] })),
    kind: (group, version, resource) => kinds.find(group, version, resource)?.definition,
    servesGroup: (group) => kinds.definitions().some((kind) => kind.group === group),
    durable: storage.durable,
    flow,
    aggregation,
    metrics,
    ...(options.frontProxies ? { frontProxies: options.frontProxies } : {}),
    ...(options.behind ? { behind: options.behind } : {}),
    rawInside: raw({ ...foundation, services: undefined, foreign: undefined }),
    handler: {
      handle: (request) => handle(registry, handling, request),
      watch: (request, sink) => startWatch(registry, hub, request, sink),
      raw: raw(foundation),
    },
    start: async () => {
      await allocation.load();
      await bootstrap(registry);
      await upkeep.start();
      await aggregation.start(registry);
      hub.start();
      phase = 'serving';
    },
    advertise: (endpoint) => advertise(registry, serviceCidr, endpoint),
    stop: () => {
      phase = 'stopping';
      aggregation.stop();
      upkeep.stop();
      hub.stop();
    },
    watchCount: hub.count,
  };
}

function handlingOf(options: ApiServerOptions, storage: Storage, access: AccessControl | undefined): Handling {
  const { nodes } = options;
  const answered = { componentstatuses: componentStatuses(storage), ...access?.answered, ...options.answered };
  return { handedIn: { answered, ...(nodes ? { nodes } : {}) }, deletions };
}

function flowOf(storage: Storage, world: World): FlowControl {
  return flowControl(
    {
      schemas: () => storage.list(flowControlResources.schemas, undefined).items as readonly FlowSchema[],
      levels: () => storage.list(flowControlResources.levels, undefined).items as readonly PriorityLevel[],
      stored: storage.count,
    },
    world.clock,
  );
}

async function startWatch(registry: Registry, hub: WatchHub, request: ApiRequest, sink: WatchSink) {
  requireAccess(registry.authorizer, attributesOf(request));
  const scope = scopeOf(registry, request);
  if (request.path.subresource) throw noSuchPath();
  const { verbs, stored, group, resource } = scope.served.definition;
  const { deprecation } = scope.served;
  if (verbs.includes('list') && !verbs.includes('watch')) {
    throw new StatusError(notWatched({ group, resource }).status, deprecation ? [deprecation] : []);
  }
  if (stored === false || !verbs.includes('watch')) {
    throw methodNotServed();
  }
  const handle = await watch(registry, hub, scope, sink);
  return deprecation ? { ...handle, warnings: [deprecation] } : handle;
}
