/**
 * An API server as bad as networks and servers can be, from a seed: slow, refusing, losing answers of writes it has
 * done, dropping, delaying and repeating watch events, forgetting revisions. For simulation tests, in front of any
 * ApiHandler; what it breaks, level-based controllers must stand.
 */
import type { ApiHandler, ApiRequest, WatchEvent, WatchHandle, WatchSink } from '#kube/request/request.ts';
import { expired, internalError, serviceUnavailable, timedOut, tooManyRequests } from '#kube/status/errors.ts';
import { type Clock, sleep } from '#world/clock/clock.ts';
import type { Random } from '#world/random/random.ts';

/** Rates are chances from 0 to 1; milliseconds are ranges. Absent: that does not happen. */
export interface Faults {
  /** Before and after each request. */
  readonly delayMs?: readonly [number, number];
  /** Refused, and not done. */
  readonly refusals?: number;
  /** Done, but the answer is lost: the caller hears of a time-out. */
  readonly lostAnswers?: number;
  /** Events come this late, in order. */
  readonly watchDelayMs?: readonly [number, number];
  /** At each event: the watch breaks before it. */
  readonly watchDrops?: number;
  /** At each resumption: the revision is gone (410). */
  readonly expiries?: number;
  /** At each resumption, for each of the last events: it is told again. */
  readonly repeats?: number;
}

export interface FaultyOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Asked at each occasion, so that a test can let things calm down. */
  readonly faults: () => Faults;
}

/** Events of a resource kept to be told again. */
const mostRepeated = 20;

const refusals = [
  () => serviceUnavailable('simulated: the server is away'),
  () => tooManyRequests('simulated: too many requests'),
  () => internalError('simulated'),
  () => timedOut('simulated: no answer in time'),
];

export function faultyHandler(handler: ApiHandler, { clock, random, faults }: FaultyOptions): ApiHandler {
  const happens = (chance: number | undefined) => chance !== undefined && chance > 0 && random.next() < chance;
  const between = ([least, most]: readonly [number, number] = [0, 0]) => least + random.next() * (most - least);
  const delay = async () => {
    const ms = between(faults().delayMs);
    if (ms > 0) await sleep(clock, ms);
  };
  const refuse = () => {
    if (happens(faults().refusals)) throw refusals[Math.floor(random.next() * refusals.length)]!();
  };
  const recent = new Map<string, WatchEvent[]>();

  const watch = async (request: ApiRequest, sink: WatchSink): Promise<WatchHandle> => {
    await delay();
    refuse();
    const { group, resource, namespace } = request.path;
    const id = [group, resource, namespace, request.options.labelSelector, request.options.fieldSelector].join('\0');
    const last = recent.get(id) ?? [];
    recent.set(id, last);
    const resumes = request.options.resourceVersion !== undefined;
    if (resumes && happens(faults().expiries)) throw expired('simulated: the revision has been compacted');

    const line = delayedSink(clock, sink, () => between(faults().watchDelayMs));
    if (resumes) for (const event of last) if (happens(faults().repeats)) line.event(event);
    let broken = false;
    const handle = await handler.watch(request, {
      event: (event) => {
        if (broken) return;
        if (happens(faults().watchDrops)) {
          broken = true;
          line.end(serviceUnavailable('simulated: the connection broke'));
          clock.soon(() => handle.stop());
          return;
        }
        line.event(event);
        if (event.type === 'BOOKMARK') return;
        last.push(event);
        if (last.length > mostRepeated) last.shift();
      },
      end: (error) => {
        if (!broken) line.end(error);
      },
    });
    return {
      stop: () => {
        broken = true;
        line.stop();
        handle.stop();
      },
    };
  };

  return {
    handle: async (request) => {
      await delay();
      refuse();
      const answer = await handler.handle(request);
      const lost = happens(faults().lostAnswers);
      await delay();
      if (lost) throw timedOut('simulated: the answer was lost');
      return answer;
    },
    watch,
    raw: async (path, user, accept) => {
      await delay();
      refuse();
      return handler.raw(path, user, accept);
    },
  };
}

/** Hands on in order, each event after its own delay at least. */
function delayedSink(clock: Clock, sink: WatchSink, delay: () => number) {
  let due = 0;
  let waiting = 0;
  let stopped = false;
  const later = (run: () => void) => {
    const now = clock.monotonic();
    due = Math.max(due, now + delay());
    if (due <= now && waiting === 0) {
      if (!stopped) run();
      return;
    }
    waiting++;
    clock.after(due - now, () => {
      waiting--;
      if (!stopped) run();
    });
  };
  return {
    event: (event: WatchEvent) => later(() => sink.event(event)),
    end: (error?: Error) =>
      later(() => {
        stopped = true;
        sink.end(error);
      }),
    stop: () => {
      stopped = true;
    },
  };
}
