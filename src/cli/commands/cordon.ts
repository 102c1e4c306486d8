/** `cordon` and `uncordon`: nothing new is scheduled to the cluster, or it is again. */
import { unschedulable } from '#apis/names/taints.ts';
import type { Run } from '../command.ts';
import { openSession } from '../connection/session.ts';
import { CommandError } from '../failure.ts';
import { isSameTaint, taintsOf, writeTaints } from '../targets/clusters.ts';

const taint = { key: unschedulable, effect: 'NoSchedule' };

export const cordoner =
  (command: 'cordon' | 'uncordon'): Run =>
  async (call) => {
    const { around, flags, words } = call;
    const [name, ...more] = words;
    if (name === undefined) throw new CommandError('cluster name is required');
    if (more.length > 0) throw new CommandError('more than one cluster name is not supported');
    const session = await openSession(call);
    const taints = await taintsOf(session, name);
    const others = taints.filter((each) => !isSameTaint(each, taint));
    const wanted = command === 'cordon' ? [...others, taint] : others;
    if (wanted.length === taints.length) {
      around.output.write(`${name} cluster already ${command}ed\n`);
      return 0;
    }
    if (!flags.on('dry-run')) await writeTaints(session, name, wanted);
    around.output.write(`${name} cluster ${command}ed\n`);
    return 0;
  };
