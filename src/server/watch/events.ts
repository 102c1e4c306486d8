/** From a stored change to the event one watcher sees; events are shared by all watchers who see the same. */
import type { KubeObject } from '#kube/meta/object.ts';
import type { WatchEvent, WatchEventType } from '#kube/request/request.ts';
import { fromStorage, type ServedKind } from '../registry/kinds/served.ts';
import { withMetadata } from '../registry/metadata.ts';
import type { StoredChange } from '../storage/store.ts';

type ChangeType = Extract<WatchEventType, 'ADDED' | 'MODIFIED' | 'DELETED'>;

const known: Readonly<Record<ChangeType, WeakMap<KubeObject, WatchEvent>>> = {
  ADDED: new WeakMap(),
  MODIFIED: new WeakMap(),
  DELETED: new WeakMap(),
};

export function eventOf(type: ChangeType, object: KubeObject): WatchEvent {
  let event = known[type].get(object);
  if (event === undefined) {
    event = { type, object };
    known[type].set(object, event);
  }
  return event;
}

const typeOf: Readonly<Record<StoredChange['type'], ChangeType>> = {
  created: 'ADDED',
  updated: 'MODIFIED',
  deleted: 'DELETED',
};

/** undefined when the change is none of this watcher's business. */
export function eventFor(
  served: ServedKind,
  change: StoredChange,
  matches: ((object: KubeObject) => boolean) | undefined,
): WatchEvent | undefined {
  const object = fromStorage(served, change.object);
  if (!matches) return eventOf(typeOf[change.type], object);
  const before = change.previous ? fromStorage(served, change.previous) : undefined;
  const matched = before !== undefined && matches(before);
  if (change.type === 'deleted')
    return matched || (!before && matches(object)) ? eventOf('DELETED', object) : undefined;
  if (matches(object)) return eventOf(matched ? 'MODIFIED' : 'ADDED', object);
  // It has left the selection: the last state the watcher may know, as of now.
  return matched
    ? eventOf('DELETED', withMetadata(before, { resourceVersion: object.metadata.resourceVersion }))
    : undefined;
}

/** What every client may resume from; with `initialEventsEnd` also the end of a streaming list. */
export function bookmark(served: ServedKind, revision: number, initialEventsEnd = false): WatchEvent {
  return {
    type: 'BOOKMARK',
    object: {
      apiVersion: served.apiVersion,
      kind: served.definition.kind,
      metadata: {
        resourceVersion: String(revision),
        ...(initialEventsEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
      },
    },
  };
}
