/** One cluster by the name people call it: a Cluster of the control plane, or a context of the kubeconfig. */
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import { Secrets } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { ClusterAccess } from '#client/kubeconfig.ts';
import { type RestMapper, restMapper } from '#client/mapper/mapper.ts';
import { distance } from '#kube/names/distance.ts';
import { isReason, StatusError } from '#kube/status/status.ts';
import type { Call } from '../command.ts';
import { CommandError } from '../failure.ts';
import { loadKubeconfig } from './kubeconfigs.ts';
import { clientFor, type Session, sessionFor } from './session.ts';

export interface NamedCluster {
  readonly name: string;
  /** It is joined: the control plane has a Cluster of that name. */
  readonly joined: boolean;
  readonly client: ApiClient;
  readonly mapper: RestMapper;
}

const decode = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : Buffer.from(text, 'base64').toString('utf8');

/** Undefined where there is no Cluster of that name, or no control plane that answers. */
async function clusterNamed({ client }: Session, name: string): Promise<Cluster | undefined> {
  try {
    return await client.resource<Cluster>(ClusterKind).get({ name });
  } catch (error) {
    if (isReason(error, 'NotFound') || !(error instanceof StatusError)) return undefined;
    if (isReason(error, 'ServiceUnavailable')) return undefined;
    throw error;
  }
}

/** As the control plane itself reaches it: with the token that joining left. */
async function accessOf({ client }: Session, { metadata, spec }: Cluster): Promise<ClusterAccess> {
  const { apiEndpoint, secretRef, insecureSkipTLSVerification } = spec;
  if (!apiEndpoint || !secretRef) {
    throw new CommandError(
      `cluster ${metadata.name} cannot be reached: its Cluster has no apiEndpoint or secretRef, and the kubeconfig has no context of that name`,
    );
  }
  const { data } = await client.resource(Secrets).get(secretRef);
  const [token, authority] = [decode(data?.token), decode(data?.caBundle)];
  return {
    server: apiEndpoint.replace(/\/+$/, ''),
    ...(token ? { token } : {}),
    ...(insecureSkipTLSVerification ? { insecureSkipTlsVerify: true } : {}),
    ...(authority && !insecureSkipTLSVerification ? { certificateAuthority: { pem: authority } } : {}),
  } as ClusterAccess;
}

/** Of a name that is meant for another. */
const mostLettersOff = 2;

/** A context of the cluster's name goes before the Cluster's own access: it is the user's, with the user's rights. */
export async function openCluster(call: Call, controlPlane: Session, name: string): Promise<NamedCluster> {
  const { around, flags } = call;
  const cluster = await clusterNamed(controlPlane, name);
  const config = await loadKubeconfig(around, flags);
  const joined = cluster !== undefined;
  if (config.contexts.has(name)) {
    const { client, mapper } = sessionFor(around, flags, config, name);
    return { name, joined, client, mapper };
  }
  if (!cluster) {
    const contexts = [...config.contexts.keys()];
    const near = contexts
      .filter((each) => distance(each, name) <= mostLettersOff)
      .sort((a, b) => distance(a, name) - distance(b, name))[0];
    const hint = near ? `did you mean ${near}?` : `contexts are: ${contexts.join(', ')}`;
    throw new CommandError(`there is no Cluster "${name}" and no context of that name; ${hint}`);
  }
  const client = clientFor(around, name, await accessOf(controlPlane, cluster));
  return { name, joined, client, mapper: restMapper(client, { clock: around.clock }) };
}
