/** How the control plane reaches its members: simulated ones in the process, real ones over HTTPS with their token. */
import type { Cluster } from '#apis/cluster/cluster.ts';
import { Secrets } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { Connect } from '#fleet/access/members.ts';
import type { UserInfo } from '#kube/request/request.ts';
import { isReason } from '#kube/status/status.ts';
import type { World } from '#world/world.ts';

export interface ConnectOptions {
  readonly controlPlane: ApiClient;
  readonly world: World;
  /** The simulated member behind a Cluster, by name. */
  readonly simulated: (name: string, user: UserInfo, userAgent: string) => ApiClient | undefined;
}

const userAgent = 'karmada-controller-manager';

/** The account that joining made for us: in the process we act under it too. */
function memberAccount(cluster: Cluster): UserInfo {
  const namespace = cluster.spec.secretRef?.namespace ?? 'karmada-cluster';
  return {
    name: `system:serviceaccount:${namespace}:karmada-${cluster.metadata.name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  };
}

/** Base64 to text. */
const decode = (text: string | undefined) =>
  text === undefined ? undefined : Buffer.from(text, 'base64').toString('utf8');

export function connectTo({ controlPlane, world, simulated }: ConnectOptions): Connect {
  return async (cluster) => {
    const name = cluster.metadata.name!;
    const inProcess = simulated(name, memberAccount(cluster), userAgent);
    if (inProcess) return inProcess;
    const { apiEndpoint, secretRef, insecureSkipTLSVerification } = cluster.spec;
    if (!apiEndpoint || !secretRef) return undefined;
    try {
      const { data } = await controlPlane.resource(Secrets).get(secretRef);
      const token = decode(data?.token);
      if (!token) return undefined;
      const authority = decode(data?.caBundle);
      const config = {
        server: apiEndpoint.replace(/\/+$/, ''),
        token,
        ...(insecureSkipTLSVerification ? { insecureSkipTlsVerify: true } : {}),
        ...(authority && !insecureSkipTLSVerification ? { certificateAuthority: { pem: authority } } : {}),
      };
      // Loaded with the first real member: simulated ones never need it.
      const { httpClient } = await import('#client/http.ts');
      return httpClient({ name, config, clock: world.clock, userAgent });
    } catch (error) {
      if (isReason(error, 'NotFound')) return undefined;
      throw error;
    }
  };
}
