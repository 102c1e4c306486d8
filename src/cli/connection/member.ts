/** The cluster that `join` and `unjoin` are about: `--cluster-kubeconfig` and `--cluster-context`. */
import { type Kubeconfig, resolveContext } from '#client/kubeconfig.ts';
import type { Call } from '../command.ts';
import { CommandError } from '../failure.ts';
import { loadKubeconfig, readKubeconfig } from './kubeconfigs.ts';
import { clientFor, type Session } from './session.ts';

export type Member = Pick<Session, 'access' | 'client' | 'context'>;

/** Undefined where neither flag was given. */
export async function openMember({ around, flags }: Call): Promise<Member | undefined> {
  const file = flags.text('cluster-kubeconfig');
  const asked = flags.text('cluster-context');
  if (file === '' && asked === '') return undefined;
  const config: Kubeconfig = file === '' ? await loadKubeconfig(around, flags) : await readKubeconfig(around, file);
  const name = asked || config.currentContext || '';
  if (!config.contexts.has(name)) {
    const known = [...config.contexts.keys()].join(', ') || 'none';
    throw new CommandError(`no context exists with the name: "${name}" for the cluster; there are: ${known}`);
  }
  const { access } = resolveContext(config, name);
  return { context: name, access, client: clientFor(around, name, access) };
}

export function clusterName({ words }: Call): string {
  const [name, ...more] = words;
  if (name === undefined) throw new CommandError('cluster name is required');
  if (more.length > 0) throw new CommandError('more than one cluster name is not supported');
  return name;
}
