/** A watch over HTTP: one event a line. */

import type { KubeObject } from '#kube/meta/object.ts';
import type { WatchEvent, WatchHandle } from '#kube/request/request.ts';
import { serviceUnavailable } from '#kube/status/errors.ts';
import { type Status, StatusError } from '#kube/status/status.ts';
import type { Clock } from '#world/clock/clock.ts';
import { breathe } from '#world/clock/turns.ts';
import type { WatchReceiver } from '../api-client.ts';
import type { Connection } from './connection.ts';
import { transportFailure } from './failures.ts';
import { lineSplitter } from './watch-lines.ts';

/** Resolves when the server has accepted the watch. */
export async function startWatch<T extends KubeObject>(
  connection: Connection,
  clock: Clock,
  path: string,
  receiver: WatchReceiver<T>,
  signal?: AbortSignal,
): Promise<WatchHandle> {
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  signal?.throwIfAborted();
  signal?.addEventListener('abort', stop, { once: true });
  const forget = () => signal?.removeEventListener('abort', stop);
  const body = await connection.open({ method: 'GET', path, signal: stopping.signal }).catch((error: unknown) => {
    forget();
    throw error;
  });
  const finish = (error?: Error) => {
    forget();
    if (stopping.signal.aborted) return;
    stopping.abort();
    receiver.end(error);
  };
  read(body, clock, receiver, stopping.signal).then(
    () => finish(),
    (error: unknown) => finish(transportFailure(error) as Error),
  );
  return { stop };
}

async function read<T extends KubeObject>(
  body: AsyncIterable<Uint8Array>,
  clock: Clock,
  receiver: WatchReceiver<T>,
  stopped: AbortSignal,
): Promise<void> {
  const lines = lineSplitter();
  for await (const chunk of body) {
    for (const line of lines.push(chunk)) {
      if (stopped.aborted) return;
      const event = JSON.parse(line) as WatchEvent<T>;
      if (event.type === 'ERROR') throw new StatusError(event.object as unknown as Status);
      receiver.event(event);
    }
    // Also slows a server that sends more than we can take in.
    await breathe(clock);
  }
  if (!lines.clean()) throw serviceUnavailable('the watch broke off in the middle of an event');
}
