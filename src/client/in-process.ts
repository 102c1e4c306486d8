/**
 * The client for an API server in the same process: a call is a value handed to its handler, with the same identity,
 * authorisation, admission and validation as over HTTP. Nothing is serialised; answers and events are shared objects.
 */

import type { ResourceRef } from '#kube/meta/kind.ts';
import type { KubeList, KubeObject } from '#kube/meta/object.ts';
import type {
  ApiHandler,
  ApiRequest,
  ApiResponse,
  RequestOptions,
  ResourcePath,
  UserInfo,
  Verb,
  WatchHandle,
} from '#kube/request/request.ts';
import { serviceUnavailable } from '#kube/status/errors.ts';
import { type Status, StatusError } from '#kube/status/status.ts';
import type { Clock } from '#world/clock/clock.ts';
import { breathe } from '#world/clock/turns.ts';
import type {
  ApiClient,
  ListOptions,
  ObjectName,
  ResourceClient,
  TypedResource,
  WatchOptions,
  WatchReceiver,
  WriteOptions,
} from './api-client.ts';
import { carriable } from './carriable.ts';

export interface InProcessOptions {
  /** For logs and metrics: `karmada-apiserver`, `member1`. */
  readonly name: string;
  readonly handler: ApiHandler;
  readonly user: UserInfo;
  readonly clock: Clock;
  /** Names the field manager where a write gives none. */
  readonly userAgent?: string;
}

export function inProcessClient(options: InProcessOptions): ApiClient {
  const { name, handler, user, clock, userAgent } = options;
  const watches = new Set<WatchHandle>();
  const clients = new WeakMap<ResourceRef, ResourceClient<KubeObject>>();
  let closed = false;

  const request: BuildRequest = (verb, path, requestOptions, more = {}) => {
    if (closed) throw serviceUnavailable(`the client for ${name} is closed`);
    return { verb, path, user, options: requestOptions, userAgent, ...more };
  };
  // Nothing here waits for a network: without a breath, whole queues would be worked off within one turn.
  const handle: ApiHandler['handle'] = async (asked) => {
    const breath = breathe(clock);
    if (breath) await breath;
    return handler.handle(asked);
  };
  const watch = async (asked: ApiRequest, receiver: WatchReceiver<KubeObject>) => {
    const handle = await startWatch(options, asked, receiver, (ended) => watches.delete(ended));
    watches.add(handle);
    if (closed) handle.stop();
    return handle;
  };

  return {
    name,
    inProcess: true,
    resource: <T extends KubeObject>(ref: TypedResource<T>) => {
      let client = clients.get(ref);
      if (!client) {
        client = resourceClient(ref, handle, request, watch);
        clients.set(ref, client);
      }
      return client as unknown as ResourceClient<T>;
    },
    raw: (path, accept) => handler.raw(path, user, accept),
    close: () => {
      closed = true;
      for (const handle of watches) handle.stop();
    },
  };
}

type More = Partial<Pick<ApiRequest, 'body' | 'patchType' | 'signal'>>;
type BuildRequest = (verb: Verb, path: ResourcePath, options: RequestOptions, more?: More) => ApiRequest;
type Watch = (request: ApiRequest, receiver: WatchReceiver<KubeObject>) => Promise<WatchHandle>;

