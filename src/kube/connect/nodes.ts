/**
 * What an API server asks of the machines its Pods run on: of their kubelets, and of the network that Pods are in. Who
 * composes the process hands in what answers it; a control plane without Pods has none.
 */
import type { Duplex } from 'node:stream';
import type { KubeObject } from '../meta/object.ts';

export interface TerminalSize {
  readonly width: number;
  readonly height: number;
}

/** Resolves once there is room for more; false: nobody reads any more. */
export type Output = (bytes: Uint8Array) => Promise<boolean>;

/** The ends of a process that its caller holds; those nobody asked for are absent. */
export interface ProcessStreams {
  readonly stdin?: AsyncIterable<Uint8Array>;
  readonly stdout?: Output;
  /** Absent with a terminal, which has one output. */
  readonly stderr?: Output;
  readonly tty: boolean;
  readonly onResize: (changed: (size: TerminalSize) => void) => void;
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignal;
}

/** PodLogOptions, checked. */
export interface LogOptions {
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly stream: 'All' | 'Stdout' | 'Stderr';
  readonly tailLines?: number;
  readonly limitBytes?: number;
  /** Milliseconds since 1970. */
  readonly since?: number;
}

/** A container of a Pod as the API server has it stored. */
export interface ContainerTarget {
  readonly pod: KubeObject;
  readonly container: string;
}

export interface Nodes {
  /** Throws KubeletError before the first byte, never after it. */
  readonly logs: (target: ContainerTarget, options: LogOptions, signal: AbortSignal) => AsyncIterable<Uint8Array>;
  /** What is run, once the kubelet has agreed. Throws KubeletError. */
  readonly exec: (target: ContainerTarget, command: readonly string[]) => RunProcess;
  readonly attach: (target: ContainerTarget) => RunProcess;
  /** Throws KubeletError when the Pod does not run. */
  readonly portForward: (pod: KubeObject) => Dial;
  /** By the address of a Pod; `port` undefined where none was named and the scheme's own counts. Throws DialError. */
  readonly dialPod: (address: string, port: number, tls: boolean) => Duplex;
  /** The kubelet's own server. Throws DialError. */
  readonly dialKubelet: (node: string) => Duplex;
}

/** Answers the exit code; throws what kept the process from being run. */
export type RunProcess = (streams: ProcessStreams) => Promise<number>;

/** A connection to a port of a Pod from within it. Throws DialError. */
export type Dial = (port: number) => Duplex;

/** What a kubelet answers instead of doing it: an HTTP code and a sentence. */
export class KubeletError extends Error {
  override readonly name = 'KubeletError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** As Go's net package says it: `dial tcp 10.0.0.1:80: connect: connection refused`. */
export class DialError extends Error {
  override readonly name = 'DialError';
}
