/** Consequences that come in bursts: a status is counted anew, and told, once for many changes that come together. */
import type { Clock } from '#world/clock/clock.ts';
import { turnsOf } from '#world/clock/turns.ts';
import type { Enqueue, Priority } from './reconciler.ts';

/** How often is looked whether there is time. */
const lookMs = 2;
/** However busy: what waits longer than this is noticed. */
const longestMs = 100;

/**
 * Hands each key on once for many askings, with the highest priority it was asked for with: `calmMs` after the first
 * asking (0: at the end of the turn) while little else is to do; else when there is time, so that work that brings
 * something about goes before telling how far it has come.
 */
export function gathering(clock: Clock, enqueue: Enqueue, calmMs = 0): Enqueue {
  const turns = turnsOf(clock);
  let gathered = new Map<string, Priority>();
  let since = 0;
  const hand = () => {
    if (turns.busy() && clock.monotonic() - since < longestMs) {
      clock.after(lookMs, hand);
      return;
    }
    const keys = gathered;
    gathered = new Map();
    for (const [key, priority] of keys) enqueue(key, priority);
  };
  return (key, priority = 'high') => {
    if (gathered.size === 0) {
      since = clock.monotonic();
      if (calmMs > 0) clock.after(calmMs, hand);
      else clock.soon(hand);
    }
    if (gathered.get(key) !== 'high') gathered.set(key, priority);
  };
}
