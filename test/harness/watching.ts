/** Watches that stay open between the requests of a script; what they have told is read when the script asks for it. */
import type { JsonObject } from '#kube/meta/object.ts';
import { readFrame, readLine } from './answers.ts';

export interface Watches {
  readonly open: (name: string, stream: AsyncIterable<Uint8Array>, stop: AbortController, protobuf: boolean) => void;
  /** The next `count`; fewer, and `{ closed: true }`, where the watch ended, `{ missing: n }` where they did not come. */
  readonly events: (name: string, count: number) => Promise<readonly JsonObject[]>;
  /** What nobody has asked for yet. */
  readonly close: (name: string) => Promise<readonly JsonObject[]>;
  readonly closeAll: () => void;
}

/** What has not come by now will not come: a real server delivers within milliseconds. */
const patienceMs = 5_000;

interface Watch {
  readonly told: JsonObject[];
  readonly stop: AbortController;
  ended: boolean;
  wake: () => void;
}

async function follow(watch: Watch, stream: AsyncIterable<Uint8Array>, protobuf: boolean): Promise<void> {
  const read = protobuf ? readFrame : readLine;
  let bytes = Buffer.alloc(0);
  try {
    for await (const chunk of stream) {
      bytes = Buffer.concat([bytes, chunk]);
      for (let next = read(bytes); next; next = read(bytes)) {
        watch.told.push(next.event);
        bytes = Buffer.from(next.rest);
      }
      watch.wake();
    }
  } catch {
    // Closed from this side.
  }
  watch.ended = true;
  watch.wake();
}

export function openWatches(): Watches {
  const watches = new Map<string, Watch>();
  const of = (name: string): Watch => {
    const watch = watches.get(name);
    if (!watch) throw new Error(`no watch ${name} has been opened`);
    return watch;
  };
  const events: Watches['events'] = async (name, count) => {
    const watch = of(name);
    const late = Date.now() + patienceMs;
    while (watch.told.length < count && !watch.ended && Date.now() < late) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, late - Date.now());
        watch.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      watch.wake = () => {};
    }
    const found = watch.told.splice(0, count);
    if (found.length === count) return found;
    return [...found, watch.ended ? { closed: true } : { missing: count - found.length }];
  };
  return {
    open: (name, stream, stop, protobuf) => {
      const watch: Watch = { told: [], stop, ended: false, wake: () => {} };
      watches.set(name, watch);
      void follow(watch, stream, protobuf);
    },
    events,
    close: async (name) => {
      const { stop, told } = of(name);
      watches.delete(name);
      stop.abort();
      return told;
    },
    closeAll: () => {
      for (const { stop } of watches.values()) stop.abort();
      watches.clear();
    },
  };
}
