/**
 * Nodes that are filled, first fit: replicas go to the first node that takes them, in the order of the nodes. How the
 * reference counts sets of components, and how what is on its way to a cluster takes its room. Pure but for its own
 * state.
 */
import type { AssumedWorkload } from '../service.ts';
import { type Need, type NodeRoom, needOf, timesIn } from './room.ts';

interface Bin {
  readonly node: NodeRoom['node'];
  readonly free: Map<string, number>;
  places: number;
}

/** Where a need is served: nodes only become fuller, so one that took nothing is never asked again. */
interface Search {
  readonly bins: readonly Bin[];
  next: number;
}

export interface Packing {
  /** Answers how many of the replicas found a place. Ask with the same need for the same kind of Pods. */
  readonly place: (need: Need, replicas: number) => number;
  /** What is left. */
  readonly rooms: () => readonly NodeRoom[];
}

export function packing(rooms: readonly NodeRoom[]): Packing {
  const all: readonly Bin[] = rooms.map(({ node, free, places }) => ({ node, free: new Map(free), places }));
  const searches = new Map<Need, Search>();

  const searchFor = (need: Need): Search => {
    let search = searches.get(need);
    if (!search) {
      search = { bins: all.filter(({ node }) => need.runsOn(node)), next: 0 };
      searches.set(need, search);
    }
    return search;
  };

  return {
    place: (need, replicas) => {
      const search = searchFor(need);
      let left = replicas;
      while (left > 0 && search.next < search.bins.length) {
        const bin = search.bins[search.next]!;
        const taken = Math.min(left, timesIn(bin.free, bin.places, need.amounts));
        take(bin, need, taken);
        left -= taken;
        if (left > 0) search.next += 1;
      }
      return replicas - left;
    },
    rooms: () => all,
  };
}

function take(bin: Bin, { amounts }: Need, times: number): void {
  bin.places -= times;
  for (const [name, amount] of amounts) bin.free.set(name, (bin.free.get(name) ?? 0) - amount * times);
}

/** What is left when everything that is on its way has arrived, as far as it fits. */
export function withoutAssumed(rooms: readonly NodeRoom[], assumed: readonly AssumedWorkload[]): readonly NodeRoom[] {
  if (assumed.length === 0) return rooms;
  const filled = packing(rooms);
  for (const { components } of assumed) {
    // As in the reference, what comes after a component that does not fit as a whole takes nothing.
    components.every(
      ({ replicas, replicaRequirements }) => filled.place(needOf(replicaRequirements), replicas) === replicas,
    );
  }
  return filled.rooms();
}
