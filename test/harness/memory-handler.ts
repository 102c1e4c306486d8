/**
 * The least that is still an API server: objects by name, revisions, lists, watches with a window. For tests of
 * clients and control loops that want to see and steer every event; everything else belongs to the embedded server.
 */

import { deepFreeze } from '#kube/meta/freeze.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { applyMergePatch } from '#kube/patch/merge.ts';
import type {
  ApiHandler,
  ApiRequest,
  ApiResponse,
  DeleteOptions,
  WatchEvent,
  WatchSink,
} from '#kube/request/request.ts';
import { parseLabelSelector } from '#kube/selector/labels.ts';
import { alreadyExists, conflict, expired, notFound, staleResourceVersion } from '#kube/status/errors.ts';
import { failure } from '#kube/status/status.ts';
import type { Clock } from '#world/clock/clock.ts';

interface Change {
  readonly resource: string;
  readonly revision: number;
  readonly event: WatchEvent;
}

interface Watcher {
  readonly request: ApiRequest;
  readonly sink: WatchSink;
}

export interface MemoryHandler extends ApiHandler {
  /** Every request so far, watches among them. */
  readonly requests: ApiRequest[];
  readonly watchers: () => number;
  readonly revision: () => number;
  readonly objects: (resource: string) => readonly KubeObject[];
  /** Writes as somebody else would. */
  readonly put: (resource: string, object: KubeObject) => KubeObject;
  readonly remove: (resource: string, key: string) => void;
  /** Forgets all changes so far: older revisions answer 410. */
  readonly compact: () => void;
  /** Ends all watches. */
  readonly breakWatches: (error?: Error) => void;
  readonly bookmark: () => void;
  /** Thrown by the next requests that match, once each. */
  readonly failNext: (verb: string, error: Error, times?: number) => void;
}

export interface MemoryHandlerOptions {
  readonly clock: Clock;
  /** refused: as a server that knows the parameter but not the feature; ignored: as one that knows neither. */
  readonly streamingLists?: 'served' | 'refused' | 'ignored';
}

