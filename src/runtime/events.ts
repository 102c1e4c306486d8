/**
 * Events that controllers record: never on the critical path, coalesced in memory, counted up on the server instead
 * of repeated, bounded per object. Recording returns at once; what cannot be written is counted, not waited for.
 */
import type { ApiClient } from '#client/api-client.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { Clock, Timer } from '#world/clock/clock.ts';
import { laterTurn } from '#world/clock/turns.ts';
import { type EventCorrelator, type EventNews, eventCorrelator } from './events/correlate.ts';
import { type EventWriter, eventWriter, type WaitingEvent } from './events/writer.ts';
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
/** News that was told before waits longer: half of all writes of 100 Deployments being spread raised a count. */
const repeatMs = 2_000;
/** What 1,500 templates cause that are migrated at once, 13 each; at about 1 kB 20 MB. Beyond it events are dropped and counted. */
const mostWaiting = 20_000;
/** Writes in one turn: events must not crowd out the work they tell of, and come quickly when there is none. */
const writers = 4;
/** A write that meets an unreachable server is tried this often, after `retryMs` and its multiples. */
const mostTries = 5;
const retryMs = 2_000;

export function eventBroadcaster(options: EventBroadcasterOptions): EventBroadcaster {
  const broadcaster = new Broadcaster(options);
  return {
    recorder: (component) => ({
      event: (object, type, reason, message) => broadcaster.record({ component, object, type, reason, message }),
    }),
    stop: () => broadcaster.stop(),
  };
}

/** As much of an object as an event says of it: what waits must not keep old versions alive. */
function identityOf({ apiVersion, kind, metadata }: KubeObject): KubeObject {
  const { namespace, name, uid, resourceVersion } = metadata;
  return { apiVersion, kind, metadata: { namespace, name, uid, resourceVersion } };
}

class Broadcaster {
  private readonly clock: Clock;
  private readonly metrics: Metrics;
  private readonly correlator: EventCorrelator;
  private readonly writer: EventWriter;
  private readonly waiting = new Map<string, WaitingEvent>();
  private timer: Timer | undefined;
  private timerDue = 0;
  private flushing: Promise<void> | undefined;
  private stopped = false;

  constructor({ client, clock, metrics }: EventBroadcasterOptions) {
    this.clock = clock;
    this.metrics = metrics;
    this.correlator = eventCorrelator(clock);
    this.writer = eventWriter(client);
  }

  record(news: Omit<EventNews, 'at'>): void {
    if (this.stopped) return;
    const event = this.correlator.correlate({ ...news, object: identityOf(news.object), at: this.clock.now() });
    const present = this.waiting.get(event.key);
    if (present) {
      present.count++;
      present.last = event.at;
      present.message = event.message;
    } else if (this.waiting.size >= mostWaiting) this.drop(event, 'buffer_full');
    else {
      this.waiting.set(event.key, { ...event, count: 1, last: event.at, tries: 0, since: this.clock.monotonic() });
      this.schedule(gatherMs);
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.timer?.cancel();
    await this.flushing;
    await this.flush();
  }

  private drop({ component }: EventNews, reason: string): void {
    this.metrics.counter(metric.eventsDropped, { component, reason }).add();
  }

  private schedule(ms: number): void {
    const due = this.clock.monotonic() + ms;
    if (this.stopped || (this.timer && this.timerDue <= due)) return;
    this.timer?.cancel();
    this.timerDue = due;
    this.timer = this.clock.after(ms, () => void this.flush());
  }

  private async flush(): Promise<void> {
    this.timer = undefined;
    this.flushing ??= this.drain().finally(() => {
      this.flushing = undefined;
      if (this.waiting.size > 0) this.schedule(this.nextFlushMs());
    });
    await this.flushing;
  }

  private async drain(): Promise<void> {
    const batch = [...this.waiting.values()].filter((event) => this.stopped || this.repeatWaitMs(event) <= 0);
    for (const { key } of batch) this.waiting.delete(key);
    let next = 0;
    const writer = async () => {
      while (next < batch.length) {
        const event = batch[next++]!;
        if (!this.stopped) await laterTurn(this.clock);
        await this.writeOne(event);
      }
    };
    await Promise.all(Array.from({ length: Math.min(writers, batch.length) }, writer));
  }

  /** Until a repeated event is due; 0 for news. */
  private repeatWaitMs(event: WaitingEvent): number {
    return this.writer.isRepeat(event) ? event.since + repeatMs - this.clock.monotonic() : 0;
  }

  private nextFlushMs(): number {
    let [tries, wait] = [0, Number.POSITIVE_INFINITY];
    for (const event of this.waiting.values()) {
      tries = Math.max(tries, event.tries);
      wait = Math.min(wait, this.repeatWaitMs(event));
    }
    return tries > 0 ? retryMs * tries : Math.max(gatherMs, wait);
  }

  private async writeOne(event: WaitingEvent): Promise<void> {
    // An event that is tried again has paid for its write already.
    if (event.tries === 0 && !this.correlator.allows(event)) {
      this.drop(event, 'rate_bound');
      return;
    }
    const result = await this.writer.write(event);
    if (result === 'written') this.metrics.counter(metric.eventsWritten, { component: event.component }).add();
    else if (result === 'refused' || this.stopped || ++event.tries >= mostTries) this.drop(event, result);
    else this.keep(event);
  }

  /** For another try; what has come of the same news meanwhile is counted with it. */
  private keep(event: WaitingEvent): void {
    const newer = this.waiting.get(event.key);
    const { last, message } = newer ?? event;
    this.waiting.set(event.key, { ...event, last, message, count: event.count + (newer?.count ?? 0) });
  }
}
