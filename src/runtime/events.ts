/**
 * Events that controllers record: never on the critical path, coalesced in memory, counted up on the server instead
 * of repeated, bounded per object. `record` returns at once; what cannot be written is counted, not waited for.
 */
import { type Event, Events } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { isReason, StatusError } from '#kube/status/status.ts';
import { type Clock, type Timer, timestamp } from '#world/clock/clock.ts';
import { breathe } from '#world/clock/turns.ts';
import { boundedMap } from './events/bounded-map.ts';
import { type Correlated, eventCorrelator } from './events/correlate.ts';
import { newEvent } from './events/new-event.ts';
import type { Metrics } from './telemetry/metrics.ts';
import { metric } from './telemetry/names.ts';

export type EventType = 'Normal' | 'Warning';

export interface EventRecorder {
  /** `reason` is a word of the reasons table, `message` a sentence; neither may hold Secret data. */
  readonly event: (object: KubeObject, type: EventType, reason: string, message: string) => void;
}

export interface EventBroadcasterOptions {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

export interface EventBroadcaster {
  /** `component` becomes the event's source: `binding-controller`. */
  readonly recorder: (component: string) => EventRecorder;
  /** Writes what waits, then records nothing more. */
  readonly stop: () => Promise<void>;
}

/** What comes within this time is one write: a retried failure, a burst of the same news. */
const gatherMs = 100;
/** At about 1 kB each 1 MB; beyond it events are dropped and counted. */
const mostWaiting = 1_000;
/** Events whose counts we can still raise, as client-go's cache; others begin anew. */
const mostRemembered = 4_096;
/** Writes at a time: events must not crowd out the work they tell of. */
const writers = 4;
/** A write that meets an unreachable server is tried this often, at `retryMs` and its multiples. */
const mostTries = 5;
const retryMs = 2_000;

interface Waiting extends Correlated {
  count: number;
  last: number;
  tries: number;
}

interface Written {
  readonly name: string;
  readonly namespace: string;
  readonly count: number;
}

export function eventBroadcaster({ client, clock, metrics }: EventBroadcasterOptions): EventBroadcaster {
  const events = client.resource(Events);
  const waiting = new Map<string, Waiting>();
  const written = boundedMap<string, Written>(mostRemembered);
  const correlator = eventCorrelator(clock);
  let timer: Timer | undefined;
  let flushing: Promise<void> | undefined;
  let stopped = false;

  const drop = (component: string, reason: string) =>
    metrics.counter(metric.eventsDropped, { component, reason }).add();

  const schedule = (ms = gatherMs) => {
    if (!stopped) timer ??= clock.after(ms, () => void flush());
  };

  const enqueue = (correlated: Correlated) => {
    const present = waiting.get(correlated.key);
    if (present) {
      present.count++;
      present.last = clock.now();
      present.message = correlated.message;
      return;
    }
    if (waiting.size >= mostWaiting) {
      drop(correlated.component, 'buffer_full');
      return;
    }
    waiting.set(correlated.key, { ...correlated, count: 1, last: correlated.at, tries: 0 });
    schedule();
  };

  const write = async (event: Waiting) => {
    const before = written.get(event.key);
    if (before) {
      const count = before.count + event.count;
      const change = { count, lastTimestamp: timestamp(event.last), message: event.message };
      const there = await events.patch(before, 'merge', change).then(
        () => true,
        (error: unknown) => {
          if (isReason(error, 'NotFound')) return false;
          throw error;
        },
      );
      if (there) {
        written.set(event.key, { ...before, count });
        return;
      }
    }
    const made: Event = newEvent(event);
    await events.create(made);
    written.set(event.key, { name: made.metadata.name!, namespace: made.metadata.namespace!, count: event.count });
  };

  const writeOrKeep = async (event: Waiting) => {
    try {
      await write(event);
      metrics.counter(metric.eventsWritten, { component: event.component }).add();
    } catch (error) {
      const mayWork = !(error instanceof StatusError) || error.code >= 500 || error.code === 429;
      if (!mayWork || stopped || ++event.tries >= mostTries) drop(event.component, mayWork ? 'unreachable' : 'refused');
      else if (!waiting.has(event.key)) waiting.set(event.key, event);
    }
  };

  const drain = async () => {
    const batch = [...waiting.values()];
    waiting.clear();
    let next = 0;
    const writer = async () => {
      while (next < batch.length) {
        const event = batch[next++]!;
        await breathe(clock);
        if (correlator.allows(event)) await writeOrKeep(event);
        else drop(event.component, 'rate_bound');
      }
    };
    await Promise.all(Array.from({ length: Math.min(writers, batch.length) }, writer));
  };

  const flush = async () => {
    timer = undefined;
    flushing ??= drain().finally(() => {
      flushing = undefined;
      const tries = Math.max(0, ...Array.from(waiting.values(), (event) => event.tries));
      if (waiting.size > 0) schedule(tries > 0 ? retryMs * tries : gatherMs);
    });
    await flushing;
  };

  return {
    recorder: (component) => ({
      event: (object, type, reason, message) => {
        if (!stopped) enqueue(correlator.correlate({ component, object, type, reason, message, at: clock.now() }));
      },
    }),
    stop: async () => {
      stopped = true;
      timer?.cancel();
      await flushing;
      await flush();
    },
  };
}
