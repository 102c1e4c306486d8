/** What `why` tells of an object: each step of its way to the members, and the first of them that blocks. */

/** A command that mends, and what it does. */
export interface Mend {
  readonly does: string;
  readonly command: string;
}

export interface Block {
  /** One sentence: what blocks, and why. */
  readonly sentence: string;
  readonly mend: Mend;
}

/** In the order in which a template passes them. */
export type StepName =
  | 'origin'
  | 'template'
  | 'policy'
  | 'ready'
  | 'taints'
  | 'candidate'
  | 'binding'
  | 'schedule'
  | 'cluster'
  | 'required by'
  | 'overrides'
  | 'work'
  | 'member'
  | 'status';

export interface Step {
  readonly step: StepName;
  /** `note`: worth knowing, neither good nor bad. */
  readonly is: 'good' | 'bad' | 'note';
  readonly text: string;
  readonly block?: Block;
  readonly below?: readonly Step[];
}

export interface Subject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

export interface Why {
  readonly object: Subject;
  /** Who made what was asked about, from the nearest maker on: a Pod's ReplicaSet, its Deployment. */
  readonly madeBy?: readonly string[];
  /** Absent where nothing blocks. */
  readonly blocked?: Block;
  readonly walk: readonly Step[];
}

export const good = (step: StepName, text: string, below: readonly Step[] = []): Step => ({
  step,
  is: 'good',
  text,
  ...(below.length > 0 ? { below } : {}),
});

export const note = (step: StepName, text: string, below: readonly Step[] = []): Step => ({
  ...good(step, text, below),
  is: 'note',
});

/** `text` absent: the block's sentence says it all. */
export const bad = (step: StepName, block: Block, text = block.sentence, below: readonly Step[] = []): Step => ({
  ...good(step, text, below),
  is: 'bad',
  block,
});

/** The first block on the way, what is below a step before what comes after it. */
export function firstBlock(steps: readonly Step[]): Block | undefined {
  for (const { block, below = [] } of steps) {
    const found = block ?? firstBlock(below);
    if (found) return found;
  }
  return undefined;
}
