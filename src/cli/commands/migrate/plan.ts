/** `migrate plan`: what taking a running cluster over would do, written to a folder and told. Exit code 2: something is refused. */
import { basename, resolve } from 'node:path';
import { ClusterKind } from '#apis/cluster/cluster.ts';
import { Namespaces } from '#apis/kubernetes/types.ts';
import { isReason } from '#kube/status/status.ts';
import { toYaml } from '#kube/yaml/yaml.ts';
import { noControlPlane, readControlPlane } from '#migrate/control/control-plane.ts';
import { writePlan } from '#migrate/directory/directory.ts';
import { isAdopted, type PlanScope } from '#migrate/model.ts';
import { makePlan } from '#migrate/plan/run.ts';
import type { Call } from '../../command.ts';
import { type NamedCluster, openCluster } from '../../connection/cluster.ts';
import { interpreterIn, kindsIn } from '../../connection/meaning.ts';
import { openSession, type Session } from '../../connection/session.ts';
import { CommandError } from '../../failure.ts';
import { colours } from '../../output/colour.ts';
import { toJson } from '../../output/json.ts';
import { planReport } from '../../output/plan-report.ts';
import { liveLine } from '../../output/progress.ts';

const refusedCode = 2;

export async function run(call: Call): Promise<number> {
  const { around, flags } = call;
  const { from, to, out, output, scope } = asked(call);
  const controlPlane = await openSession(call);
  const cluster = await openCluster(call, controlPlane, from);
  await checkNamespaces(cluster, scope);
  const kinds = await kindsIn(call, cluster);
  const line = liveLine(around);
  try {
    const made = await makePlan({
      name: basename(out),
      from: { ...cluster, cluster: from, id: await idOf(cluster), kindOf: kinds.kindOf },
      to,
      scope,
      withClosure: flags.on('with-closure'),
      target: (name) => openCluster(call, controlPlane, name),
      interpreter: await interpreterIn(call, controlPlane),
      control: async (read) =>
        (await hasClusters(controlPlane)) ? readControlPlane(controlPlane, read) : noControlPlane,
      clock: around.clock,
      progress: {
        reading: (read) => line.show(`reading ${from}: ${read} objects`),
        deciding: (done, total) => line.show(`asking ${from} what would change: ${done} of ${total}`),
      },
    });
    line.clear();
    await writePlan(around.disk, out, made, flags.on('force'));
    const shown = { ...made.plan, unread: made.unread };
    if (output === 'json') around.output.write(toJson(shown));
    else if (output === 'yaml') around.output.write(toYaml(shown));
    else
      around.output.write(
        planReport(made, {
          folder: flags.text('out'),
          everySkipped: flags.on('show-skipped'),
          paint: colours(around.output.interactive, around.environment),
        }),
      );
    const refused = made.plan.objects.some((object) => !isAdopted(object) && object.verdict.is !== 'skip');
    const leftOut = made.plan.objects.some(({ verdict, overwrites }) => verdict.is === 'restart' || overwrites);
    return refused || leftOut ? refusedCode : 0;
  } finally {
    line.clear();
    kinds.stop();
  }
}

function asked({ flags }: Call) {
  const [from, out, output] = [flags.text('from'), flags.text('out'), flags.text('output')];
  if (from === '') throw new CommandError('which cluster? give --from CLUSTER, the name of a Cluster or of a context');
  if (out === '') throw new CommandError('where to? give --out DIR, a folder for the plan');
  if (!['', 'json', 'yaml'].includes(output)) throw new CommandError("--output must be 'json' or 'yaml'");
  const to = flags.texts('to').length > 0 ? flags.texts('to') : [from];
  if (!to.includes(from)) {
    throw new CommandError(`--to must name ${from} too: what runs there is taken over in place, and then spread`);
  }
  const namespaces = flags
    .text('namespace')
    .split(',')
    .filter((name) => name !== '');
  const [kinds, labelSelector] = [flags.texts('kinds'), flags.text('selector')];
  if (namespaces.length > 0 && flags.on('all-namespaces')) throw new CommandError('give -n or -A, not both');
  const scope: PlanScope = {
    ...(namespaces.length > 0 ? { namespaces } : {}),
    ...(kinds.length > 0 ? { kinds } : {}),
    ...(labelSelector ? { labelSelector } : {}),
  };
  return { from, to, out: resolve(out), output, scope };
}

/** Of a namespace that is not there nothing would be taken over, and a plan would say that all is well. */
async function checkNamespaces({ client, name: cluster }: NamedCluster, { namespaces = [] }: PlanScope): Promise<void> {
  for (const name of namespaces) {
    try {
      await client.resource(Namespaces).get({ name });
    } catch (error) {
      if (isReason(error, 'NotFound')) throw new CommandError(`there is no namespace ${name} in ${cluster}`);
      // Who may not look may still read what is in it.
      if (!isReason(error, 'Forbidden')) throw error;
    }
  }
}

/** Which cluster it is, whatever it is called: the uid of kube-system, as joining takes it. */
const idOf = async ({ client }: NamedCluster): Promise<string> =>
  (await client.resource(Namespaces).get({ name: 'kube-system' })).metadata.uid ?? '';

/** A plan can be made before there is a control plane: then the context that stands for it is some other cluster's. */
const hasClusters = async ({ mapper }: Session): Promise<boolean> => (await mapper.find(ClusterKind)) !== undefined;
