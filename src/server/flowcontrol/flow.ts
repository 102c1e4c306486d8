/** A FlowSchema at work: the level it leads to, the hands its flows were dealt, and what is counted of it. */

import type { Level } from './level.ts';
import type { FlowSchemaSpec } from './objects.ts';
import { deal, flowHash } from './shuffle.ts';

export type Rejection = 'concurrency-limit' | 'queue-full' | 'time-out' | 'cancelled';

/** Of one FlowSchema at one level; metrics read it. */
export interface FlowCounts {
  readonly schema: string;
  readonly level: string;
  dispatched: number;
  executing: number;
  executingSeats: number;
  waiting: number;
  waitingSeats: number;
  readonly rejected: Record<Rejection, number>;
}

export const newCounts = (schema: string, level: string): FlowCounts => ({
  schema,
  level,
  dispatched: 0,
  executing: 0,
  executingSeats: 0,
  waiting: 0,
  waitingSeats: 0,
  rejected: { 'concurrency-limit': 0, 'queue-full': 0, 'time-out': 0, cancelled: 0 },
});

/** Flows whose hands are remembered, at about 200 bytes 0.8 MB for each schema; then they are dealt anew. */
const mostHands = 4_096;

export class Flow {
  readonly name: string;
  readonly uid: string;
  readonly spec: FlowSchemaSpec;
  readonly level: Level;
  readonly counts: FlowCounts;
  readonly #hands = new Map<string, readonly number[]>();

  constructor(name: string, uid: string, spec: FlowSchemaSpec, level: Level, counts: FlowCounts) {
    this.name = name;
    this.uid = uid;
    this.spec = spec;
    this.level = level;
    this.counts = counts;
  }

  /** Which of its level's queues a flow may use. */
  hand(user: string, namespace: string): readonly number[] {
    const method = this.spec.distinguisherMethod?.type;
    const distinguisher = method === 'ByUser' ? user : method === 'ByNamespace' ? namespace : '';
    const known = this.#hands.get(distinguisher);
    if (known) return known;
    const { queues, handSize } = this.level.queuing!;
    const hand = deal(flowHash(this.name, distinguisher), queues, handSize);
    if (this.#hands.size >= mostHands) this.#hands.clear();
    this.#hands.set(distinguisher, hand);
    return hand;
  }
}
