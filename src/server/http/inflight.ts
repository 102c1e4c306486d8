/** How many requests may be under way at once, reads and writes apart; beyond that 429 and "come again". */

import type { UserInfo, Verb } from '#kube/request/request.ts';
import { tooManyRequests } from '#kube/status/errors.ts';

const inflightLimits = {
  /** kube-apiserver's --max-requests-inflight: 400 answers of at most 1 MB in slices are under 400 MB. */
  readonly: 400,
  /** kube-apiserver's --max-mutating-requests-inflight: 200 bodies of at most 3 MiB are 600 MiB. */
  mutating: 200,
} as const;

const reads: ReadonlySet<Verb> = new Set<Verb>(['get', 'list', 'watch']);

export interface Inflight {
  /** Takes a place and answers how to give it back. Throws TooManyRequests. */
  readonly enter: (verb: Verb, user: UserInfo) => () => void;
  readonly count: () => { readonly readonly: number; readonly mutating: number };
}

const free = () => {};

export function createInflight(
  limits: { readonly readonly: number; readonly mutating: number } = inflightLimits,
): Inflight {
  const busy = { readonly: 0, mutating: 0 };
  const leave = {
    readonly: () => {
      busy.readonly--;
    },
    mutating: () => {
      busy.mutating--;
    },
  };
  return {
    enter: (verb, user) => {
      // Watches last for hours and are bounded by connections; system:masters is never turned away, so that an
      // overloaded server can be repaired.
      if (verb === 'watch' || user.groups.includes('system:masters')) return free;
      const kind = reads.has(verb) ? 'readonly' : 'mutating';
      if (busy[kind] >= limits[kind]) throw tooManyRequests('too many requests, please try again later', 1);
      busy[kind]++;
      return leave[kind];
    },
    count: () => ({ ...busy }),
  };
}
