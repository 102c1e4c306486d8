/** At least and at most so many clusters: the most preferred, unless others are needed for their room. */

import type { Scheduling } from '../scheduling.ts';
import { type Candidate, roomFor } from '../score/candidates.ts';
import type { Selection, SpreadConstraint } from './select.ts';

interface Roomy {
  readonly candidate: Candidate;
  readonly room: number;
}

/** Where the roomiest of those is that have more than `room`; -1: none has. */
function roomiest(rest: readonly Roomy[], room: number): number {
  let found = -1;
  let most = room;
  for (const [index, each] of rest.entries()) {
    if (each.room <= most) continue;
    found = index;
    most = each.room;
  }
  return found;
}

/**
 * The `count` most preferred; while they have not the room, the least preferred of them gives way to the roomiest of
 * the others. Undefined when no exchange helps. At most `count` exchanges, each of which looks at the rest once.
 */
function withRoom(
  preferred: readonly Candidate[],
  count: number,
  needed: number,
  scheduling: Scheduling,
): readonly Candidate[] | undefined {
  const all = preferred.map((candidate) => ({ candidate, room: roomFor(candidate, scheduling) }));
  const taken = all.slice(0, count);
  const rest = all.slice(count);
  let room = taken.reduce((sum, each) => sum + each.room, 0);
  for (let index = count - 1; index >= 0 && room < needed; index--) {
    const leaving = taken[index]!;
    const better = roomiest(rest, leaving.room);
    if (better < 0) continue;
    const coming = rest[better]!;
    taken[index] = coming;
    rest[better] = leaving;
    room += coming.room - leaving.room;
  }
  return room >= needed ? taken.map(({ candidate }) => candidate) : undefined;
}

/** `needed` undefined: room does not count. A maxGroups of 0 takes no cluster; it does not mean as many as there are. */
export function selectByCluster(
  preferred: readonly Candidate[],
  { minGroups = 0, maxGroups = 0 }: SpreadConstraint,
  needed: number | undefined,
  scheduling: Scheduling,
): Selection {
  if (preferred.length < minGroups) {
    return { failure: 'the number of feasible clusters is less than spreadConstraint.MinGroups' };
  }
  const count = Math.min(preferred.length, Math.max(0, maxGroups));
  if (needed === undefined) return { selected: preferred.slice(0, count) };
  const selected = withRoom(preferred, count, needed, scheduling);
  if (!selected || selected.length === 0) {
    return { failure: `no enough resource when selecting ${count} clusters` };
  }
  return { selected };
}
