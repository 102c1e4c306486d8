/** `unjoin`: a cluster leaves; what runs in it stays unless told otherwise. */
import type { Call } from '../command.ts';
import { clusterName, openMember } from '../connection/member.ts';
import { openSession } from '../connection/session.ts';

export async function run(call: Call): Promise<number> {
  const { around, flags } = call;
  const name = clusterName(call);
  const member = await openMember(call);
  const { client: controlPlane } = await openSession(call);
  const { unjoin } = await import('#app/join.ts');
  if (!flags.on('dry-run')) {
    await unjoin({
      name,
      controlPlane,
      ...(member ? { member: member.client } : {}),
      namespace: flags.text('cluster-namespace'),
      deleteWorkloads: flags.on('delete-workloads'),
      waitMs: flags.milliseconds('wait'),
      clock: around.clock,
    });
  }
  around.output.write(`cluster(${name}) is unjoined successfully${flags.on('dry-run') ? ' (dry run)' : ''}\n`);
  return 0;
}
