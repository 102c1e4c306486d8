/** The server's inspector: its heap after a collection, and CPU profiles of a stretch of its life. */
import { writeFile } from 'node:fs/promises';

export interface Inspector {
  /** Bytes of JavaScript values and of the buffers they hold, after garbage was collected. */
  readonly heapBytes: () => Promise<number>;
  readonly startProfile: () => Promise<void>;
  readonly writeProfile: (path: string) => Promise<void>;
  readonly close: () => void;
}

interface HeapUsage {
  readonly usedSize: number;
  readonly backingStorageSize?: number;
}

/** Microseconds between samples. */
const samplingInterval = 200;

/** `url`: as Node prints it, `ws://127.0.0.1:port/id`. */
export async function attachInspector(url: string): Promise<Inspector> {
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', () => reject(new Error(`no inspector at ${url}`)), { once: true });
  });
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  let sent = 0;
  socket.addEventListener('message', ({ data }) => {
    const { id, result, error } = JSON.parse(String(data));
    const caller = waiting.get(id);
    waiting.delete(id);
    if (error) caller?.reject(new Error(error.message));
    else caller?.resolve(result);
  });
  const call = <T = unknown>(method: string, params = {}): Promise<T> =>
    new Promise((resolve, reject) => {
      const id = ++sent;
      waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      socket.send(JSON.stringify({ id, method, params }));
    });
  return {
    heapBytes: async () => {
      await call('HeapProfiler.collectGarbage');
      const { usedSize, backingStorageSize = 0 } = await call<HeapUsage>('Runtime.getHeapUsage');
      return usedSize + backingStorageSize;
    },
    startProfile: async () => {
      await call('Profiler.enable');
      await call('Profiler.setSamplingInterval', { interval: samplingInterval });
      await call('Profiler.start');
    },
    writeProfile: async (path) => {
      const { profile } = await call<{ profile: unknown }>('Profiler.stop');
      await writeFile(path, JSON.stringify(profile));
    },
    close: () => socket.close(),
  };
}
