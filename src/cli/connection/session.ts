/** One cluster a command talks to, as one user: its client, its discovery, the namespace that counts. */
import type { ApiClient } from '#client/api-client.ts';
import { type HttpClient, httpClient } from '#client/http.ts';
import { type ClusterAccess, type Kubeconfig, resolveContext } from '#client/kubeconfig.ts';
import { type RestMapper, restMapper } from '#client/mapper/mapper.ts';
import { createShortLivedAgent } from '#world/network/short-lived-agent.ts';
import type { Flags } from '#world/process/flags.ts';
import { outputOf } from '#world/process/run.ts';
import type { Call } from '../command.ts';
import type { Surroundings } from '../surroundings.ts';
import { chooseContext, loadKubeconfig } from './kubeconfigs.ts';

/** What it takes to find objects that words and manifests name. */
export interface Looked {
  readonly client: ApiClient;
  readonly mapper: RestMapper;
  /** Of the flag, else of the context, else `default`. */
  readonly namespace: string;
  /** The flag was given: objects of other namespaces are refused. */
  readonly namespaceGiven: boolean;
}

export interface Session extends Looked {
  readonly context: string;
  readonly access: ClusterAccess;
  readonly client: HttpClient;
}

/** The session the flags ask for. */
export async function openSession({ around, flags }: Call): Promise<Session> {
  const config = await loadKubeconfig(around, flags);
  return sessionFor(around, flags, config, flags.text('context') || flags.text('karmada-context'));
}

/** A session over one context of a kubeconfig; '' for the one that is meant when none is named. */
export function sessionFor(around: Surroundings, flags: Flags, config: Kubeconfig, context: string): Session {
  const resolved = resolveContext(config, chooseContext(config, context));
  const user = flags.text('as');
  const groups = flags.texts('as-group');
  const access = user === '' ? resolved.access : { ...resolved.access, impersonate: { user, groups } };
  const client = clientFor(around, resolved.name, access);
  return {
    context: resolved.name,
    access,
    namespace: flags.text('namespace') || resolved.namespace,
    namespaceGiven: flags.text('namespace') !== '',
    client,
    mapper: restMapper(client, { clock: around.clock }),
  };
}

export function clientFor({ clock, disk, program }: Surroundings, name: string, config: ClusterAccess): HttpClient {
  return httpClient({
    name,
    config,
    clock,
    disk,
    runCommand: outputOf,
    userAgent: program,
    createAgent: createShortLivedAgent,
  });
}
