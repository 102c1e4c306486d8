/**
 * A watch on the wire: JSON lines in a chunked answer. An event's bytes are made once for all watchers, leave only
 * when their revision is durable, and a reader that falls too far behind is cut off (it lists again).
 */

import type { KubeObject } from '#kube/meta/object.ts';
import type { WatchEvent, WatchSink } from '#kube/request/request.ts';
import { type Status, StatusError } from '#kube/status/status.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { ServerResponse } from '#world/network/listen.ts';
import { jsonText } from '../storage/object-text.ts';
import { metadataOnly, represent, showsAsTable, tableOf, type View } from './representation.ts';
import { chunkBytes, createPacer, writeChunk } from './stream.ts';

/**
 * Events that may wait for one reader once its initial state is out: at 3 kB for each old version they keep alive,
 * 24 MiB, shared by all readers of the same resource. One that is further behind is faster with a new list.
 */
export const waitingEvents = 8_192;

interface StreamOptions {
  readonly response: ServerResponse;
  readonly clock: Clock;
  readonly durable: (revision: number) => Promise<void>;
  readonly form: EventForm;
  /** So many events more have been written. */
  readonly written?: ((events: number) => void) | undefined;
  /** Called once, however it ends: the reader left, it was too slow, the disk failed, the source ended. */
  readonly stop: () => void;
}

/** How the events of a watch are written. */
export interface EventForm {
  /** The same buffer for the same event where all watchers are told it in the same bytes. */
  readonly event: (event: WatchEvent) => Buffer;
  /** The last event of a watch that fails. */
  readonly failure: (status: Status) => Buffer;
}

const line = (type: string, object: object) =>
  Buffer.from(`{"type":"${type}","object":${jsonText(object as KubeObject)}}\n`);

/**
 * Bytes of recent events, kept for the other watchers of the same resource, who meet them in the same turns: 4 MiB are
 * 2,000 events of 2 kB. Not for as long as the event lives: that is as long as the object is stored.
 */
const keptBytes = 4 * 1024 * 1024;

export function shared(make: (event: WatchEvent) => Buffer): (event: WatchEvent) => Buffer {
  const recent = new Map<WatchEvent, Buffer>();
  let size = 0;
  return (event) => {
    const known = recent.get(event);
    if (known) return known;
    const bytes = make(event);
    recent.set(event, bytes);
    size += bytes.byteLength;
    for (const [oldest, old] of recent) {
      if (size <= keptBytes) break;
      recent.delete(oldest);
      size -= old.byteLength;
    }
    return bytes;
  };
}

/** The last run of events that was put together: the other watchers who are as far behind are told the same run. */
let lastRun: { readonly chunks: readonly Buffer[]; readonly bytes: Buffer } | undefined;

/** Watchers of one crowd are written to one after the other, so remembering one run is enough. */
function joined(chunks: readonly Buffer[], size: number): Buffer {
  if (chunks.length === 1) return chunks[0]!;
  const known = lastRun;
  if (known?.chunks.length === chunks.length && known.chunks.every((chunk, index) => chunk === chunks[index]))
    return known.bytes;
  const bytes = Buffer.concat(chunks, size);
  lastRun = { chunks, bytes };
  return bytes;
}

const encodePlain = shared(({ type, object }) => line(type, object));
const encodeMetadata = shared(({ type, object }) => line(type, metadataOnly(object, 'v1')));

/** JSON lines for one watch. */
export const linesOf = (view: View, clock: Clock): EventForm => ({
  event: eventEncoder(view, clock),
  failure: (status) => line('ERROR', status),
});

/** A Table's column definitions go out with its first event only. */
function eventEncoder(view: View, clock: Clock): EventForm['event'] {
  if (view.form === 'object') return encodePlain;
  if (view.form === 'metadata' && view.version === 'v1') return encodeMetadata;
  let columns = true;
  return ({ type, object }) => {
    if (!showsAsTable(view, object.kind)) return line(type, represent(object, view, 0));
    const table = tableRow(view, object, clock.now());
    const shown = columns ? table : { ...table, columnDefinitions: null };
    columns = false;
    return line(type, shown);
  };
}

