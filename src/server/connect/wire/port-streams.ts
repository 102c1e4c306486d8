/** port-forward over SPDY: a pair of streams, data and errors, for each connection that a client forwards. */
import type { Dial } from '#kube/connect/nodes.ts';
import type { Clock, Timer } from '#world/clock/clock.ts';
import type { Duplex } from '#world/network/inside.ts';
import { type SpdyStream, serveSpdy } from '../spdy/connection.ts';
import { idleTimeoutMs, streamCreationTimeoutMs } from './client.ts';
import { into, pump } from './pump.ts';

interface Pair {
  readonly data?: SpdyStream;
  readonly error?: SpdyStream;
}

/** Until the client's connection is over. */
export async function forwardStreams(socket: Duplex, clock: Clock, dial: Dial, pod: string): Promise<void> {
  const pairs = new Map<string, { readonly pair: Pair; readonly expiry: Timer }>();
  const targets = new Set<Duplex>();

  const expire = (id: string) => {
    const { data, error } = pairs.get(id)?.pair ?? {};
    pairs.delete(id);
    void error?.write(Buffer.from(`(request=${id}) timed out waiting for streams`)).then(() => error.end());
    data?.reset();
  };
  const spdy = serveSpdy(socket, clock, idleTimeoutMs, (stream) => {
    const type = stream.headers.streamtype;
    if ((type !== 'data' && type !== 'error') || !isPort(stream.headers.port)) return stream.reset();
    const id = requestOf(stream);
    const known = pairs.get(id);
    if (known?.pair[type]) return stream.reset();
    const pair: Pair = { ...known?.pair, [type]: stream };
    known?.expiry.cancel();
    const { data, error } = pair;
    if (data && error) {
      pairs.delete(id);
      void forward(data, error, dial, pod, targets);
    } else pairs.set(id, { pair, expiry: clock.after(streamCreationTimeoutMs, () => expire(id)) });
  });
  await spdy.closed;
  for (const { expiry } of pairs.values()) expiry.cancel();
  for (const target of targets) target.destroy();
}

const isPort = (text: string | undefined) => Number(text) >= 1 && Number(text) <= 65_535;

/** Clients that give none open the error stream first, and the data stream right after it. */
function requestOf({ headers, id }: SpdyStream): string {
  if (headers.requestid) return headers.requestid;
  return String(headers.streamtype === 'error' ? id : id - 2);
}

async function forward(
  data: SpdyStream,
  error: SpdyStream,
  dial: Dial,
  pod: string,
  targets: Set<Duplex>,
): Promise<void> {
  // Nothing is expected on it: what comes is dropped.
  void pump(error.input, async () => true);
  const port = Number(data.headers.port);
  let target: Duplex;
  try {
    target = dial(port);
  } catch (failure) {
    await error.write(Buffer.from(forwardingError(port, pod, failure)));
    error.end();
    data.reset();
    return;
  }
  targets.add(target);
  void pump(data.input, into(target)).then(() => target.end());
  await pump(target, data.write);
  data.end();
  error.end();
  targets.delete(target);
  target.destroy();
}

export const forwardingError = (port: number, pod: string, error: unknown): string =>
  `error forwarding port ${port} to pod ${pod}, uid : ${error instanceof Error ? error.message : String(error)}`;
