/** `promote`: objects that run in a member get a template and a policy in the control plane (compatibility.md section 10). */
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import { ClusterOverridePolicyKind } from '#apis/policy/cluster-override-policy.ts';
import { ClusterPropagationPolicyKind } from '#apis/policy/cluster-propagation-policy.ts';
import type { Policy } from '#apis/policy/matching.ts';
import { OverridePolicyKind } from '#apis/policy/override-policy.ts';
import type { AnyOverridePolicy } from '#apis/policy/overrides/select.ts';
import { PropagationPolicyKind } from '#apis/policy/propagation-policy.ts';
import type { TypedResource } from '#client/api-client.ts';
import { listAll } from '#client/list-all.ts';
import { restMapper } from '#client/mapper/mapper.ts';
import { apiVersionOf } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import type { PromoteOptions } from '#migrate/promote/promotion.ts';
import type { Call } from '../command.ts';
import { openCluster } from '../connection/cluster.ts';
import { type OpenInterpreter, openInterpreter } from '../connection/interpreter.ts';
import { kindsIn } from '../connection/meaning.ts';
import { openMember } from '../connection/member.ts';
import { openSession, type Session } from '../connection/session.ts';
import { CommandError, SourceError } from '../failure.ts';
import { selectObjects } from '../targets/select.ts';
import { promoteAll } from './promote/each.ts';

export async function run(call: Call): Promise<number> {
  const { around } = call;
  check(call);
  const controlPlane = await openSession(call);
  const cluster = await joinedCluster(call, controlPlane);
  const member = await memberOf(call, controlPlane, cluster);
  const { found, failures } = await selectObjects(call, { ...controlPlane, ...member });
  const failed = failures.map(
    (error) => new SourceError(`failed to get resource in cluster(${call.flags.text('cluster')})`, error),
  );
  if (call.flags.given('policy-name') && found.length > 1)
    throw new CommandError(
      `--policy-name names one policy, and ${found.length} objects would have to share it; leave it out`,
    );
  const kinds = await kindsIn(call, member);
  let interpreter: OpenInterpreter | undefined;
  try {
    interpreter = await openInterpreter(around, controlPlane);
    const options = { ...(await standingIn(controlPlane)), ...wanted(call), control: controlPlane, interpreter };
    return await promoteAll(call, { ...options, member: { ...member, cluster, kindOf: kinds.kindOf } }, found, failed);
  } finally {
    interpreter?.stop();
    kinds.stop();
  }
}

function check({ flags, words }: Call): void {
  if (flags.text('cluster') === '')
    throw new CommandError('the cluster cannot be empty: give -C CLUSTER, where it runs');
  if (!['', 'json', 'yaml'].includes(flags.text('output')))
    throw new CommandError('invalid output format: supported formats are json and yaml');
  const named = words.length > 1 || words.some((word) => word.includes('/'));
  const chosen = flags.text('selector') !== '' && words.length > 0;
  if (!named && !chosen && flags.texts('filename').length === 0)
    throw new CommandError(
      'which objects? give TYPE NAME …, TYPE -l SELECTOR, or -f FILE: nothing is promoted by its type alone',
    );
  if (flags.texts('filename').length > 0 && words.length > 0)
    throw new CommandError('give names or -f FILE, not both: a file says by itself what it names');
  if (flags.given('policy-name') && !flags.on('auto-create-policy'))
    throw new CommandError('--policy-name is for a policy that is made, and --auto-create-policy=false makes none');
}

const wanted = ({ flags }: Call): Pick<PromoteOptions, 'along' | 'withPolicy' | 'policyName'> => ({
  along: flags.on('closure') ? 'closure' : flags.on('dependencies') ? 'dependencies' : 'nothing',
  withPolicy: flags.on('auto-create-policy'),
  policyName: flags.text('policy-name'),
});

async function joinedCluster({ around, flags }: Call, { client }: Session): Promise<Cluster> {
  const name = flags.text('cluster');
  try {
    return await client.resource<Cluster>(ClusterKind).get({ name });
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
    throw new CommandError(
      `cluster ${name} is not joined, so nothing could be propagated to it; join it first: ${around.program} join ${name}`,
    );
  }
}

/** By the flags, else as the kubeconfig or the Cluster itself says. */
async function memberOf(call: Call, controlPlane: Session, { metadata }: Cluster) {
  const { around, flags } = call;
  const asked = flags.text('cluster-kubeconfig') !== '' || flags.text('cluster-context') !== '';
  if (!asked) {
    const { client, mapper } = await openCluster(call, controlPlane, metadata.name!);
    return { client, mapper };
  }
  const { client } = (await openMember(call))!;
  return { client, mapper: restMapper(client, { clock: around.clock }) };
}

/** Policies of the control plane that have a say. */
async function standingIn({ client }: Session): Promise<Pick<PromoteOptions, 'policies' | 'overridePolicies'>> {
  // Items of a list do not say their kind.
  const all = async <T extends KubeObject>(kind: TypedResource<T>) =>
    (await listAll(client, kind)).map((item) => ({ ...item, apiVersion: apiVersionOf(kind), kind: kind.kind }));
  const [policies, wide, overrides, wideOverrides] = await Promise.all([
    all(PropagationPolicyKind),
    all(ClusterPropagationPolicyKind),
    all(OverridePolicyKind),
    all(ClusterOverridePolicyKind),
  ]);
  return {
    policies: [...policies, ...wide] as readonly Policy[],
    overridePolicies: [...overrides, ...wideOverrides] as readonly AnyOverridePolicy[],
  };
}
