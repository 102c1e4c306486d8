/** What applying a plan is asked with, what it shows meanwhile, and what came of it. */
import type { Policy } from '#apis/policy/matching.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { Random } from '#world/random/random.ts';
import type { MigrationPlan, PlannedObject } from '../model.ts';
import type { Source } from '../reading/inventory.ts';
import type { MigrationRecord, WaveRecord } from '../record/record.ts';
import type { RollbackResult, RollbackTask } from '../rollback/options.ts';
import type { CheckOptions } from './check.ts';
import type { Harm } from './pods.ts';
import type { ApplySettings, LeftOut, Schedule } from './schedule.ts';

/** What a person sees of it; handed out often. */
export interface ApplyView {
  readonly waves: readonly WaveRecord[];
  /** The wave at work; undefined while the plan is looked at as a whole. */
  readonly wave: number | undefined;
  readonly doing: string;
  readonly failed: readonly Harm[];
}

export interface ApplyOptions {
  readonly plan: MigrationPlan;
  /** SHA-256 of plan.yaml. */
  readonly hash: string;
  /** As the folder has it now; a Secret's without its data. */
  readonly templateOf: (object: PlannedObject) => UnstructuredObject;
  /** By wave, as the folder has them now. */
  readonly policies: ReadonlyMap<number, readonly Policy[]>;
  readonly control: Source;
  readonly from: CheckOptions['from'];
  /** The plan's other clusters; undefined for one that nobody here can reach. Absent: nothing is in them. */
  readonly member?: (cluster: string) => Promise<Source | undefined>;
  readonly interpreter: CheckOptions['interpreter'];
  readonly isAsBefore?: CheckOptions['isAsBefore'];
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: ApplySettings;
  readonly holder: string;
  readonly isDead: (holder: string) => boolean;
  readonly stopping: () => boolean;
  /** Asked once, before the first write. `edited`: objects whose templates are not the plan's any more. */
  readonly confirm: (schedule: Schedule, edited: readonly PlannedObject[]) => Promise<boolean>;
  /** Keeps what is there before the first write. `begun`: an earlier run has written already, and kept it then. */
  readonly keepEvidence?: (begun: boolean) => Promise<void>;
  /** Takes a wave back, as `migrate rollback --wave` does; absent: a person is to do it. */
  readonly rollBack?: (wave: number, task: RollbackTask) => Promise<RollbackResult>;
  readonly show: (view: ApplyView) => void;
  /** A line worth keeping. */
  readonly tell: (text: string) => void;
}

/** `record`: as it was left. */
export interface Ended {
  /** `rolling-back`: as far as it goes now, for a cluster is away, or somebody asked to stop. */
  readonly is: 'applied' | 'paused' | 'failed' | 'rolling-back' | 'rolled-back';
  readonly record: MigrationRecord;
  readonly why?: string;
  readonly leftOut: readonly LeftOut[];
}

export type Outcome =
  | Ended
  /** By an earlier run. */
  | { readonly is: 'already'; readonly record: MigrationRecord }
  | { readonly is: 'declined' };
