/**
 * Who hears of an informer's changes: each handler gets every change in order, and one that throws harms no other.
 * A handler that came late is given what is there in slices, and what happens meanwhile after that.
 */
import type { KubeObject } from '#kube/meta/object.ts';
import type { Turns } from '#world/clock/turns.ts';
import type { Change } from './informer.ts';

export interface Handlers<T extends KubeObject> {
  readonly emit: (change: Change<T>) => void;
  readonly add: (handler: (change: Change<T>) => void, present: readonly T[]) => () => void;
  readonly clear: () => void;
}

interface Listener<T extends KubeObject> {
  readonly handler: (change: Change<T>) => void;
  /** Changes kept while the listener is still being given what was there before. */
  backlog: Change<T>[] | undefined;
}

export function handlers<T extends KubeObject>(turns: Turns, failed: (error: unknown) => void): Handlers<T> {
  const listeners = new Set<Listener<T>>();
  const queued: Change<T>[] = [];
  let emitting = false;

  const tell = (listener: Listener<T>, change: Change<T>) => {
    try {
      listener.handler(change);
    } catch (error) {
      failed(error);
    }
  };

  const deliver = (change: Change<T>) => {
    for (const listener of listeners) {
      if (listener.backlog) listener.backlog.push(change);
      else tell(listener, change);
    }
  };

  const catchUp = (listener: Listener<T>, present: readonly T[]) => {
    let next = 0;
    const slice = () => {
      while (next < present.length && listeners.has(listener)) {
        tell(listener, { type: 'added', object: present[next++]!, initial: true });
        if (!turns.hasTime()) return turns.later(slice);
      }
      const backlog = listener.backlog ?? [];
      // What arrives while these are told is appended and told in this same loop.
      for (const change of backlog) if (listeners.has(listener)) tell(listener, change);
      listener.backlog = undefined;
    };
    turns.later(slice);
  };

  return {
    emit: (change) => {
      if (emitting) {
        queued.push(change);
        return;
      }
      emitting = true;
      deliver(change);
      // A handler that lays a write over the cache makes further changes; everybody hears of them afterwards.
      for (let next = queued.shift(); next; next = queued.shift()) deliver(next);
      emitting = false;
    },
    add: (handler, present) => {
      const listener: Listener<T> = { handler, backlog: present.length > 0 ? [] : undefined };
      listeners.add(listener);
      if (present.length > 0) catchUp(listener, present);
      return () => {
        listeners.delete(listener);
      };
    },
    clear: () => listeners.clear(),
  };
}
