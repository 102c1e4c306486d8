/** The clusters of a plan, as a rollback reaches them. */
import { Namespaces } from '#apis/kubernetes/types.ts';
import { isReason } from '#kube/status/status.ts';
import type { MigrationPlan } from '#migrate/model.ts';
import type { Source } from '#migrate/reading/inventory.ts';
import type { LookOptions } from '#migrate/rollback/options.ts';
import type { Call } from '../../command.ts';
import { openCluster } from '../../connection/cluster.ts';
import type { Session } from '../../connection/session.ts';
import { CommandError } from '../../failure.ts';

/** Each cluster is opened once. One that nobody here can reach is no reason to keep what the others hold. */
export function memberOf(call: Call, control: Session, { spec }: MigrationPlan): LookOptions['member'] {
  const opened = new Map<string, Promise<Source | undefined>>();
  const open = async (name: string): Promise<Source | undefined> => {
    try {
      const cluster = await openCluster(call, control, name);
      if (name === spec.from.cluster) await checkIdentity(cluster, spec.from);
      return cluster;
    } catch (error) {
      if (error instanceof OtherCluster || !isUnreachable(error)) throw error;
      return undefined;
    }
  };
  return (name) => {
    const known = opened.get(name) ?? open(name);
    opened.set(name, known);
    return known;
  };
}

class OtherCluster extends CommandError {}

const isUnreachable = (error: unknown): boolean =>
  error instanceof CommandError || isReason(error, 'ServiceUnavailable') || isReason(error, 'Timeout');

async function checkIdentity({ client }: Source, from: MigrationPlan['spec']['from']): Promise<void> {
  const { uid } = (await client.resource(Namespaces).get({ name: 'kube-system' })).metadata;
  if (uid === from.id) return;
  throw new OtherCluster(
    `${from.cluster} is another cluster than the plan was made of; name the right one so in the kubeconfig, or leave it out of it`,
  );
}
