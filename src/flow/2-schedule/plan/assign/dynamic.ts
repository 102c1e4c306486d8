/**
 * DynamicWeight and Aggregated: replicas go where there is room. What is placed stays where it is as far as it can
 * (steady), unless somebody asked for all of it to be placed anew (fresh).
 */
import type { Scheduling } from '../scheduling.ts';
import type { Candidate } from '../score/candidates.ts';
import type { Assigned, Assignment } from './assign.ts';
import { tiesDescend } from './ties.ts';
import { type Party, webster } from './webster.ts';

const sumOf = (parties: readonly Party[]) => parties.reduce((sum, { votes }) => sum + votes, 0);

/** As few as hold `replicas`: those that hold some already first, then the roomiest. */
function fewest(parties: readonly Party[], replicas: number, first: Assigned): readonly Party[] {
  const isFirst = ({ name }: Party) => ((first.get(name) ?? 0) > 0 ? 1 : 0);
  // The sort is stable: equals stay in their order, the better ones first.
  const ordered = [...parties].sort((left, right) => isFirst(right) - isFirst(left) || right.votes - left.votes);
  let sum = 0;
  const last = ordered.findIndex(({ votes }) => {
    sum += votes;
    return sum >= replicas;
  });
  return ordered.slice(0, last + 1);
}

/** Adds `replicas`, divided by what the parties have room for, to what is there. */
function spread(
  scheduling: Scheduling,
  doing: string,
  replicas: number,
  room: readonly Party[],
  placed: Assigned,
): Assignment {
  const total = sumOf(room);
  if (total < replicas) {
    return { shortage: `failed to ${doing}: Clusters available replicas ${total} are not enough to schedule.` };
  }
  const parties = scheduling.strategy === 'Aggregated' ? fewest(room, replicas, placed) : room;
  const added = webster(replicas, parties, tiesDescend(scheduling));
  const merged = new Map(placed);
  for (const [name, more] of added) merged.set(name, (merged.get(name) ?? 0) + more);
  return { replicas: merged };
}

/** Of the clusters that are still selected; what others held has to be placed anew. */
function placedOn(selected: readonly Candidate[], { held }: Scheduling): Assigned {
  return new Map(selected.flatMap(({ name }) => (held.has(name) ? [[name, held.get(name)!] as const] : [])));
}

const nothing: Assigned = new Map();

export function assignDynamically(
  selected: readonly Candidate[],
  scheduling: Scheduling,
  replicas: number,
): Assignment {
  const placed = placedOn(selected, scheduling);
  const assigned = [...placed.values()].reduce((sum, count) => sum + count, 0);
  const byScore = [...selected].sort((left, right) => right.score - left.score);
  const room = (withPlaced: boolean) =>
    byScore.map(({ name, cluster }) => ({
      name,
      votes: scheduling.capacity(cluster) + (withPlaced ? (placed.get(name) ?? 0) : 0),
    }));
  if (scheduling.isFresh) return spread(scheduling, 'do fresh scale', replicas, room(true), nothing);
  if (assigned === replicas) return { replicas: placed };
  if (assigned < replicas) return spread(scheduling, 'scale up', replicas - assigned, room(false), placed);
  const shares = [...placed].map(([name, votes]) => ({ name, votes }));
  return spread(scheduling, 'scale down', replicas, shares, nothing);
}