function resourceClient(
  ref: ResourceRef,
  handle: ApiHandler['handle'],
  request: BuildRequest,
  watch: Watch,
): ResourceClient<KubeObject> {
  const write = async (verb: Verb, key: ObjectName, options: WriteOptions | undefined, more: More, force?: boolean) => {
    const named = verb !== 'create' || options?.subresource !== undefined;
    const path = pathOf(ref, key.namespace, named ? key.name : undefined, options);
    const asked = request(verb, path, writeOptions(options, force), { ...more, signal: options?.signal });
    return objectOf(await handle(asked), options);
  };
  const nameOf = (object: KubeObject) => object.metadata as ObjectName;

  return {
    get: async (key, options) => {
      const read = options?.resourceVersion === undefined ? {} : { resourceVersion: options.resourceVersion };
      return objectOf(await handle(request('get', pathOf(ref, key.namespace, key.name, options), read)));
    },
    list: async (options = {}) => {
      const asked = request('list', pathOf(ref, options.namespace), readOptions(options), { signal: options.signal });
      return (await handle(asked)).object as KubeList;
    },
    watch: async (options, receiver) => {
      const path = pathOf(ref, options.namespace);
      return watch(request('watch', path, readOptions(options), { signal: options.signal }), receiver);
    },
    create: async (object, options) => write('create', nameOf(object), options, { body: carriable(object) }),
    update: async (object, options) => write('update', nameOf(object), options, { body: carriable(object) }),
    patch: async (key, patchType, patch, options) =>
      write('patch', key, options, { body: carriable(patch), patchType }),
    apply: async (object, options) =>
      write('patch', nameOf(object), options, { body: carriable(object), patchType: 'apply' }, options.force),
    delete: async (key, { signal, ...body } = {}) => {
      await handle(request('delete', pathOf(ref, key.namespace, key.name), {}, { body: carriable(body), signal }));
    },
    deleteCollection: async (selection, body = {}) => {
      const more = { body: carriable(body), signal: selection.signal };
      await handle(request('deletecollection', pathOf(ref, selection.namespace), readOptions(selection), more));
    },
  };
}

async function startWatch(
  { handler, clock }: InProcessOptions,
  request: ApiRequest,
  receiver: WatchReceiver<KubeObject>,
  stopped: (handle: WatchHandle) => void,
): Promise<WatchHandle> {
  let over = false;
  let started: WatchHandle | undefined;
  let early: { readonly error?: Error } | undefined;
  const stop = () => {
    over = true;
    request.signal?.removeEventListener('abort', stop);
    started?.stop();
    stopped(handle);
  };
  const handle: WatchHandle = { stop };
  const end = (error?: Error) => {
    if (over) return;
    if (!started) {
      early = { error };
      return;
    }
    stop();
    receiver.end(error);
  };
  started = await handler.watch(request, {
    event: (event) => {
      if (over) return;
      if (event.type === 'ERROR') end(new StatusError(event.object as unknown as Status));
      else receiver.event(event);
    },
    end,
  });
  // A watch that was over before it began still ends after its start has been answered.
  if (early) clock.soon(() => end(early?.error));
  if (request.signal?.aborted) stop();
  else request.signal?.addEventListener('abort', stop, { once: true });
  return handle;
}

function pathOf(
  ref: ResourceRef,
  namespace: string | undefined,
  name?: string,
  options?: { readonly subresource?: string },
): ResourcePath {
  return {
    group: ref.group,
    version: ref.version,
    resource: ref.resource,
    ...(ref.namespaced && namespace ? { namespace } : {}),
    ...(name === undefined ? {} : { name }),
    ...(options?.subresource ? { subresource: options.subresource } : {}),
  };
}

function writeOptions(options: WriteOptions | undefined, force: boolean | undefined): RequestOptions {
  if (!options) return {};
  const { dryRun, fieldManager, fieldValidation } = options;
  return { dryRun, fieldManager, fieldValidation, force };
}

function readOptions(options: ListOptions & WatchOptions): RequestOptions {
  return {
    labelSelector: options.labelSelector,
    fieldSelector: options.fieldSelector,
    limit: options.limit,
    continue: options.continue,
    resourceVersion: options.resourceVersion,
    resourceVersionMatch: options.resourceVersionMatch,
    timeoutSeconds: options.timeoutSeconds,
    allowWatchBookmarks: options.allowBookmarks,
    sendInitialEvents: options.sendInitialEvents,
  };
}

function objectOf(answer: ApiResponse, options?: WriteOptions): KubeObject {
  if (options?.onWarning) for (const text of answer.warnings) options.onWarning(text);
  return answer.object as KubeObject;
}
