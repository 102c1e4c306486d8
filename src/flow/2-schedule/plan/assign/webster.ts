/**
 * Division of seats by votes: Webster's method (Sainte-Laguë). Each seat goes to the largest votes / (2 seats + 1); then
 * to who has fewer seats; then by name, ascending or descending.
 */
export interface Party {
  readonly name: string;
  readonly votes: number;
}

interface Seated extends Party {
  seats: number;
  /** Divided and not cross-multiplied: equal fractions are equal numbers, and no product grows beyond a number. */
  quotient: number;
}

const withSeats = ({ name, votes }: Party, seats: number): Seated => ({
  name,
  votes,
  seats,
  quotient: votes / (2 * seats + 1),
});

/** Whether the next seat goes to `left` rather than to `right`. */
function precedes(left: Seated, right: Seated, descending: boolean): boolean {
  if (left.quotient !== right.quotient) return left.quotient > right.quotient;
  if (left.seats !== right.seats) return left.seats < right.seats;
  return left.name < right.name !== descending;
}

/** Restores the heap below `index`: the party the next seat goes to is at its top. */
function sift(heap: Seated[], start: number, descending: boolean): void {
  let index = start;
  for (;;) {
    let first = index;
    for (let child = 2 * index + 1; child <= 2 * index + 2 && child < heap.length; child++) {
      if (precedes(heap[child]!, heap[first]!, descending)) first = child;
    }
    if (first === index) return;
    const moved = heap[index]!;
    heap[index] = heap[first]!;
    heap[first] = moved;
    index = first;
  }
}

/**
 * Seats every party has after `seats` were dealt; parties without votes get none. However many seats there are, only
 * about as many as there are parties are dealt one by one: all whose quotient is above that of a divisor which cannot
 * give more than there are come before any other.
 */
export function webster(seats: number, parties: readonly Party[], descending: boolean): ReadonlyMap<string, number> {
  const voted = parties.filter(({ votes }) => votes > 0);
  if (voted.length === 0) return new Map();
  const votes = voted.reduce((sum, party) => sum + party.votes, 0);
  // Rounding gives each party at most half a seat more than its votes times this; the rest is for rounding errors.
  const seatsPerVote = Math.max(0, seats - voted.length / 2 - 1) / votes;
  const heap = voted.map((party) => withSeats(party, Math.max(0, Math.floor(party.votes * seatsPerVote - 0.5))));
  for (let index = (heap.length >> 1) - 1; index >= 0; index--) sift(heap, index, descending);
  const dealt = heap.reduce((sum, party) => sum + party.seats, 0);
  for (let left = seats - dealt; left > 0; left--) {
    const first = heap[0]!;
    first.seats++;
    first.quotient = first.votes / (2 * first.seats + 1);
    sift(heap, 0, descending);
  }
  return new Map(heap.map((party) => [party.name, party.seats]));
}