function tableRow(view: View & { readonly kind: NonNullable<View['kind']> }, object: KubeObject, now: number) {
  const { resourceVersion } = object.metadata;
  return tableOf(view, view.kind, [object], now, resourceVersion === undefined ? {} : { resourceVersion });
}

const revisionOf = ({ object }: WatchEvent) => Number(object.metadata?.resourceVersion ?? 0) || 0;

/** Writes what the source hands over to the response, in order. */
export class WatchStream implements WatchSink {
  readonly #options: StreamOptions;
  /** Emptied slot by slot, so that what is written is not kept until the last of a long initial state has gone. */
  #waiting: (WatchEvent | undefined)[] = [];
  #next = 0;
  #limit = Number.POSITIVE_INFINITY;
  #durableRevision = 0;
  #state: 'collecting' | 'idle' | 'writing' | 'stopped' = 'collecting';
  #ended: { readonly error?: Error } | undefined;

  constructor(options: StreamOptions) {
    this.#options = options;
    options.response.once('close', () => this.#stop());
  }

  event(event: WatchEvent): void {
    if (this.#state === 'stopped' || this.#ended) return;
    this.#waiting.push(event);
    if (this.#waiting.length - this.#next > this.#limit) this.#options.response.destroy();
    else this.#wake();
  }

  end(error?: Error): void {
    this.#ended ??= error ? { error } : {};
    this.#wake();
  }

  /** Headers are out and the state to begin with has been handed over: writing begins, and the bound holds. */
  start(): void {
    if (this.#state !== 'collecting') return;
    this.#state = 'idle';
    this.#limit = this.#waiting.length + waitingEvents;
    this.#wake();
  }

  #wake(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'writing';
    queueMicrotask(() => void this.#run());
  }

  async #run(): Promise<void> {
    try {
      while (this.#next < this.#waiting.length) {
        const upTo = this.#waiting.length;
        await this.#untilDurable(upTo);
        await this.#write(upTo);
        if (this.#next < this.#waiting.length) continue;
        this.#waiting = [];
        this.#next = 0;
      }
      if (this.#state === 'stopped') return;
      this.#state = 'idle';
      if (this.#ended) this.#finish(this.#ended.error);
    } catch {
      // The disk refused a revision this stream would show: showing nothing more is the only honest answer.
      this.#options.response.destroy();
    }
  }

  async #untilDurable(upTo: number): Promise<void> {
    let newest = 0;
    for (let index = this.#next; index < upTo; index++) newest = Math.max(newest, revisionOf(this.#waiting[index]!));
    if (newest <= this.#durableRevision) return;
    await this.#options.durable(newest);
    this.#durableRevision = newest;
  }

  async #write(upTo: number): Promise<void> {
    const { response, clock, form } = this.#options;
    const pace = createPacer(clock);
    while (this.#next < upTo && this.#next < this.#waiting.length) {
      const chunks: Buffer[] = [];
      let size = 0;
      let share: Promise<void> | undefined;
      while (this.#next < upTo && size < chunkBytes && !share) {
        const bytes = form.event(this.#waiting[this.#next]!);
        this.#waiting[this.#next++] = undefined;
        chunks.push(bytes);
        size += bytes.byteLength;
        share = pace();
      }
      this.#options.written?.(chunks.length);
      const behind = writeChunk(response, joined(chunks, size), clock);
      if (behind) await behind;
      if (share) await share;
    }
  }

  #finish(error: Error | undefined): void {
    const { response, form } = this.#options;
    if (error instanceof StatusError) response.write(form.failure(error.status));
    response.end();
    this.#stop();
  }

  #stop(): void {
    if (this.#state === 'stopped') return;
    this.#state = 'stopped';
    this.#waiting = [];
    this.#next = 0;
    this.#options.stop();
  }
}
