/** Overflow: each tier takes as many replicas as it has room for before the next one gets any. */

import type { Scheduling } from '../scheduling.ts';
import { type Candidate, roomFor } from '../score/candidates.ts';
import type { Assignment } from './assign.ts';
import { assignDynamically } from './dynamic.ts';

export function assignByTier(selected: readonly Candidate[], scheduling: Scheduling): Assignment {
  const tiers = [...Map.groupBy(selected, ({ tier }) => tier)].sort(([left], [right]) => left - right);
  const all = new Map<string, number>();
  let left = scheduling.replicas;
  for (const [, members] of tiers) {
    const share = Math.min(
      left,
      members.reduce((sum, each) => sum + roomFor(each, scheduling), 0),
    );
    if (share === 0) continue;
    const assignment = assignDynamically(members, scheduling, share);
    if ('shortage' in assignment) return assignment;
    for (const [name, replicas] of assignment.replicas) all.set(name, replicas);
    left -= share;
  }
  if (left === 0) return { replicas: all };
  const available = scheduling.replicas - left;
  return { shortage: `Clusters available replicas ${available} are not enough to schedule.` };
}
