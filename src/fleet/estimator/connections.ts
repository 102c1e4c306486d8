/** The estimators of the fleet over gRPC: one connection for each cluster that is asked, found by its Service. */
import { Services } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import { isReason } from '#kube/status/status.ts';
import { addressesOf, type EstimatorPlace, serviceName } from './plan/address.ts';
import { type RemoteEstimator, type RemoteOptions, remoteEstimator } from './remote.ts';
import type { EstimatorService } from './service.ts';

export interface ConnectionsOptions extends Omit<RemoteOptions, 'addresses'> {
  /** Of the control plane: its Services may say where estimators are. */
  readonly client: ApiClient;
  readonly place: EstimatorPlace;
}

export interface EstimatorConnections {
  readonly of: (cluster: string) => EstimatorService;
  /** The cluster is gone. */
  readonly drop: (cluster: string) => void;
  readonly close: () => void;
}

export function estimatorConnections(options: ConnectionsOptions): EstimatorConnections {
  const { client, place } = options;
  const connections = new Map<string, RemoteEstimator>();

  const addresses = async (cluster: string) => {
    const at = { namespace: place.namespace, name: serviceName(place, cluster) };
    const service = await client
      .resource(Services)
      .get(at)
      .catch((error: unknown) => {
        if (isReason(error, 'NotFound')) return undefined;
        throw error;
      });
    return addressesOf(place, cluster, service);
  };

  const drop = (cluster: string) => {
    connections.get(cluster)?.close();
    connections.delete(cluster);
  };

  return {
    of: (cluster) => {
      const known = connections.get(cluster);
      if (known) return known;
      const connection = remoteEstimator({ ...options, addresses: () => addresses(cluster) });
      connections.set(cluster, connection);
      return connection;
    },
    drop,
    close: () => {
      for (const cluster of connections.keys()) drop(cluster);
    },
  };
}
