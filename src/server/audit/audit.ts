/** The audit log of one API server: a policy, and where events are written. */
import type { Clock } from '#world/clock/clock.ts';
import type { AuditPolicy } from './policy.ts';
import { policyEvaluator } from './rules.ts';
import { type Arrival, Trail } from './trail.ts';

export interface AuditOptions {
  readonly policy: AuditPolicy;
  readonly clock: Clock;
  /** Takes an event of one line; must neither block nor throw. */
  readonly write: (line: string) => void;
}

export interface Audit {
  readonly begin: (arrival: Arrival) => Trail;
}

export function createAudit({ policy, clock, write }: AuditOptions): Audit {
  const options = { evaluate: policyEvaluator(policy), now: () => clock.now(), write };
  return { begin: (arrival) => new Trail(options, arrival) };
}
