/**
 * Runs one controller: takes keys from its queue, reconciles as many at a time as it has workers, and interprets what
 * comes back in one place.
 */
import { type Loading, loadingOf } from '#client/informer/loading.ts';
import { isReason, StatusError } from '#kube/status/status.ts';
import type { Clock } from '#world/clock/clock.ts';
import { turnsOf } from '#world/clock/turns.ts';
import { type ControllerMeter, controllerMeter } from './controller-meter.ts';
import { type KeyQueue, type QueueOptions, WorkQueue } from './queue/queue.ts';
import type { Controller, Priority, Result } from './reconciler.ts';
import type { Log } from './telemetry/log.ts';
import type { Metrics } from './telemetry/metrics.ts';
import { type Troubles, troubles } from './troubles.ts';

/**
 * How often a key in conflict is taken up again at once: what it read was older than what is stored, and the watch
 * brings the newer state within a turn or two. Then it backs off like any failure.
 */
const promptConflicts = 5;

export interface LoopOptions {
  readonly controller: Controller;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Asked before each reconciliation; false ends the loop for good (a lost lease). */
  readonly mayAct: () => boolean;
}

/** What became of one reconciliation: what it answered, or how it failed. */
type Ending =
  | Result
  | { readonly outcome: 'conflict'; readonly error: StatusError }
  | { readonly outcome: 'failed'; readonly error: unknown };

interface Run {
  readonly key: string;
  /** Counted from the start of the process; log lines of one reconciliation carry it. */
  readonly id: number;
}

export class ControllerLoop {
  readonly queue: KeyQueue;
  readonly troubles: Troubles;
  private readonly options: LoopOptions;
  private readonly meter: ControllerMeter;
  private readonly log: Log;
  private readonly conflicts = new Map<string, number>();
  private readonly inFlight = new Set<Promise<void>>();
  private running = false;
  private pumping = false;
  private readonly loading: Loading;
  /** First looks wait for what is being loaded. */
  private holding = false;
  private count = 0;

  constructor(options: LoopOptions) {
    const { controller, clock, metrics, log } = options;
    this.options = options;
    this.loading = loadingOf(clock);
    this.log = log.with({ controller: controller.name });
    this.troubles = troubles(clock);
    this.meter = controllerMeter(metrics, controller, () => this.inFlight.size);
    const queueOptions: QueueOptions = { clock, ready: this.wake, meter: this.meter.queue };
    this.queue = controller.queue?.(queueOptions) ?? new WorkQueue(queueOptions);
    this.meter.watchQueue(this.queue, clock);
  }

  readonly enqueue = (key: string, priority?: Priority) => {
    if (!this.queue.add(key, priority) && this.running)
      this.log.error('Key refused', 'the work queue is full', { key });
  };

  get active(): number {
    return this.inFlight.size;
  }

  start(): void {
    this.running = true;
    this.wake();
  }

  /** Takes nothing more up and resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.running = false;
    this.queue.close();
    await Promise.all(this.inFlight);
  }

  /** Once per burst: keys that come in the same turn of the microtask queue meet before the first is taken. */
  private readonly wake = () => {
    if (this.pumping || !this.running) return;
    this.pumping = true;
    queueMicrotask(this.pump);
  };

  private readonly pump = () => {
    const { controller, clock, mayAct } = this.options;
    const turns = turnsOf(clock);
    while (this.running && this.inFlight.size < controller.workers) {
      if (!turns.hasTime()) {
        turns.later(this.pump);
        return;
      }
      if (!mayAct()) {
        this.running = false;
        break;
      }
      const key = this.queue.take(this.loading.active() ? 'high' : undefined);
      if (key === undefined) {
        this.hold();
        break;
      }
      this.dispatch(key);
    }
    this.pumping = false;
  };

  /** What is left, if anything, is not urgent: it goes on when all first lists are there. */
  private hold(): void {
    if (this.holding || !this.loading.active() || this.queue.depth('low') === 0) return;
    this.holding = true;
    this.loading.whenOver(() => {
      this.holding = false;
      this.wake();
    });
  }

  private dispatch(key: string): void {
    const run = { key, id: ++this.count };
    const work = this.reconcile(key).then((ending) => {
      this.inFlight.delete(work);
      this.settle(run, ending);
      this.queue.done(key);
      this.wake();
    });
    this.inFlight.add(work);
  }

  private async reconcile(key: string): Promise<Ending> {
    const { controller, clock } = this.options;
    const started = clock.monotonic();
    try {
      return await controller.reconcile(key);
    } catch (error) {
      return isReason(error, 'Conflict') ? { outcome: 'conflict', error } : { outcome: 'failed', error };
    } finally {
      this.meter.took(clock.monotonic() - started);
    }
  }

  /** The one place that decides what follows from a reconciliation. */
  private settle(run: Run, ending: Ending): void {
    const { queue } = this;
    const { key } = run;
    this.meter.ended(ending.outcome);
    if (ending.outcome !== 'conflict') this.conflicts.delete(key);
    switch (ending.outcome) {
      case 'done':
        queue.forget(key);
        this.troubles.over(key);
        if (this.log.debugging) this.log.debug('Reconciled', this.about(run));
        return;
      case 'requeueAfter':
        queue.forget(key);
        this.troubles.over(key);
        queue.addAfter(key, ending.ms);
        if (this.log.debugging)
          this.log.debug('Will look again', { ...this.about(run), ms: ending.ms, reason: ending.reason });
        return;
      case 'terminal':
        queue.forget(key);
        this.troubles.note(key, ending.reason, true);
        this.log.info('Cannot work until an object changes', { ...this.about(run), reason: ending.reason });
        return;
      case 'waits':
        this.wait(run, ending);
        return;
      case 'conflict':
        this.retryConflict(run, ending.error);
        return;
      case 'failed':
        this.fail(run, ending.error);
        return;
    }
  }

  private retryConflict(run: Run, error: StatusError): void {
    const { key } = run;
    const times = (this.conflicts.get(key) ?? 0) + 1;
    if (times > promptConflicts) {
      this.conflicts.delete(key);
      this.fail(run, error);
      return;
    }
    this.conflicts.set(key, times);
    this.queue.add(key);
  }

  private wait(run: Run, { reason, until }: Extract<Result, { readonly outcome: 'waits' }>): void {
    const { key } = run;
    const retryMs = this.queue.retry(key, until);
    this.troubles.note(key, reason, false);
    if (this.log.debugging) this.log.debug('Waits', { ...this.about(run), reason, retryMs });
  }

  private fail(run: Run, error: unknown): void {
    const { key } = run;
    const retryMs = this.queue.retry(key, 'backoff');
    this.meter.failed(!(error instanceof StatusError));
    this.troubles.note(key, error instanceof Error ? error.message : String(error), false);
    this.log.error('Reconciling failed', error, { ...this.about(run), retryMs, failures: this.queue.failures(key) });
  }

  private about({ key, id }: Run) {
    return { key, reconcileID: `${this.options.controller.name}-${id}` };
  }
}
