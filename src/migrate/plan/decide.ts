/** What becomes of one object: asked of the flow's own plans and of the member, by a dry run of the exact write. */
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
import { exactWrite } from './write.ts';

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
}

export async function decide(input: DecideInput): Promise<Verdict> {
  const { cluster, live, template, kind, interpreter } = input;
  const { apiVersion, kind: kindName, metadata } = template;
  const { namespace, name } = metadata;
  const selected = { apiVersion, kind: kindName, name: name!, ...(namespace ? { namespace } : {}) };
  const [policy] = policiesFor({ plan: 'plan', wave: 1, clusters: [cluster], objects: [selected] });
  const plan = await exactWrite({ cluster, live, template, policy: policy!, kind, interpreter });
  return verdictOfWrite(input, plan);
}

/** What the member answers to a dry run of this write. */
export async function verdictOfWrite(input: WriteTarget, plan: WritePlan): Promise<Verdict> {
  const { cluster, live, kind } = input;
  if (plan.action === 'refuse') return { is: 'blocked', reason: plan.why };
  try {
    const answer = await dryRun(input, plan);
    return answer ? verdictOf({ live, answer, kind }) : { is: 'adopt' };
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return { is: 'blocked', reason: `${cluster} would refuse the write: ${error.message}` };
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
