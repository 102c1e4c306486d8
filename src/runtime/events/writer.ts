/** Writes events: new ones are created, repeated ones counted up on the server. */
import { type Event, Events } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import { isReason, StatusError } from '#kube/status/status.ts';
import { timestamp } from '#world/clock/clock.ts';
import { boundedMap } from './bounded-map.ts';
import type { Correlated } from './correlate.ts';
import { newEvent } from './new-event.ts';

/** Events whose counts we can still raise, as client-go's cache; others begin anew. */
const mostRemembered = 4_096;

/** An event that waits to be written: so many times, last at `last` (wall clock, milliseconds since 1970). */
export interface WaitingEvent extends Correlated {
  count: number;
  last: number;
  tries: number;
  /** Waits since then (monotonic). */
  readonly since: number;
}

interface Written {
  readonly name: string;
  readonly namespace: string;
  readonly count: number;
}

/** refused: the server will never take it. unreachable: it may, later. */
export type WriteResult = 'written' | 'refused' | 'unreachable';

export interface EventWriter {
  readonly write: (event: WaitingEvent) => Promise<WriteResult>;
  /** It would only raise the count of an event that is there. */
  readonly isRepeat: (event: WaitingEvent) => boolean;
}

export function eventWriter(client: ApiClient): EventWriter {
  const events = client.resource(Events);
  const written = boundedMap<string, Written>(mostRemembered);

  /** False: it was never written, or has expired on the server. */
  const countUp = async (event: WaitingEvent): Promise<boolean> => {
    const before = written.get(event.key);
    if (!before) return false;
    const count = before.count + event.count;
    try {
      await events.patch(before, 'merge', { count, lastTimestamp: timestamp(event.last), message: event.message });
    } catch (error) {
      if (isReason(error, 'NotFound')) return false;
      throw error;
    }
    written.set(event.key, { ...before, count });
    return true;
  };

  const write = async (event: WaitingEvent): Promise<WriteResult> => {
    try {
      if (await countUp(event)) return 'written';
      const made: Event = newEvent(event);
      await events.create(made);
      written.set(event.key, { name: made.metadata.name!, namespace: made.metadata.namespace!, count: event.count });
      return 'written';
    } catch (error) {
      return error instanceof StatusError && error.code < 500 && error.code !== 429 ? 'refused' : 'unreachable';
    }
  };

  return { write, isRepeat: ({ key }) => written.has(key) };
}
