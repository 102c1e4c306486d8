/**
 * Keeps telling what one resource of a cluster looks like: a consistent snapshot, then every change. It resumes
 * where it was, takes a new snapshot when that revision is gone (410), and never gives up: whatever fails is tried
 * again, later and later.
 */
import type { KubeObject } from '#kube/meta/object.ts';
import type { WatchEvent } from '#kube/request/request.ts';
import { serviceUnavailable } from '#kube/status/errors.ts';
import { isReason, StatusError, type StatusReason } from '#kube/status/status.ts';
import { type Clock, sleep } from '#world/clock/clock.ts';
import type { Random } from '#world/random/random.ts';
import type { ListOptions, ResourceClient } from '../api-client.ts';
import { type Backoff, exponentialBackoff } from './backoff.ts';
import { WatchSession } from './watch-session.ts';

export interface ReflectorTarget<T extends KubeObject> {
  /** A snapshot is being asked for: it will hold everything written before now. */
  readonly listing: () => void;
  readonly snapshot: (objects: readonly T[], revision: string) => void;
  /** A change, or with no object the news that nothing else happened up to the revision. False: cannot keep up. */
  readonly change: (event: WatchEvent<T> | undefined, revision: string) => boolean;
  readonly failed: (error: Error, retryMs: number) => void;
  readonly working: () => void;
}

export interface ReflectorOptions<T extends KubeObject> {
  readonly resource: Pick<ResourceClient<T>, 'list' | 'watch'>;
  readonly selection: Pick<ListOptions, 'namespace' | 'labelSelector' | 'fieldSelector'>;
  readonly target: ReflectorTarget<T>;
  readonly clock: Clock;
  readonly random: Random;
}

/** A watch that ends this soon without a word counts as a failure, else it would be started again in a tight loop. */
const shortWatchMs = 1_000;
/** 500 objects of 3 kB are 1.5 MB and about 10 ms to parse. */
const pageSize = 500;
const firstRetryMs = 200;
const longestRetryMs = 30_000;

/** Answers of servers that know the parameter but not the feature. */
const refusesStreaming = (error: Error) =>
  (['Invalid', 'BadRequest', 'MethodNotAllowed', 'NotAcceptable'] as StatusReason[]).some((reason) =>
    isReason(error, reason),
  );

/** The revision is no longer, or not yet, known to this server. */
const lostRevision = (error: Error) =>
  isReason(error, 'Expired') || isReason(error, 'Gone') || /too large resource version/i.test(error.message);

/** Starts in the next microtask. `stop` is final. */
export function startReflector<T extends KubeObject>(options: ReflectorOptions<T>): { readonly stop: () => void } {
  const reflector = new Reflector(options);
  queueMicrotask(() => void reflector.run());
  return { stop: () => reflector.stopping.abort() };
}

class Reflector<T extends KubeObject> {
  readonly stopping = new AbortController();
  private readonly options: ReflectorOptions<T>;
  private readonly backoff: Backoff;
  private revision: string | undefined;
  private streaming = true;
  private expiries = 0;

  constructor(options: ReflectorOptions<T>) {
    this.options = options;
    this.backoff = exponentialBackoff({ firstMs: firstRetryMs, mostMs: longestRetryMs, random: options.random });
  }

  private get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  async run(): Promise<void> {
    while (!this.stopped) {
      try {
        await this.listAndWatch();
      } catch (caught) {
        if (this.stopped) return;
        const error = caught instanceof Error ? caught : new Error(String(caught));
        // An expired revision is ordinary: a new list follows at once, but only once in a row.
        if (lostRevision(error)) {
          this.revision = undefined;
          if (this.expiries++ === 0) continue;
        }
        await this.retryLater(error);
      }
    }
  }

  private async listAndWatch(): Promise<void> {
    const { clock } = this.options;
    const streamed = this.revision === undefined && this.streaming;
    if (this.revision === undefined && !streamed) this.revision = await this.listPages();
    const started = clock.monotonic();
    const end = await new WatchSession(this.options, this.stopping.signal, this.revision).ended;
    this.revision = end.revision;
    if (this.stopped) return;
    const short = clock.monotonic() - started < shortWatchMs;
    if (end.progress && !short) {
      this.backoff.reset();
      this.expiries = 0;
    }
    if (end.error && streamed && end.revision === undefined && refusesStreaming(end.error)) {
      this.streaming = false;
      return;
    }
    if (end.error) throw end.error;
    if (!end.progress && short) throw serviceUnavailable('the watch ended as soon as it had begun');
  }

  private async listPages(): Promise<string> {
    const { resource, selection, target } = this.options;
    target.listing();
    const list = (paging: ListOptions) => resource.list({ ...selection, ...paging, signal: this.stopping.signal });
    let page = await list({ limit: pageSize });
    let objects = page.items;
    while (page.metadata.continue) {
      page = await list({ limit: pageSize, continue: page.metadata.continue }).catch((error: unknown) => {
        if (!isReason(error, 'Expired')) throw error;
        // Objects change faster than we page: everything in one piece, as client-go falls back.
        objects = [];
        return list({});
      });
      objects = objects.concat(page.items);
    }
    const revision = page.metadata.resourceVersion ?? '';
    target.snapshot(objects, revision);
    return revision;
  }

  private async retryLater(error: Error): Promise<void> {
    const told = error instanceof StatusError ? (error.status.details?.retryAfterSeconds ?? 0) * 1000 : 0;
    const wait = Math.max(this.backoff.next(), Math.min(told, longestRetryMs));
    this.options.target.failed(error, wait);
    await sleep(this.options.clock, wait, this.stopping.signal).catch(() => {});
  }
}
