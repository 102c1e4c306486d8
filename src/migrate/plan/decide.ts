/** What becomes of one object: asked of the flow's own plans and of the member, by a dry run of the exact writes. */
import type { Policy } from '#apis/policy/matching.ts';
import { RuleFailed } from '#apis/policy/overrides/override.ts';
import type { Interpreter } from '#interpreter/interpreter.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import type { Verdict } from '../model.ts';
import { policyOf } from '../policies.ts';
import { type Foreseen, foreseeWrites, type WriteTarget } from './foresee.ts';
import { type ExactWriteInput, exactWrites } from './write.ts';

export interface DecideInput extends WriteTarget, Pick<ExactWriteInput, 'stated' | 'rules'> {
  readonly template: UnstructuredObject;
  readonly interpreter: Interpreter;
  /** By which it is propagated; as a plan's does when absent. */
  readonly policy?: Policy;
}

export const decide = async (input: DecideInput): Promise<Verdict> => (await foresee(input)).verdict;

export async function foresee(input: DecideInput): Promise<Foreseen> {
  const policy = input.policy ?? policyOf('plan', input.template, input.cluster);
  try {
    return await foreseeWrites(input, await exactWrites({ ...input, policy }));
  } catch (error) {
    if (!(error instanceof RuleFailed)) throw error;
    return { verdict: { is: 'blocked', reason: `its overrides cannot be applied: ${error.message}` } };
  }
}
