/**
 * Leader election with a Lease, as client-go does it: who holds the lease renews it; who does not takes it when it
 * has not changed for its whole duration by the taker's own clock (clocks need not agree), or was given back.
 */
import { type Lease, Leases } from '#apis/kubernetes/types.ts';
import type { ApiClient, ResourceClient } from '#client/api-client.ts';
import { isReason } from '#kube/status/status.ts';
import { type Clock, microTimestamp, sleep, type Timer } from '#world/clock/clock.ts';
import type { Random } from '#world/random/random.ts';
import type { EventRecorder } from './events.ts';
import { type Log, silentLog } from './telemetry/log.ts';

export interface LeaderTiming {
  /** Others wait this long after the last renewal they saw. */
  readonly leaseMs: number;
  /** The holder gives up when it could not renew for this long; shorter than the lease. */
  readonly renewMs: number;
  readonly retryMs: number;
}

/** The defaults of client-go and of the components' flags: 15 s, 10 s, 2 s. */
const defaultTiming: LeaderTiming = { leaseMs: 15_000, renewMs: 10_000, retryMs: 2_000 };

/** Tries to acquire are spread over `retryMs` to 2.2 times that. */
const acquireJitter = 1.2;

export interface LeaderOptions {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly random: Random;
  /** Of the Lease. */
  readonly namespace: string;
  readonly name: string;
  /** Unique among all that compete: `<host>_<uuid>`. */
  readonly identity: string;
  readonly timing?: Partial<LeaderTiming>;
  readonly events?: EventRecorder;
  readonly log?: Log;
  readonly onStartedLeading: () => void;
  /** The lease is lost, or may be any moment: the process must stop acting, and ends. Not called by `stop`. */
  readonly onStoppedLeading: () => void;
}

export interface LeaderElection {
  readonly isLeader: () => boolean;
  /** Certainly still ours, by the monotonic clock: to be asked before each write. */
  readonly mayAct: () => boolean;
  /** Who leads, as far as is known; '' when nobody does. */
  readonly leader: () => string;
  /** Gives the lease back, so that the next one need not wait. */
  readonly stop: () => Promise<void>;
}

export function electLeader(options: LeaderOptions): LeaderElection {
  const candidate = new Candidate(options);
  const ended = candidate.run();
  return {
    isLeader: () => candidate.leading,
    mayAct: () => candidate.mayAct(),
    leader: () => candidate.observed?.spec.holderIdentity ?? '',
    stop: async () => {
      candidate.stopping.abort();
      await ended;
      await candidate.release();
    },
  };
}

class Candidate {
  readonly stopping = new AbortController();
  leading = false;
  /** The lease as last seen, and since when (monotonic) it looks so. */
  observed: Lease | undefined;
  private observedAt = 0;
  /** Monotonic time until which nobody else can have taken the lease. */
  private deadline = Number.NEGATIVE_INFINITY;
  private readonly options: LeaderOptions;
  private readonly timing: LeaderTiming;
  private readonly leases: ResourceClient<Lease>;
  private readonly log: Log;

  constructor(options: LeaderOptions) {
    this.options = options;
    this.timing = { ...defaultTiming, ...options.timing };
    this.leases = options.client.resource(Leases);
    this.log = (options.log ?? silentLog).with({ lease: `${options.namespace}/${options.name}` });
  }

  mayAct(): boolean {
    return this.leading && this.options.clock.monotonic() < this.deadline;
  }

  async run(): Promise<void> {
    const { clock, random } = this.options;
    const { signal } = this.stopping;
    while (!signal.aborted && !(await this.acquireOrRenew(signal))) {
      await sleep(clock, this.timing.retryMs * (1 + random.next() * acquireJitter), signal).catch(() => {});
    }
    if (signal.aborted) return;
    this.leading = true;
    this.say('became leader');
    this.options.onStartedLeading();
    await this.keep(signal);
    if (signal.aborted) return;
    this.leading = false;
    this.say('stopped leading');
    this.options.onStoppedLeading();
  }

