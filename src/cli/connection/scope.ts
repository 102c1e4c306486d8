/** Which clusters a command looks at: `--operation-scope karmada|members|all` and `--clusters`. */
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import type { Call } from '../command.ts';
import { CommandError } from '../failure.ts';
import { controlPlaneCluster } from '../output/clusters.ts';
import { loadKubeconfig } from './kubeconfigs.ts';
import { type Session, sessionFor } from './session.ts';

export interface ClusterSession {
  /** `Karmada`, `member1`. */
  readonly cluster: string;
  readonly session: Session;
}

export interface Scoped {
  readonly sessions: readonly ClusterSession[];
  /** Tables say which cluster a row is from. */
  readonly showClusters: boolean;
}

const scopes = ['karmada', 'members', 'all'];

/** Under these names the columns are always there, unless a context was named as kubectl names it. */
const karmadactlNames = new Set(['karmadactl', 'kubectl-karmada']);

/**
 * The control plane first, then the members by name. `asked`: the members meant. Throws CommandError for a cluster that
 * cannot be reached by kubeconfig.
 */
export async function openScope(
  call: Call,
  session: Session,
  asked: readonly string[] = call.flags.texts('clusters'),
): Promise<Scoped> {
  const { around, flags } = call;
  const scope = flags.text('operation-scope') || (asked.length > 0 ? 'members' : 'karmada');
  if (!scopes.includes(scope))
    throw new CommandError(`invalid operation scope "${scope}": it is one of ${scopes.join(', ')}`);
  const controlPlane = { cluster: controlPlaneCluster, session };
  const asKarmadactl = karmadactlNames.has(around.program) && !flags.given('context');
  if (scope === 'karmada')
    return { sessions: [controlPlane], showClusters: asKarmadactl || flags.given('operation-scope') };
  const names = await memberNames(session, asked);
  const config = await loadKubeconfig(around, flags);
  const members = names.map((cluster) => {
    if (config.contexts.has(cluster)) return { cluster, session: sessionFor(around, flags, config, cluster) };
    throw new CommandError(
      `cluster(${cluster}) is inaccessible: no context of that name in the kubeconfig; add one, or its file to KUBECONFIG`,
    );
  });
  return { sessions: scope === 'all' ? [controlPlane, ...members] : members, showClusters: true };
}

/** Those asked for, all of which must be joined; else every cluster that is. */
async function memberNames(session: Session, asked: readonly string[]): Promise<readonly string[]> {
  const { items } = await session.client.resource<Cluster>(ClusterKind).list();
  const joined = items.map(({ metadata }) => metadata.name!).sort();
  const unknown = asked.filter((name) => !joined.includes(name));
  if (unknown.length > 0) throw new CommandError(`clusters don't exist: ${unknown.join(',')}`);
  return asked.length > 0 ? asked : joined;
}
