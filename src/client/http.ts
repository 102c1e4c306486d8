/** The client for an API server behind HTTP: real clusters, and our own in another process. */
import { apiVersionOf, type ResourceRef } from '#kube/meta/kind.ts';
import type { JsonValue, KubeList, KubeObject } from '#kube/meta/object.ts';
import { type DeleteOptions, patchContentTypes } from '#kube/request/request.ts';
import { internalError } from '#kube/status/errors.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { HttpAgent, HttpAgentOptions } from '#world/network/http-client.ts';
import type { ApiClient, ObjectName, ResourceClient, TypedResource, WriteOptions } from './api-client.ts';
import { carriable } from './carriable.ts';
import { Connection } from './http/connection.ts';
import type { CredentialDoors } from './http/credentials.ts';
import { transportFailure, warningsOf } from './http/failures.ts';
import { listQuery, type Query, queryText, resourcePath, watchQuery, writeQuery } from './http/paths.ts';
import { startWatch } from './http/watch.ts';
import { lineSplitter } from './http/watch-lines.ts';
import type { ClusterAccess } from './kubeconfig/access.ts';

export interface HttpClientOptions extends CredentialDoors {
  /** For logs and metrics: `karmada-apiserver`, `member1`. */
  readonly name: string;
  readonly config: ClusterAccess;
  readonly clock: Clock;
  /** `flotilla/v0.1.0`; its part before the slash names the field manager where a write gives none. */
  readonly userAgent?: string;
  /** Told of every answer, for `rest_client_requests_total`. */
  readonly onAnswer?: (method: string, code: number) => void;
  /** For tests: how connections are made. */
  readonly createAgent?: (options: HttpAgentOptions) => HttpAgent;
}

export interface HttpClient extends ApiClient {
  /**
   * A GET whose answer goes on, line by line, in the form that `accept` asks for: watches that answer Tables.
   * The signal ends it. Throws StatusError when it does not begin, or breaks off.
   */
  readonly lines: (path: string, accept: string, signal: AbortSignal) => AsyncIterable<string>;
}

export function httpClient({ config, userAgent = 'flotilla', ...options }: HttpClientOptions): HttpClient {
  const connection = new Connection({ ...options, access: config, userAgent });
  const clients = new WeakMap<ResourceRef, ResourceClient<KubeObject>>();
  return {
    name: options.name,
    resource: <T extends KubeObject>(ref: TypedResource<T>) => {
      let client = clients.get(ref);
      if (!client) {
        client = resourceClient(connection, options.clock, ref);
        clients.set(ref, client);
      }
      return client as unknown as ResourceClient<T>;
    },
    raw: async (path, accept) => {
      const { code, headers, body } = await connection.exchange({
        method: 'GET',
        path,
        headers: accept ? { accept } : {},
      });
      const contentType = String(headers['content-type'] ?? 'text/plain');
      return { code, contentType, body: contentType.includes('json') ? (parse(body) as JsonValue) : body };
    },
    lines: async function* (path, accept, signal) {
      const splitter = lineSplitter();
      const body = await connection.open({ method: 'GET', path, headers: { accept }, signal });
      try {
        for await (const chunk of body) yield* splitter.push(chunk);
      } catch (error) {
        throw transportFailure(error);
      }
    },
    close: () => connection.close(),
  };
}

function resourceClient(connection: Connection, clock: Clock, ref: ResourceRef): ResourceClient<KubeObject> {
  const path = (key: Partial<ObjectName>, query: Query, subresource?: string) =>
    resourcePath(ref, key, subresource) + queryText(query);

  const write = async (
    method: string,
    key: Partial<ObjectName>,
    body: JsonValue | KubeObject,
    options: WriteOptions | undefined,
    contentType = 'application/json',
    force?: boolean,
  ) => {
    const answer = await connection.request({
      method,
      path: path(key, writeQuery(options, force), options?.subresource),
      headers: { 'content-type': contentType },
      body: JSON.stringify(carriable(body)),
      signal: options?.signal,
    });
    if (options?.onWarning) for (const text of warningsOf(answer.headers)) options.onWarning(text);
    return parse(answer.body) as KubeObject;
  };

  const remove = async (key: Partial<ObjectName>, query: Query, options: DeleteOptions, signal?: AbortSignal) => {
    await connection.request({
      method: 'DELETE',
      path: path(key, query),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'DeleteOptions', apiVersion: 'v1', ...options }),
      signal,
    });
  };

  return {
    get: async (key, options) => {
      const query = { resourceVersion: options?.resourceVersion };
      const answer = await connection.request({ method: 'GET', path: path(key, query, options?.subresource) });
      return parse(answer.body) as KubeObject;
    },
    list: async (options = {}) => {
      const asked = {
        method: 'GET',
        path: path({ namespace: options.namespace }, listQuery(options)),
        unmeasured: true,
      };
      const answer = await connection.request({ ...asked, signal: options.signal });
      return withKinds(parse(answer.body) as KubeList, ref);
    },
    watch: (options, receiver) =>
      startWatch(
        connection,
        clock,
        path({ namespace: options.namespace }, watchQuery(options)),
        receiver,
        options.signal,
      ),
    create: (object, options) => {
      const { namespace, name } = object.metadata;
      return write('POST', { namespace, ...(options?.subresource ? { name } : {}) }, object, options);
    },
    update: (object, options) => write('PUT', object.metadata, object, options),
    patch: (key, type, patch, options) => write('PATCH', key, patch, options, patchContentTypes[type]),
    apply: (object, options) =>
      write('PATCH', object.metadata, object, options, patchContentTypes.apply, options.force),
    delete: (key, { signal, ...options } = {}) => remove(key, {}, options, signal),
    deleteCollection: (selection, options = {}) =>
      remove({ namespace: selection.namespace }, listQuery(selection), options, selection.signal),
  };
}

/** kube-apiserver leaves kind and apiVersion out of the items of built-in lists. */
function withKinds(list: KubeList, ref: ResourceRef): KubeList {
  const first = list.items?.[0];
  if (!list.items) return { ...list, items: [] };
  if (!first || first.kind) return list;
  const apiVersion = apiVersionOf(ref);
  return { ...list, items: list.items.map((item) => ({ ...item, apiVersion, kind: ref.kind })) };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw internalError('the server answered with something that is not JSON');
  }
}
