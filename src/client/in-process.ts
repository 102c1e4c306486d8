/**
 * The client for an API server in the same process: a call is a value handed to its handler, with the same identity,
 * authorisation, admission and validation as over HTTP. Nothing is serialised; answers and events are shared objects.
 */
import type { JsonValue, KubeList, KubeObject } from '#kube/meta/object.ts';
import type { ResourceRef } from '#kube/meta/kind.ts';
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

export function inProcessClient({ name, handler, user, clock, userAgent }: InProcessOptions): ApiClient {
  const watches = new Set<WatchHandle>();
  const clients = new WeakMap<ResourceRef, ResourceClient<KubeObject>>();
  let closed = false;

  const request = (
    verb: Verb,
    path: ResourcePath,
    options: RequestOptions,
    more: Partial<Pick<ApiRequest, 'body' | 'patchType' | 'signal'>> = {},
  ): ApiRequest => {
    if (closed) throw serviceUnavailable(`the client for ${name} is closed`);
    return { verb, path, user, options, userAgent, ...more };
  };

  const create = (ref: ResourceRef): ResourceClient<KubeObject> => {
    const write = async (
      verb: Verb,
      key: ObjectName,
      options: WriteOptions | undefined,
      more: Partial<Pick<ApiRequest, 'body' | 'patchType'>>,
      force?: boolean,
    ) => {
      const path = pathOf(ref, key.namespace, verb === 'create' && !options?.subresource ? undefined : key.name, options);
      const answer = await handler.handle(request(verb, path, writeOptions(options, force), { ...more, signal: options?.signal }));
      return objectOf(answer, options);
    };
    return {
      get: async (key, options) => {
        const read = options?.resourceVersion === undefined ? {} : { resourceVersion: options.resourceVersion };
        return objectOf(await handler.handle(request('get', pathOf(ref, key.namespace, key.name, options), read)));
      },
      list: async (options = {}) => {
        const path = pathOf(ref, options.namespace);
        const answer = await handler.handle(request('list', path, readOptions(options), { signal: options.signal }));
        return answer.object as KubeList;
      },
      watch: async (options, receiver) => {
        const path = pathOf(ref, options.namespace);
        return startWatch(request('watch', path, readOptions(options), { signal: options.signal }), receiver);
      },
      create: async (object, options) => write('create', object.metadata as ObjectName, options, { body: carriable(object) }),
      update: async (object, options) => write('update', object.metadata as ObjectName, options, { body: carriable(object) }),
      patch: async (key, patchType, patch: JsonValue, options) =>
        write('patch', key, options, { body: carriable(patch), patchType }),
      apply: async (object, options) =>
        write('patch', object.metadata as ObjectName, options, { body: carriable(object), patchType: 'apply' }, options.force),
      delete: async (key, { signal, ...body } = {}) => {
        await handler.handle(request('delete', pathOf(ref, key.namespace, key.name), {}, { body: carriable(body), signal }));
      },
      deleteCollection: async (selection, body = {}) => {
        const path = pathOf(ref, selection.namespace);
        const more = { body: carriable(body), signal: selection.signal };
        await handler.handle(request('deletecollection', path, readOptions(selection), more));
      },
    };
  };

  const startWatch = async (watch: ApiRequest, receiver: WatchReceiver<KubeObject>): Promise<WatchHandle> => {
    let ended = false;
    let started: WatchHandle | undefined;
    let early: { readonly error?: Error } | undefined;
    const stop = () => {
      ended = true;
      watches.delete(handle);
      watch.signal?.removeEventListener('abort', stop);
      started?.stop();
    };
    const handle: WatchHandle = { stop };
    const end = (error?: Error) => {
      if (ended) return;
      stop();
      receiver.end(error);
    };
    started = await handler.watch(watch, {
      event: (event) => {
        if (ended) return;
        if (event.type === 'ERROR') end(new StatusError(event.object as unknown as Status));
        else receiver.event(event);
      },
      end: (error) => {
        if (started) end(error);
        else early = { error };
      },
    });
    // A watch that is over before it began still ends after its start has been answered.
    const over = early;
    if (over) clock.soon(() => end(over.error));
    if (ended || closed || watch.signal?.aborted) {
      started.stop();
      ended = true;
    } else {
      watches.add(handle);
      watch.signal?.addEventListener('abort', stop, { once: true });
    }
    return handle;
  };

  return {
    name,
    resource: <T extends KubeObject>(ref: TypedResource<T>) => {
      let client = clients.get(ref);
      if (!client) {
        client = create(ref);
        clients.set(ref, client);
      }
      return client as unknown as ResourceClient<T>;
    },
    raw: (path, accept) => handler.raw(path, user, accept),
    close: () => {
      closed = true;
      for (const watch of [...watches]) watch.stop();
    },
  };
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
