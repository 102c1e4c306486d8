/** What rolling back is asked with, what it shows meanwhile, and what came of it. */
import type { KindFinder } from '#client/kinds.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { Random } from '#world/random/random.ts';
import type { MigrationPlan, PlannedObject } from '../model.ts';
import type { Source } from '../reading/inventory.ts';
import type { Copy } from '../record/record.ts';
import type { WaveOfObjects } from './scope.ts';

export interface LookOptions {
  readonly plan: MigrationPlan;
  readonly control: Source;
  /** Undefined for a cluster that nobody here can reach. */
  readonly member: (cluster: string) => Promise<Source | undefined>;
  readonly kindOf: KindFinder;
  readonly clock: Clock;
  readonly random: Random;
  /** What the plan made in other clusters is to go; otherwise it stays there, let go. */
  readonly removeCopies: boolean;
}

export interface RollbackOptions extends LookOptions {
  /** In the order in which they are rolled back. */
  readonly waves: readonly WaveOfObjects[];
  /** All that the plan has: what it made besides its objects goes too. */
  readonly whole: boolean;
  /** Without any progress for this long, what is not let go has failed. */
  readonly timeoutMs: number;
  readonly stopping: () => boolean;
  /** Called before each write; what it throws ends it there. */
  readonly mayWrite: () => void;
  /** Copies an earlier run was about to delete. */
  readonly copies: readonly Copy[];
  /** Keeps these for a later run, in place of what was kept. */
  readonly keepCopies: (copies: readonly Copy[]) => Promise<unknown>;
  readonly show: (done: number, total: number, doing: string) => void;
  readonly begun: (wave: WaveOfObjects) => Promise<unknown>;
  /** A batch has come to its end: worth a line in the record. */
  readonly settled: (wave: number, results: readonly RolledBack[]) => Promise<unknown>;
}

/** What a rollback is given by who works on the migration already. */
export type RollbackTask = Pick<
  RollbackOptions,
  'mayWrite' | 'stopping' | 'show' | 'removeCopies' | 'copies' | 'keepCopies'
>;

export interface RolledBack {
  readonly object: PlannedObject;
  /**
   * `untouched`: it was not taken over, or had been rolled back before. `waiting`: for a cluster that is away.
   * `failed`: something of ours is left in a cluster that answers.
   */
  readonly is: 'restored' | 'untouched' | 'waiting' | 'failed';
  /** Of what waits or failed. */
  readonly why?: string;
  /** What others have changed, what stays in other clusters. */
  readonly notes: readonly string[];
}

export interface RollbackResult {
  /** Asked to stop: what is not among `objects` is as it was. */
  readonly stopped: boolean;
  readonly objects: readonly RolledBack[];
}
