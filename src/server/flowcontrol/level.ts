/** A priority level at work: its share of the server's seats, and the queues before them. */
import type { Clock } from '#world/clock/clock.ts';
import type { LevelSpec, Queuing } from './objects.ts';
import { type Discipline, QueueSet } from './queue-set.ts';
import { RetryAfter } from './retry-after.ts';

/** Seats of a level. */
export interface Bounds {
  /** By its shares. */
  readonly nominal: number;
  /** What it never lends. */
  readonly least: number;
  /** With all it may borrow. */
  readonly most: number;
}

/** As kube-apiserver: no request takes more than this part of its level. */
const widestPart = 0.15;

export class Level {
  readonly name: string;
  readonly queues: QueueSet;
  readonly retryAfter = new RetryAfter();
  uid = '';
  spec: LevelSpec;
  bounds: Bounds = { nominal: 0, least: 0, most: 0 };
  /** It is not configured any more, and goes when its last request has. */
  leaving = false;

  constructor(name: string, spec: LevelSpec, clock: Clock) {
    this.name = name;
    this.spec = spec;
    this.queues = new QueueSet(clock, disciplineOf(spec));
  }

  get exempt(): boolean {
    return this.spec.type === 'Exempt';
  }

  get queuing(): Queuing | undefined {
    const { limited } = this.spec;
    return limited?.limitResponse.type === 'Queue' ? limited.limitResponse.queuing : undefined;
  }

  /** What the widest request may take; Infinity where nothing is said. */
  get widest(): number {
    const { queuing } = this;
    if (!queuing) return Number.POSITIVE_INFINITY;
    const { nominal } = this.bounds;
    return Math.max(1, Math.min(Math.ceil(nominal * widestPart), Math.floor(nominal / queuing.handSize)));
  }

  limitTo(seats: number): void {
    this.queues.configure(disciplineOf(this.spec), seats);
  }
}

function disciplineOf({ type, limited }: LevelSpec): Discipline {
  if (type === 'Exempt') return 'exempt';
  return limited?.limitResponse.type === 'Queue' ? limited.limitResponse.queuing : undefined;
}

/** By its part of all shares. */
export function boundsOf(spec: LevelSpec, sumOfShares: number, serverSeats: number): Bounds {
  const { nominalConcurrencyShares: shares = 0, lendablePercent = 0 } = spec.limited ?? spec.exempt ?? {};
  const nominal = sumOfShares === 0 ? 0 : Math.ceil((serverSeats * shares) / sumOfShares);
  const borrowing = spec.limited?.borrowingLimitPercent;
  return {
    nominal,
    least: nominal - Math.round((nominal * lendablePercent) / 100),
    most: nominal + (borrowing === undefined ? serverSeats : Math.round((nominal * borrowing) / 100)),
  };
}
