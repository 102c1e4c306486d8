/** What becomes of one object: asked of the flow's own plans and of the member, by a dry run of the exact write. */
import type { Policy } from '#apis/policy/matching.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { DiscoveredResource } from '#client/mapper/mapper.ts';
import { fieldManager } from '#flow/4-execute/plan/managers.ts';
import type { WritePlan } from '#flow/4-execute/plan.ts';
import type { Interpreter } from '#interpreter/interpreter.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { StatusError } from '#kube/status/status.ts';
import type { Verdict } from '../model.ts';
import { policiesFor } from './policies.ts';
import { verdictOf } from './verdict.ts';
import { type ExactWriteInput, exactWrite } from './write.ts';

/** One object in a member, and how it is written to. */
export interface WriteTarget {
  readonly cluster: string;
  readonly client: ApiClient;
  readonly resource: DiscoveredResource;
  readonly live: UnstructuredObject;
  readonly kind: KindDefinition;
}

export interface DecideInput extends WriteTarget {
  readonly template: UnstructuredObject;
  readonly interpreter: Interpreter;
  /** By which it is propagated; as a plan's does when absent. */
  readonly policy?: Policy;
  readonly rendered?: ExactWriteInput['rendered'];
}

export interface Foreseen {
  readonly verdict: Verdict;
  /** As the member would hold it; absent where nothing but who owns its fields would change, or nothing is written. */
  readonly answer?: UnstructuredObject;
}

export const decide = async (input: DecideInput): Promise<Verdict> => (await foresee(input)).verdict;

function planPolicy(cluster: string, { apiVersion, kind, metadata }: UnstructuredObject): Policy {
  const { namespace, name } = metadata;
  const selected = { apiVersion, kind, name: name!, ...(namespace ? { namespace } : {}) };
  return policiesFor({ plan: 'plan', wave: 1, clusters: [cluster], objects: [selected] })[0]!;
}

export async function foresee(input: DecideInput): Promise<Foreseen> {
  const { cluster, live, template, kind, interpreter, rendered } = input;
  const policy = input.policy ?? planPolicy(cluster, template);
  const asked = { cluster, live, template, policy, kind, interpreter };
  return foreseeWrite(input, await exactWrite({ ...asked, ...(rendered ? { rendered } : {}) }));
}

export const verdictOfWrite = async (input: WriteTarget, plan: WritePlan): Promise<Verdict> =>
  (await foreseeWrite(input, plan)).verdict;

/** What the member answers to a dry run of this write. */
async function foreseeWrite(input: WriteTarget, plan: WritePlan): Promise<Foreseen> {
  const { cluster, live, kind } = input;
  if (plan.action === 'refuse') return { verdict: { is: 'blocked', reason: plan.why } };
  try {
    const answer = await dryRun(input, plan);
    return answer ? { verdict: verdictOf({ live, answer, kind }), answer } : { verdict: { is: 'adopt' } };
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return { verdict: { is: 'blocked', reason: `${cluster} would refuse the write: ${error.message}` } };
  }
}

/** The object as the member would hold it; undefined where only who owns its fields would change. */
async function dryRun(
  { client, resource, live }: WriteTarget,
  plan: WritePlan,
): Promise<UnstructuredObject | undefined> {
  const { uid } = live.metadata;
  const target = client.resource(resource);
  const options = { fieldManager, dryRun: true };
  switch (plan.action) {
    case 'apply': {
      const config = { ...plan.config, metadata: { ...plan.config.metadata, uid } };
      return (await target.apply(config as UnstructuredObject, { ...options, force: true })) as UnstructuredObject;
    }
    case 'update':
      return (await target.update(plan.object, options)) as UnstructuredObject;
    default:
      return undefined;
  }
}
