/**
 * API Priority and Fairness: every request at the door is given a seat of its priority level, waits for one, or is
 * turned away (docs/adr/0014). Callers inside the process do not come through the door.
 */
import type { UserInfo } from '#kube/request/request.ts';
import type { Clock } from '#world/clock/clock.ts';
import { catchAllSchema } from './bootstrap-objects.ts';
import { type Classify, classifier } from './classifier.ts';
import { flowConfiguration } from './configuration.ts';
import { Flow, type FlowCounts, newCounts, type Rejection } from './flow.ts';
import type { Level } from './level.ts';
import { levelSet } from './levels.ts';
import type { Digest } from './match.ts';
import { flowMetrics } from './metrics.ts';
import type { FlowSchema, PriorityLevel } from './objects.ts';
import { narrow, Seat, type Width } from './seat.ts';
import { type WatchCount, watchCount } from './watch-count.ts';

/** What the door knows of a request. */
export interface FlowRequest {
  readonly user: UserInfo;
  readonly namespace: string;
  readonly digest: () => Digest;
  /** Asked unless the level is exempt. `widest`: what its level allows. */
  readonly width: (widest: number) => Width;
}

export interface WaitingRequest {
  readonly flow: Flow;
  readonly outcome: Promise<Seat>;
  readonly cancel: () => void;
}

export interface FlowControl {
  /** A seat to be left when the answer is out, or a wait for one. Throws TurnedAway; so does the wait. */
  readonly enter: (request: FlowRequest) => Seat | WaitingRequest;
  readonly watches: WatchCount;
  readonly stored: FlowSource['stored'];
  /** What is stored has changed: it is read before the next request. */
  readonly changed: () => void;
  readonly levels: () => readonly Level[];
  readonly counts: () => Iterable<FlowCounts>;
  /** In Prometheus' text form; empty before the first request. */
  readonly metricsText: () => string;
}

/** A request that gets no seat: 429. */
export class TurnedAway extends Error {
  override readonly name = 'TurnedAway';
  readonly flow: Flow;
  readonly reason: Rejection;
  readonly retryAfterSeconds: number;

  constructor(flow: Flow, reason: Rejection, retryAfterSeconds: number) {
    super('Too many requests, please try again later.');
    this.flow = flow;
    this.reason = reason;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** kube-apiserver's --max-requests-inflight and --max-mutating-requests-inflight together. */
const serverSeats = 600;

/** A quarter of the minute a request may take: kube-apiserver's. */
const waitMs = 15_000;

export interface FlowSource {
  readonly schemas: () => readonly FlowSchema[];
  readonly levels: () => readonly PriorityLevel[];
  /** How many objects there are, by the resource's stored name. */
  readonly stored: (resource: string) => number;
}

export function flowControl(source: FlowSource, clock: Clock, seats = serverSeats): FlowControl {
  const levels = levelSet(clock, seats);
  const counts = new Map<string, FlowCounts>();
  const metrics = flowMetrics();
  let classify: Classify | undefined;

  const countsOf = (schema: string, level: string): FlowCounts => {
    const key = `${schema}\0${level}`;
    const known = counts.get(key);
    if (known) return known;
    const made = newCounts(schema, level);
    counts.set(key, made);
    metrics.count(made);
    return made;
  };

  const configure = (): Classify => {
    const configuration = flowConfiguration(source.schemas(), source.levels());
    levels.take(configuration.levels);
    for (const level of levels.all()) metrics.level(level);
    const flows = configuration.schemas.map(({ name, uid, spec }) => {
      const level = levels.find(spec.priorityLevelConfiguration.name)!;
      return new Flow(name, uid, spec, level, countsOf(name, level.name));
    });
    classify = classifier(flows, flows.find(({ name }) => name === catchAllSchema.name) ?? flows.at(-1)!);
    return classify;
  };

  const turnedAway = (flow: Flow, reason: Rejection) =>
    new TurnedAway(flow, reason, flow.level.retryAfter.turnedAway(clock.now()));

  return {
    enter: ({ user, namespace, digest, width }) => {
      const flow = (classify ?? configure())(user, digest);
      const { level } = flow;
      const wanted = level.exempt ? narrow : width(level.widest);
      const started = level.queues.start(flow, user.name, namespace, wanted, waitMs);
      if (started instanceof Seat) return started;
      if (typeof started === 'string') throw turnedAway(flow, started);
      const begun = clock.monotonic();
      const outcome = started.outcome.then((seat) => {
        metrics.waited(flow.counts, typeof seat !== 'string', (clock.monotonic() - begun) / 1_000);
        if (typeof seat === 'string') throw turnedAway(flow, seat);
        return seat;
      });
      return { flow, outcome, cancel: started.cancel };
    },
    watches: watchCount(),
    stored: source.stored,
    changed: () => {
      classify = undefined;
    },
    levels: () => {
      if (!classify) configure();
      return levels.all();
    },
    counts: () => counts.values(),
    metricsText: metrics.text,
  };
}
