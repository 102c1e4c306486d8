/**
 * Keeps telling what one resource of a cluster looks like: a consistent snapshot, then every change. It resumes
 * where it was, takes a new snapshot when that revision is gone (410), and never gives up: whatever fails is tried
 * again, later and later.
 */
import { keyOf } from '#kube/meta/key.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { isReason, type StatusReason, StatusError } from '#kube/status/status.ts';
import { serviceUnavailable, timedOut } from '#kube/status/errors.ts';
import type { WatchEvent, WatchHandle } from '#kube/request/request.ts';
import { type Clock, sleep } from '#world/clock/clock.ts';
import type { Random } from '#world/random/random.ts';
import type { ListOptions, ResourceClient } from '../api-client.ts';
import { exponentialBackoff } from './backoff.ts';

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

/** client-go asks for 5 to 10 minutes, so that watches spread over an API server's replicas. */
const watchSeconds = 300;
/** A server that forgets its own time-out is hung up on this much later. */
const watchGraceMs = 30_000;
/** A server that knows no streaming lists ignores the parameter and never says that the list is complete. */
const streamingSilenceMs = 10_000;
/** A watch that ends this soon without a word counts as a failure, else it would be started again in a tight loop. */
const shortWatchMs = 1_000;
/** 500 objects of 3 kB are 1.5 MB and about 10 ms to parse. */
const pageSize = 500;
const firstRetryMs = 200;
const longestRetryMs = 30_000;

const listComplete = 'k8s.io/initial-events-end';

/** Answers of servers that know the parameter but not the feature. */
const refusesStreaming = (error: Error) =>
  (['Invalid', 'BadRequest', 'MethodNotAllowed', 'NotAcceptable'] as StatusReason[]).some((reason) => isReason(error, reason));

/** The revision is no longer, or not yet, known to this server. */
const lostRevision = (error: Error) =>
  isReason(error, 'Expired') || isReason(error, 'Gone') || /too large resource version/i.test(error.message);

/** Starts in the next microtask. `stop` is final. */
export function startReflector<T extends KubeObject>(options: ReflectorOptions<T>): { readonly stop: () => void } {
  const { resource, selection, target, clock, random } = options;
  const stopping = new AbortController();
  const backoff = exponentialBackoff({ firstMs: firstRetryMs, mostMs: longestRetryMs, random });
  let revision: string | undefined;
  let streaming = true;
  let expiries = 0;

  const session = watchSession(options, stopping.signal);

  const listPages = async () => {
    target.listing();
    const list = (paging: ListOptions) => resource.list({ ...selection, ...paging, signal: stopping.signal });
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
    revision = page.metadata.resourceVersion ?? '';
    target.snapshot(objects, revision);
  };

  const once = async () => {
    const streamed = revision === undefined && streaming;
    if (revision === undefined && !streaming) await listPages();
    const started = clock.monotonic();
    const end = await session(revision);
    revision = end.revision;
    if (stopping.signal.aborted) return;
    const short = clock.monotonic() - started < shortWatchMs;
    if (end.progress && !short) {
      backoff.reset();
      expiries = 0;
    }
    if (end.error && streamed && revision === undefined && refusesStreaming(end.error)) {
      streaming = false;
      return;
    }
    if (end.error) throw end.error;
    if (!end.progress && short) {
      throw serviceUnavailable('the watch ended as soon as it had begun');
    }
  };

  const run = async () => {
    while (!stopping.signal.aborted) {
      try {
        await once();
      } catch (caught) {
        if (stopping.signal.aborted) return;
        const error = caught instanceof Error ? caught : new Error(String(caught));
        // An expired revision is ordinary: a new list follows at once, but only once in a row.
        if (lostRevision(error)) {
          revision = undefined;
          if (expiries++ === 0) continue;
        }
        await retryLater(error);
      }
    }
  };

  const retryLater = async (error: Error) => {
    const told = error instanceof StatusError ? (error.status.details?.retryAfterSeconds ?? 0) * 1000 : 0;
    const wait = Math.max(backoff.next(), Math.min(told, longestRetryMs));
    target.failed(error, wait);
    await sleep(clock, wait, stopping.signal).catch(() => {});
  };

  queueMicrotask(() => void run());
  return { stop: () => stopping.abort() };
}

interface SessionEnd {
  readonly error?: Error;
  /** Where the next session goes on; undefined: from a new snapshot. */
  readonly revision: string | undefined;
  /** Something came: a snapshot, an event or a bookmark. */
  readonly progress: boolean;
}

/** One watch from start to end. Without a revision it begins with a streamed snapshot. */
function watchSession<T extends KubeObject>(
  { resource, selection, target, clock, random }: ReflectorOptions<T>,
  stopping: AbortSignal,
): (from: string | undefined) => Promise<SessionEnd> {
  return (from) =>
    new Promise<SessionEnd>((resolve) => {
      const timeoutSeconds = Math.floor(watchSeconds * (1 + random.next()));
      let revision = from;
      let progress = false;
      let collected: Map<string, T> | undefined = from === undefined ? new Map() : undefined;
      let handle: WatchHandle | undefined;
      let over = false;
      let heard = clock.monotonic();

      const end = (error?: Error) => {
        if (over) return;
        over = true;
        alarm.cancel();
        stopping.removeEventListener('abort', hangUp);
        handle?.stop();
        resolve({ error, revision, progress });
      };
      const hangUp = () => end();

      const deadline = clock.monotonic() + timeoutSeconds * 1000 + watchGraceMs;
      const watchdog = () => {
        const now = clock.monotonic();
        if (collected && now - heard >= streamingSilenceMs) end(invalidStreaming());
        else if (now >= deadline) end(timedOut('the watch did not end when it should have'));
        else alarm = clock.after(Math.min(deadline - now, collected ? streamingSilenceMs : Infinity), watchdog);
      };
      let alarm = clock.after(collected ? streamingSilenceMs : deadline - clock.monotonic(), watchdog);

      const collect = (objects: Map<string, T>, event: WatchEvent<T>) => {
        heard = clock.monotonic();
        if (event.type === 'DELETED') objects.delete(keyOf(event.object));
        else if (event.type !== 'BOOKMARK') objects.set(keyOf(event.object), event.object);
        else if (event.object.metadata.annotations?.[listComplete] === 'true') {
          collected = undefined;
          revision = event.object.metadata.resourceVersion ?? '';
          progress = true;
          target.snapshot([...objects.values()], revision);
          target.working();
        }
      };

      const receive = (event: WatchEvent<T>) => {
        if (over) return;
        if (collected) return collect(collected, event);
        if (!progress) target.working();
        progress = true;
        revision = event.object.metadata.resourceVersion ?? revision ?? '';
        if (!target.change(event.type === 'BOOKMARK' ? undefined : event, revision)) {
          revision = undefined;
          end(serviceUnavailable('changes come faster than they can be taken in; a new list is made'));
        }
      };

      stopping.addEventListener('abort', hangUp, { once: true });
      if (collected) target.listing();
      const initial = collected
        ? { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' as const }
        : { resourceVersion: from };
      resource
        .watch({ ...selection, ...initial, allowBookmarks: true, timeoutSeconds, signal: stopping }, { event: receive, end })
        .then(
          (started) => {
            handle = started;
            if (over) started.stop();
            else if (!collected) target.working();
          },
          (error: Error) => end(error),
        );
    });
}

const invalidStreaming = () =>
  new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    reason: 'Invalid',
    code: 422,
    message: 'the server does not say when a streamed list is complete',
  });
