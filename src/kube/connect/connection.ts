/**
 * What a connecting subresource answers: no object, but something the door speaks with its client about, in whatever
 * protocol the client asked for.
 */
import type { Duplex } from 'node:stream';
import type { Dial, RunProcess } from './nodes.ts';

/** The request as it came: connecting subresources read their own options. */
export interface ConnectRequest {
  /** Upper case. */
  readonly method: string;
  readonly query: URLSearchParams;
  /** What follows the subresource, with its leading slash; '' for nothing. */
  readonly subpath: string;
  /** The connection is to become another one. */
  readonly upgrade: boolean;
}

export type Connection = LogConnection | CommandConnection | PortsConnection | ProxyConnection;

/** Text as it comes. */
export interface LogConnection {
  readonly kind: 'log';
  /** Throws KubeletError before the first byte. Undefined: there is nothing to be read. */
  readonly open: ((signal: AbortSignal) => AsyncIterable<Uint8Array>) | undefined;
  readonly follow: boolean;
}

/** A process with its streams: exec and attach. */
export interface CommandConnection {
  readonly kind: 'command';
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
  /** How it would go wrong, in an error's words: `executing command in`, `attaching to`. */
  readonly action: string;
  /** Asked before the client's connection is taken over. Throws KubeletError. */
  readonly prepare: () => RunProcess;
}

export interface PortsConnection {
  readonly kind: 'ports';
  /** Those of the query: what a client over WebSocket channels must say beforehand. */
  readonly ports: readonly string[];
  /** Throws KubeletError. */
  readonly prepare: () => Dial;
  /** The Pod, as errors name it. */
  readonly pod: string;
}

/** HTTP that is passed on. */
export interface ProxyConnection {
  readonly kind: 'proxy';
  readonly scheme: 'http' | 'https';
  /** `10.0.0.1:80`, as the Host it is reached at. */
  readonly host: string;
  /** With its leading slash; '' where the client named none. */
  readonly path: string;
  /** Throws DialError. */
  readonly dial: () => Duplex;
}
