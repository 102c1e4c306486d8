/** An API server on a port: TLS, the door, and an orderly end. */
import type { Clock } from '#world/clock/clock.ts';
import { type ListenOptions, listen as listenAt, type ServerTls } from '#world/network/listen.ts';
import type { Random } from '#world/random/random.ts';
import { createDoor, type DoorOptions } from './door.ts';
import type { ServedApi } from './served.ts';

export interface ApiListenOptions extends DoorOptions, Pick<ListenOptions, 'host' | 'port'> {
  readonly tls: ServerTls;
  readonly clock: Clock;
  readonly random: Random;
}

export interface ApiListener {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly replaceTls: (tls: ServerTls) => void;
  /** Ends watches and connections to Pods, waits for answers under way (at most `graceMs`), closes. */
  readonly close: (graceMs?: number) => Promise<void>;
}

/** Paths at which a connection may become another one. */
const upgrading = /\/(attach|exec|portforward|proxy)(\/|\?|$)/;

/** Answers under way at the end get this long. */
const closeGraceMs = 1_000;

/** Throws ListenError when the port cannot be had. */
export async function listen(api: ServedApi, options: ApiListenOptions): Promise<ApiListener> {
  const door = createDoor(api, options);
  const { host, port, tls } = options;
  // Connections are asked for certificates of either authority; which one vouches for whom is told apart later.
  const trusting = (own: ServerTls): ServerTls =>
    api.frontProxies && own.clientCa ? { ...own, clientCa: `${own.clientCa}\n${api.frontProxies.ca}` } : own;
  const listener = await listenAt({
    tls: trusting(tls),
    onRequest: door.serve,
    // Whatever another API server behind this one makes of its connections is its own affair.
    mayUpgrade: ({ url = '' }) => upgrading.test(url) || api.aggregation?.at(url.split('?', 1)[0]!) !== undefined,
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
  });
  return {
    url: listener.url,
    host: listener.host,
    port: listener.port,
    replaceTls: (next) => listener.replaceTls(trusting(next)),
    close: (graceMs = closeGraceMs) => {
      door.endStreams();
      return listener.close(graceMs);
    },
  };
}
