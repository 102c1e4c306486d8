/** How many seats a request is worth, guessed before it is executed. Pure. */
import type { Verb } from '#kube/request/request.ts';
import { narrow, type Width } from './seat.ts';

/** kube-apiserver gives a seat for 100 kB; at 2 kB an object, which is what objects take here on average. */
const objectsPerSeat = 50;
/** kube-apiserver's: a list is written out in pieces, so that more objects do not take more memory at once. */
const widestList = 10;
const widestWrite = 10;
const watchersPerSeat = 10;
/** What telling ten watchers takes, in kube-apiserver's estimate. */
const watchersMs = 5;

export interface Asked {
  readonly verb: Verb;
  /** Of the resource, whatever the namespace. */
  readonly stored: number;
  readonly limit: number;
  /** The selector names one object. */
  readonly single: boolean;
  /** A watch begins with what there is. */
  readonly initial: boolean;
  readonly watchers: number;
}

export function widthOf({ verb, stored, limit, single, initial, watchers }: Asked, widest: number): Width {
  if (verb === 'list' || (verb === 'watch' && initial)) {
    const objects = single ? 1 : limit > 0 && verb === 'list' ? Math.min(limit, stored) : stored;
    const seats = Math.min(Math.ceil(objects / objectsPerSeat), widest, widestList);
    return seats <= 1 ? narrow : { seats, finalSeats: 0, extraMs: 0 };
  }
  if (verb === 'get' || verb === 'watch' || watchers < watchersPerSeat) return narrow;
  const wanted = Math.ceil(watchers / watchersPerSeat);
  const finalSeats = Math.min(wanted, widest, widestWrite);
  // The same work in a narrower and longer form where it is too wide.
  return { seats: 1, finalSeats, extraMs: (wanted * watchersMs) / finalSeats };
}
