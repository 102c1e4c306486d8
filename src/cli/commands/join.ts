/** `join`: a cluster comes under management. */
import type { Call } from '../command.ts';
import { clusterName, openMember } from '../connection/member.ts';
import { openSession } from '../connection/session.ts';
import { CommandError } from '../failure.ts';

export async function run(call: Call): Promise<number> {
  const { around, flags } = call;
  const name = clusterName(call);
  const member = await openMember(call);
  if (!member)
    throw new CommandError(
      'which cluster? give --cluster-kubeconfig FILE, or --cluster-context NAME of this kubeconfig',
    );
  const { client: controlPlane, access } = await openSession(call);
  if (access.server === member.access.server)
    throw new CommandError(`context "${member.context}" is the control plane itself: it cannot be its own member`);
  const { join } = await import('#app/join.ts');
  if (!flags.on('dry-run')) {
    await join({
      name,
      controlPlane,
      member: member.client,
      endpoint: { url: member.access.server, ...(member.access.insecureSkipTlsVerify ? { insecure: true } : {}) },
      namespace: flags.text('cluster-namespace'),
      provider: flags.text('cluster-provider'),
      region: flags.text('cluster-region'),
      zones: flags.texts('cluster-zones'),
      clock: around.clock,
    });
  }
  around.output.write(`cluster(${name}) is joined successfully${flags.on('dry-run') ? ' (dry run)' : ''}\n`);
  return 0;
}
