/** Requests to one API server: identity, adaptive concurrency, retries of what the server did not take, one failure type. */

import { timedOut } from '#kube/status/errors.ts';
import { isReason } from '#kube/status/status.ts';
import type { Clock } from '#world/clock/clock.ts';
import {
  createHttpAgent,
  type HttpAgent,
  type HttpAgentOptions,
  type HttpResponse,
  TransportError,
} from '#world/network/http-client.ts';
import type { ClusterAccess } from '../kubeconfig/access.ts';
import { Concurrency, mostAtOnce, type Outcome } from './concurrency.ts';
import { type CredentialDoors, type CredentialSource, type Credentials, credentialSource } from './credentials.ts';
import { answerError, retryAfterSeconds, transportFailure } from './failures.ts';

export interface ConnectionOptions extends CredentialDoors {
  readonly name: string;
  readonly access: ClusterAccess;
  readonly clock: Clock;
  readonly userAgent: string;
  /** Told of every answer, for `rest_client_requests_total`. */
  readonly onAnswer?: (method: string, code: number) => void;
  /** For tests: how connections are made. */
  readonly createAgent?: (options: HttpAgentOptions) => HttpAgent;
}

export interface Sending {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** Lists take as long as they are long: they say nothing of the server's health. */
  readonly unmeasured?: boolean;
}

export interface Answer {
  readonly code: number;
  readonly headers: HttpResponse['headers'];
  readonly body: string;
}

/** As long as kube-apiserver itself gives a request, and the answer's way back. */
const requestMs = 70_000;
/** How often a request that was turned away (429, or 503 with Retry-After) is sent again before the caller hears of it. */
const mostTurnedAway = 5;
/** A server that asks for more patience than this is not obeyed. */
const longestPauseMs = 30_000;
/** At about 60 kB of TLS buffers each 30 MB: every kind of a cluster watched several times over. */
const mostWatches = 500;

export class Connection {
  readonly concurrency: Concurrency;
  private readonly options: ConnectionOptions;
  private readonly credentials: CredentialSource;
  private identity: Credentials | undefined;
  private requests: HttpAgent | undefined;
  private watches: HttpAgent | undefined;
  private closed = false;

  constructor(options: ConnectionOptions) {
    this.options = options;
    this.concurrency = new Concurrency(options.name, options.clock);
    this.credentials = credentialSource(options.access, options);
  }

  /** Any answer, also one that says no. */
  async exchange(sending: Sending): Promise<Answer> {
    const { clock } = this.options;
    const attempt = new AbortController();
    const late = timedOut(
      `${this.options.name} did not answer ${sending.method} ${sending.path} within ${requestMs / 1000} s`,
    );
    for (let tries = 1; ; tries++) {
      const leave = await this.concurrency.enter(sending.signal);
      const timer = clock.after(requestMs, () => attempt.abort(late));
      let outcome: Outcome = 'overloaded';
      try {
        const signal = sending.signal ? AbortSignal.any([attempt.signal, sending.signal]) : attempt.signal;
        const response = await this.deliver(sending, signal);
        const answer = { code: response.status, headers: response.headers, body: await response.text() };
        const wait = turnedAway(answer);
        if (wait === undefined) outcome = sending.unmeasured ? 'unmeasured' : 'good';
        if (wait === undefined || tries > mostTurnedAway) return answer;
        this.concurrency.pause(Math.min(wait, longestPauseMs));
      } catch (error) {
        // Nobody answered at all: that is no sign of overload.
        if (!isLate(error)) outcome = 'unmeasured';
        if (!(mayRepeat(sending, error) && tries === 1)) throw transportFailure(error);
      } finally {
        timer.cancel();
        leave(outcome);
      }
    }
  }

  /** The answer's body text. Throws StatusError for codes of 400 and above. */
  async request(sending: Sending): Promise<Answer> {
    const answer = await this.exchange(sending);
    if (answer.code < 400) return answer;
    throw answerError(answer.code, answer.body, retryAfterSeconds(answer.headers));
  }

  /** A body that goes on; the caller ends it by the signal. Throws StatusError when it does not begin. */
  async open(sending: Sending & { readonly signal: AbortSignal }): Promise<AsyncIterable<Uint8Array>> {
    const leave = await this.concurrency.enter(sending.signal);
    let outcome: Outcome = 'unmeasured';
    try {
      const response = await this.deliver(sending, sending.signal, true);
      if (response.status < 400) return response.stream;
      if (response.status === 429) outcome = 'overloaded';
      throw answerError(response.status, await response.text(), retryAfterSeconds(response.headers));
    } catch (error) {
      throw transportFailure(error);
    } finally {
      leave(outcome);
    }
  }

  close(): void {
    this.closed = true;
    void this.requests?.close();
    void this.watches?.close();
  }

  /** Sends once, and once more with fresh credentials when the first are refused. */
  private async deliver(sending: Sending, signal: AbortSignal, long = false): Promise<HttpResponse> {
    for (let tries = 1; ; tries++) {
      signal.throwIfAborted();
      if (this.closed)
        throw new TransportError('unreachable', `the client for ${this.options.name} is closed`, undefined);
      const identity = await this.identify();
      const agent = long ? this.watches! : this.requests!;
      const response = await agent.request({
        url: `${this.options.access.server}${sending.path}`,
        method: sending.method,
        headers: {
          accept: 'application/json',
          'user-agent': this.options.userAgent,
          ...identity.headers,
          ...sending.headers,
        },
        ...(sending.body === undefined ? {} : { body: sending.body }),
        signal,
      });
      this.options.onAnswer?.(sending.method, response.status);
      if (response.status !== 401 || tries > 1) return response;
      await response.text();
      this.credentials.refused();
    }
  }

  /** Connections are made anew when the certificate they show has changed. */
  private async identify(): Promise<Credentials> {
    const current = await this.credentials.current();
    const before = this.identity;
    if (current === before) return current;
    this.identity = current;
    if (before && before.ca === current.ca && before.cert === current.cert && before.key === current.key)
      return current;
    const { access, createAgent = createHttpAgent } = this.options;
    const tls = {
      ca: current.ca,
      cert: current.cert,
      key: current.key,
      insecureSkipTlsVerify: access.insecureSkipTlsVerify,
      serverName: access.tlsServerName,
    };
    const [oldRequests, oldWatches] = [this.requests, this.watches];
    this.requests = createAgent({ ...tls, connections: mostAtOnce });
    this.watches = createAgent({ ...tls, connections: mostWatches });
    // What the old ones carry ends: watches resume, requests are retried by their callers.
    void oldRequests?.close();
    void oldWatches?.close();
    return current;
  }
}

/** Milliseconds to wait before sending again; undefined when the server took the request. */
function turnedAway({ code, headers }: Answer): number | undefined {
  const after = retryAfterSeconds(headers);
  if (code === 429) return (after ?? 1) * 1000;
  return code === 503 && after !== undefined ? after * 1000 : undefined;
}

/** A kept connection that the server was just closing: what only reads may be sent again. */
const mayRepeat = ({ method, signal }: Sending, error: unknown): boolean =>
  method === 'GET' && !signal?.aborted && error instanceof TransportError && error.reason === 'broken';

const isLate = (error: unknown): boolean =>
  isReason(error, 'Timeout') || (error instanceof TransportError && error.reason === 'timeout');