export function memoryHandler({ clock, streamingLists = 'served' }: MemoryHandlerOptions): MemoryHandler {
  const stored = new Map<string, Map<string, KubeObject>>();
  const watchers = new Set<Watcher>();
  const requests: ApiRequest[] = [];
  const failures: { verb: string; error: Error }[] = [];
  let changes: Change[] = [];
  let revision = 100;
  let oldest = 100;
  let uids = 0;

  const of = (resource: string) => {
    const objects = stored.get(resource) ?? new Map<string, KubeObject>();
    stored.set(resource, objects);
    return objects;
  };

  const matches = (request: ApiRequest, object: KubeObject) =>
    (!request.path.namespace || object.metadata.namespace === request.path.namespace) &&
    parseLabelSelector(request.options.labelSelector ?? '').matches(object.metadata.labels);

  const publish = (resource: string, type: WatchEvent['type'], object: KubeObject, previous?: KubeObject) => {
    const change: Change = { resource, revision, event: { type, object } };
    changes.push(change);
    for (const watcher of watchers) clock.soon(() => tell(watcher, change, previous));
  };

  const tell = (watcher: Watcher, { resource, event }: Change, previous?: KubeObject) => {
    if (!watchers.has(watcher) || watcher.request.path.resource !== resource) return;
    const fits = matches(watcher.request, event.object);
    if (fits) watcher.sink.event(event);
    else if (previous && matches(watcher.request, previous))
      watcher.sink.event({ type: 'DELETED', object: event.object });
  };

  const store = (resource: string, object: KubeObject): KubeObject => {
    const key = keyOf(object);
    const before = of(resource).get(key);
    revision++;
    const { uid = before?.metadata.uid ?? `uid-${++uids}` } = object.metadata;
    const metadata = { ...object.metadata, uid, resourceVersion: String(revision) };
    const written = deepFreeze({ ...object, metadata });
    of(resource).set(key, written);
    publish(resource, before ? 'MODIFIED' : 'ADDED', written, before);
    return written;
  };

  const remove = (resource: string, key: string) => {
    const before = of(resource).get(key);
    if (!before) return;
    revision++;
    of(resource).delete(key);
    const last = { ...before, metadata: { ...before.metadata, resourceVersion: String(revision) } };
    publish(resource, 'DELETED', deepFreeze(last));
  };

  const failing = (verb: string) => {
    const at = failures.findIndex((each) => each.verb === verb);
    if (at >= 0) throw failures.splice(at, 1)[0]!.error;
  };

  const list = (request: ApiRequest): ApiResponse => {
    const all = [...of(request.path.resource).values()].filter((object) => matches(request, object));
    const from = Number(request.options.continue ?? 0);
    const to = request.options.limit ? Math.min(all.length, from + request.options.limit) : all.length;
    const more = to < all.length ? { continue: String(to) } : {};
    const metadata = { resourceVersion: String(revision), ...more };
    return {
      code: 200,
      object: { apiVersion: 'v1', kind: 'List', metadata, items: all.slice(from, to) },
      warnings: [],
    };
  };

  const change = (request: ApiRequest): KubeObject => {
    const { path, verb, body } = request;
    const key = path.namespace ? `${path.namespace}/${path.name}` : (path.name ?? '');
    const current = of(path.resource).get(verb === 'create' ? keyOf(body as KubeObject) : key);
    if (verb === 'create') {
      const object = body as KubeObject;
      if (current) throw alreadyExists(path, object.metadata.name!);
      return store(path.resource, object);
    }
    if (!current) throw notFound(path, path.name!);
    if (verb === 'update') {
      const { resourceVersion } = (body as KubeObject).metadata;
      if (resourceVersion && resourceVersion !== current.metadata.resourceVersion)
        throw staleResourceVersion(path, path.name!);
      return store(path.resource, body as KubeObject);
    }
    if (verb === 'patch')
      return store(path.resource, applyMergePatch(current as never, body as never) as unknown as KubeObject);
    if (verb === 'delete') {
      const { uid } = (body as DeleteOptions | undefined)?.preconditions ?? {};
      if (uid && uid !== current.metadata.uid)
        throw conflict(path, path.name!, 'the UID in the precondition does not match');
      remove(path.resource, key);
    }
    return current;
  };

  return {
    requests,
    watchers: () => watchers.size,
    revision: () => revision,
    objects: (resource) => [...of(resource).values()],
    put: store,
    remove,
    compact: () => {
      changes = [];
      oldest = revision;
    },
    breakWatches: (error) => {
      for (const watcher of watchers) {
        watchers.delete(watcher);
        watcher.sink.end(error);
      }
    },
    bookmark: () => {
      const object = bookmarkAt(revision);
      for (const { sink } of watchers) sink.event({ type: 'BOOKMARK', object });
    },
    failNext: (verb, error, times = 1) => {
      for (let i = 0; i < times; i++) failures.push({ verb, error });
    },
    handle: async (request) => {
      requests.push(request);
      failing(request.verb);
      if (request.verb === 'list') return list(request);
      return { code: 200, object: change(request), warnings: [] };
    },
    watch: async (request, sink) => {
      requests.push(request);
      failing('watch');
      const { resourceVersion, sendInitialEvents } = request.options;
      if (sendInitialEvents && streamingLists === 'refused') {
        throw failure(
          'Invalid',
          'sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
        );
      }
      const watcher = { request, sink };
      watchers.add(watcher);
      if (resourceVersion === undefined) {
        const present = [...of(request.path.resource).values()].filter((object) => matches(request, object));
        const at = revision;
        clock.soon(() => {
          for (const object of present) sink.event({ type: 'ADDED', object });
          if (sendInitialEvents && streamingLists === 'served') {
            sink.event({ type: 'BOOKMARK', object: bookmarkAt(at, { 'k8s.io/initial-events-end': 'true' }) });
          }
        });
      } else if (Number(resourceVersion) < oldest) {
        watchers.delete(watcher);
        throw expired(`too old resource version: ${resourceVersion} (${oldest})`);
      } else {
        const missed = changes.filter((each) => each.revision > Number(resourceVersion));
        clock.soon(() => {
          for (const each of missed) tell(watcher, each);
        });
      }
      return { stop: () => watchers.delete(watcher) };
    },
    raw: async () => ({ code: 404, contentType: 'text/plain', body: 'not found' }),
  };
}

const bookmarkAt = (revision: number, annotations?: Readonly<Record<string, string>>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { resourceVersion: String(revision), ...(annotations ? { annotations } : {}) },
});
