/**
 * Several streams in one WebSocket: each message begins with the number of its channel (`channel.k8s.io`), or is text
 * with a digit and base64 behind it (`base64.channel.k8s.io`). Version 5 can also say that a channel has ended.
 */
import { type ByteQueue, byteQueue } from '#kube/connect/queue.ts';
import type { WebSocketConnection } from '#world/network/websocket.ts';

export interface Channels {
  /** What comes in on a channel that the client may write to. */
  readonly input: (channel: number) => AsyncIterable<Uint8Array>;
  /** False once the connection is gone. */
  readonly write: (channel: number, bytes: Uint8Array) => Promise<boolean>;
  readonly close: () => void;
  readonly closed: Promise<void>;
}

const tokenPrefix = 'base64url.bearer.authorization.k8s.io.';
const closeSignal = 255;
const digitZero = 0x30;
/** Largest piece sent as one message. */
const pieceBytes = 32 * 1024;

/** Protocols a client offers, without the one that is a token. */
export const offered = (protocols: readonly string[]): readonly string[] =>
  protocols.filter((each) => !each.startsWith(tokenPrefix));

/** The first that is known; '' where none is offered and that is allowed. Undefined: they do not fit. */
export function choose(protocols: readonly string[], known: readonly string[]): string | undefined {
  if (protocols.length === 0) return known.includes('') ? '' : undefined;
  return protocols.find((each) => known.includes(each));
}

/** `readable`: the channels a client writes to. What comes for others is dropped. */
export function channelsOver(connection: WebSocketConnection, protocol: string, readable: readonly number[]): Channels {
  const base64 = protocol.includes('base64');
  const hasClose = protocol === 'v5.channel.k8s.io';
  const queues = new Map<number, ByteQueue>(readable.map((channel) => [channel, byteQueue()]));

  connection.onMessage((message) => {
    if (message.byteLength === 0) return undefined;
    const first = message[0]!;
    if (hasClose && first === closeSignal) {
      const closing = message.byteLength === 2 ? queues.get(message[1]!) : undefined;
      if (closing) closing.end();
      else connection.close();
      return undefined;
    }
    const queue = queues.get(base64 ? first - digitZero : first);
    const body = message.subarray(1);
    return queue?.push(base64 ? Buffer.from(body.toString('latin1'), 'base64') : body);
  });
  void connection.closed.then(() => {
    for (const queue of queues.values()) queue.end();
  });

  const send = (channel: number, bytes: Uint8Array): Promise<boolean> => {
    if (base64) return connection.send(`${channel}${Buffer.from(bytes).toString('base64')}`);
    const frame = Buffer.allocUnsafe(bytes.byteLength + 1);
    frame[0] = channel;
    frame.set(bytes, 1);
    return connection.send(frame);
  };
  return {
    input: (channel) => queues.get(channel)!,
    write: async (channel, bytes) => {
      if (bytes.byteLength === 0) return send(channel, bytes);
      for (let at = 0; at < bytes.byteLength; at += pieceBytes)
        if (!(await send(channel, bytes.subarray(at, at + pieceBytes)))) return false;
      return true;
    },
    close: () => connection.close(),
    closed: connection.closed,
  };
}
