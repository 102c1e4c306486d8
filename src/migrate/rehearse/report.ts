/** What a rehearsal found, and what it comes to. Pure. */
import type { Difference } from '../evidence/compare.ts';
import type { Calls } from './sandbox.ts';

export type StepName = 'apply' | 'verify' | 'failover' | 'rollback';

export type Found = Difference;

export interface Step {
  readonly step: StepName;
  /** In a few words: `applied`, `26 of 26 proven`. */
  readonly outcome: string;
  /** By server, the control plane first. */
  readonly calls: Readonly<Record<string, Calls>>;
  /** How long it takes when every server is asked so many times in a second; they are asked at the same time. */
  readonly seconds: number;
  /** What is not as it was before the rehearsal and was in the step before. */
  readonly found: readonly Found[];
}

/** An object, and why: `Deployment shop/web`. */
export interface Reason {
  readonly object: string;
  readonly why: string;
}

/** By cluster, with the replicas that it has there where it has any. */
export type Replicas = Readonly<Record<string, number | undefined>>;

export interface Moved {
  readonly object: string;
  readonly from: Replicas;
  readonly to: Replicas;
}

/** A cluster was lost, and came back. */
export interface Loss {
  readonly cluster: string;
  /** Whether workloads were to leave it. */
  readonly evicts: boolean;
  /** Objects that are still meant to be there. */
  readonly unreachable: number;
  /** What keeps those there; absent where there are none. */
  readonly why?: string;
  readonly moved: readonly Moved[];
  /** What has no place, or not enough. */
  readonly stranded: readonly Reason[];
}

export interface Rehearsal {
  readonly plan: string;
  readonly cluster: string;
  readonly clusters: readonly string[];
  /** Taken from the real clusters; Pods among them. */
  readonly loaded: { readonly objects: number; readonly pods: number };
  readonly objects: number;
  /** API calls of a second. */
  readonly rate: number;
  readonly steps: readonly Step[];
  /** What apply would leave out or refuse. */
  readonly refused: readonly Reason[];
  readonly unmanaged: readonly Reason[];
  /** Absent where the plan has one cluster, and none was to be lost. */
  readonly loss?: Loss;
  /** What rollback leaves behind. */
  readonly left: readonly Reason[];
  /** What could not be rehearsed as it is. */
  readonly notes: readonly string[];
}

export const restartsOf = ({ steps }: Pick<Rehearsal, 'steps'>): readonly Found[] =>
  steps.flatMap(({ found }) => found.filter(({ is }) => is === 'restart'));

/** Nothing restarted, everything came under management, nothing was left behind. */
export const isClean = (rehearsal: Rehearsal): boolean =>
  rehearsal.steps.some(({ step }) => step === 'rollback') &&
  restartsOf(rehearsal).length === 0 &&
  rehearsal.refused.length === 0 &&
  rehearsal.unmanaged.length === 0 &&
  rehearsal.left.length === 0;

/** Events are sent beside the work and hold nothing up. */
const total = (calls: Calls): number =>
  Object.entries(calls).reduce((sum, [verb, count]) => (verb === 'event' ? sum : sum + count), 0);

/** Without events. */
export const totalCalls = (calls: Readonly<Record<string, Calls>>): number =>
  Object.values(calls).reduce((sum, each) => sum + total(each), 0);

/** What was asked between two counts. */
export function callsBetween(
  before: ReadonlyMap<string, Calls>,
  after: ReadonlyMap<string, Calls>,
): Readonly<Record<string, Calls>> {
  return Object.fromEntries(
    [...after].map(([server, calls]) => {
      const known = before.get(server) ?? {};
      const added = Object.entries(calls).map(([verb, count]) => [verb, count - (known[verb] ?? 0)] as const);
      return [server, Object.fromEntries(added.filter(([, count]) => count > 0))];
    }),
  );
}

export const secondsAt = (calls: Readonly<Record<string, Calls>>, rate: number): number =>
  Math.ceil(Math.max(0, ...Object.values(calls).map(total)) / rate);

const identity = ({ cluster, is, object, what }: Found): string => [cluster, is, object, what].join('\n');

export function newlyFound(found: readonly Found[], known: readonly Found[]): readonly Found[] {
  const before = new Set(known.map(identity));
  return found.filter((each) => each.is !== 'note' && !before.has(identity(each)));
}
