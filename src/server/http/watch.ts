/**
 * A watch on the wire: JSON lines in a chunked answer. An event's bytes are made once for all watchers, leave only
 * when their revision is durable, and a reader that falls too far behind is cut off (it lists again).
 */
import type { KubeObject } from '#kube/meta/object.ts';
import type { WatchEvent, WatchSink } from '#kube/request/request.ts';
import { StatusError } from '#kube/status/status.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { ServerResponse } from '#world/network/listen.ts';
import { metadataOnly, represent, showsAsTable, tableOf, type View } from './representation.ts';
import { chunkBytes, createPacer, writeChunk } from './stream.ts';

/**
 * Events that may wait for one reader once its initial state is out: at 3 kB for each old version they keep alive,
 * 24 MiB, shared by all readers of the same resource. One that is further behind is faster with a new list.
 */
export const waitingEvents = 8_192;

export interface WatchStream extends WatchSink {
  /** Headers are out and the state to begin with has been handed over: writing begins, and the bound holds. */
  readonly start: () => void;
}

interface StreamOptions {
  readonly response: ServerResponse;
  readonly clock: Clock;
  readonly durable: (revision: number) => Promise<void>;
  readonly encode: (event: WatchEvent) => Buffer;
  /** Called once, however it ends: the reader left, it was too slow, the disk failed, the source ended. */
  readonly stop: () => void;
}

const line = (type: string, object: object) => Buffer.from(`{"type":"${type}","object":${JSON.stringify(object)}}\n`);

/**
 * Bytes of recent events, kept for the other watchers of the same resource, who meet them in the same turns: 4 MiB are
 * 2,000 events of 2 kB. Not for as long as the event lives: that is as long as the object is stored.
 */
const keptBytes = 4 * 1024 * 1024;

function shared(make: (event: WatchEvent) => Buffer): (event: WatchEvent) => Buffer {
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

const encodePlain = shared(({ type, object }) => line(type, object));
const encodeMetadata = shared(({ type, object }) => line(type, metadataOnly(object, 'v1')));

/** The encoder for one watch. A Table's column definitions go out with its first event only. */
export function eventEncoder(view: View, clock: Clock): (event: WatchEvent) => Buffer {
  if (view.form === 'object') return encodePlain;
  if (view.form === 'metadata' && view.version === 'v1') return encodeMetadata;
  let columns = true;
  return ({ type, object }) => {
    if (!showsAsTable(view, object.kind)) return line(type, represent(object, view, 0));
    const table = tableRow(view, object, type === 'BOOKMARK', clock.now());
    const shown = columns ? table : { ...table, columnDefinitions: [] };
    columns = false;
    return line(type, shown);
  };
}

/** A bookmark's object has nothing but a version: its row has no cells to speak of. */
function tableRow(
  view: View & { readonly kind: NonNullable<View['kind']> },
  object: KubeObject,
  bookmark: boolean,
  now: number,
) {
  const { resourceVersion } = object.metadata;
  const metadata = resourceVersion === undefined ? {} : { resourceVersion };
  if (!bookmark) return tableOf(view, view.kind, [object], now, metadata);
  const empty = tableOf(view, view.kind, [], now, metadata);
  const row = { cells: empty.columnDefinitions.map(() => ''), object };
  return { ...empty, rows: [row] };
}

const revisionOf = ({ object }: WatchEvent) => Number(object.metadata?.resourceVersion ?? 0) || 0;

/** Writes what the source hands over to the response, in order. Headers must be out already. */
export function createWatchStream({ response, clock, durable, encode, stop }: StreamOptions): WatchStream {
  /** Emptied slot by slot, so that what is written is not kept until the last of a long initial state has gone. */
  let waiting: (WatchEvent | undefined)[] = [];
  let next = 0;
  let limit = Number.POSITIVE_INFINITY;
  let begun = false;
  let durableRevision = 0;
  let running = false;
  let stopped = false;
  let ended: { readonly error?: Error } | undefined;

  const halt = () => {
    if (stopped) return;
    stopped = true;
    waiting = [];
    next = 0;
    stop();
  };
  response.once('close', halt);

  const gate = async (upTo: number) => {
    let newest = 0;
    for (let index = next; index < upTo; index++) newest = Math.max(newest, revisionOf(waiting[index]!));
    if (newest <= durableRevision) return;
    await durable(newest);
    durableRevision = newest;
  };

  const write = async (upTo: number) => {
    const pace = createPacer(clock);
    while (next < upTo && !stopped) {
      const chunks: Buffer[] = [];
      let size = 0;
      let share: Promise<void> | undefined;
      while (next < upTo && size < chunkBytes && !share) {
        const bytes = encode(waiting[next]!);
        waiting[next++] = undefined;
        chunks.push(bytes);
        size += bytes.byteLength;
        share = pace();
      }
      const behind = writeChunk(response, chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size));
      if (behind) await behind;
      if (share) await share;
    }
  };

  const finish = () => {
    if (stopped || !ended) return;
    const { error } = ended;
    if (error instanceof StatusError) response.write(line('ERROR', error.status));
    response.end();
    halt();
  };

  const run = async () => {
    try {
      while (next < waiting.length && !stopped) {
        const upTo = waiting.length;
        await gate(upTo);
        await write(upTo);
        if (next === waiting.length) {
          waiting = [];
          next = 0;
        }
      }
      finish();
    } catch {
      // The disk refused a revision this stream would show: showing nothing more is the only honest answer.
      response.destroy();
    } finally {
      running = false;
    }
  };

  const wake = () => {
    if (running || stopped || !begun) return;
    running = true;
    queueMicrotask(() => void run());
  };

  return {
    event: (event) => {
      if (stopped || ended) return;
      waiting.push(event);
      if (waiting.length - next > limit) response.destroy();
      else wake();
    },
    end: (error) => {
      ended ??= error ? { error } : {};
      wake();
    },
    start: () => {
      begun = true;
      limit = waiting.length - next + waitingEvents;
      wake();
    },
  };
}