  /** Renews until that has failed for too long; a request without an answer counts as failed at the deadline. */
  private async keep(signal: AbortSignal): Promise<void> {
    const { clock } = this.options;
    while (!signal.aborted) {
      const left = this.deadline - clock.monotonic();
      if (left <= 0) return;
      await sleep(clock, Math.min(this.timing.retryMs, left), signal).catch(() => {});
      if (signal.aborted) return;
      const attempt = new AbortController();
      const abort = () => attempt.abort();
      signal.addEventListener('abort', abort, { once: true });
      let timer: Timer | undefined;
      const tooLate = new Promise<boolean>((resolve) => {
        timer = clock.after(this.deadline - clock.monotonic(), () => resolve(false));
      });
      await Promise.race([this.acquireOrRenew(attempt.signal), tooLate]);
      timer?.cancel();
      attempt.abort();
      signal.removeEventListener('abort', abort);
    }
  }

  /** True when the lease is ours afterwards. */
  private async acquireOrRenew(signal: AbortSignal): Promise<boolean> {
    const began = this.options.clock.monotonic();
    try {
      const lease = this.leading && this.observed ? this.observed : await this.read();
      const written = lease ? await this.take(lease, signal) : await this.create(signal);
      if (!written || signal.aborted) return false;
      this.observe(written);
      this.deadline = began + this.timing.renewMs;
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      // Somebody else has written it: what we know of it is old.
      if (isReason(error, 'Conflict') || isReason(error, 'AlreadyExists'))
        this.observe(await this.read().catch(() => undefined));
      else this.log.error('Cannot acquire or renew the lease', error);
      return false;
    }
  }

  private async read(): Promise<Lease | undefined> {
    const { namespace, name } = this.options;
    try {
      return await this.leases.get({ namespace, name });
    } catch (error) {
      if (isReason(error, 'NotFound')) return undefined;
      throw error;
    }
  }

  private async take(lease: Lease, signal: AbortSignal): Promise<Lease | undefined> {
    const { identity, clock } = this.options;
    this.observe(lease);
    const { holderIdentity, leaseDurationSeconds = 0, leaseTransitions = 0 } = lease.spec;
    const held = Boolean(holderIdentity) && this.observedAt + leaseDurationSeconds * 1000 > clock.monotonic();
    const ours = holderIdentity === identity;
    if (held && !ours) return undefined;
    const spec = ours
      ? { ...lease.spec, ...this.renewal() }
      : { ...lease.spec, ...this.renewal(), acquireTime: this.now(), leaseTransitions: leaseTransitions + 1 };
    return this.leases.update({ ...lease, spec }, { signal });
  }

  private create(signal: AbortSignal): Promise<Lease> {
    const { namespace, name } = this.options;
    const spec = { ...this.renewal(), acquireTime: this.now(), leaseTransitions: 0 };
    const lease: Lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { namespace, name }, spec };
    return this.leases.create(lease, { signal });
  }

  private renewal() {
    return {
      holderIdentity: this.options.identity,
      leaseDurationSeconds: Math.ceil(this.timing.leaseMs / 1000),
      renewTime: this.now(),
    };
  }

  private now(): string {
    return microTimestamp(this.options.clock.now());
  }

  private observe(lease: Lease | undefined): void {
    if (lease && lease.metadata.resourceVersion === this.observed?.metadata.resourceVersion) return;
    this.observed = lease;
    this.observedAt = this.options.clock.monotonic();
  }

  async release(): Promise<void> {
    const lease = this.observed;
    if (!this.leading || !lease) return;
    this.leading = false;
    const spec = {
      ...lease.spec,
      holderIdentity: '',
      leaseDurationSeconds: 1,
      renewTime: this.now(),
      acquireTime: this.now(),
    };
    await this.leases.update({ ...lease, spec }).then(
      () => this.say('stopped leading'),
      (error) => this.log.error('Cannot give the lease back', error),
    );
  }

  private say(what: string): void {
    const { identity, events } = this.options;
    this.log.info('Leader election', { identity, what });
    if (this.observed) events?.event(this.observed, 'Normal', 'LeaderElection', `${identity} ${what}`);
  }
}
