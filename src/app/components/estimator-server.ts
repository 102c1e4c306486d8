/** karmada-scheduler-estimator: answers over gRPC how much more fits into one member. */
import type { ApiClient } from '#client/api-client.ts';
import { informerFactory } from '#client/informer/factory.ts';
import { createEstimator } from '#fleet/estimator/estimator.ts';
import { serveEstimator } from '#fleet/estimator/serve.ts';
import type { Metrics } from '#runtime/telemetry/metrics.ts';
import type { Disk } from '#world/disk/disk.ts';
import type { GrpcServerTls } from '#world/network/grpc.ts';
import type { World } from '#world/world.ts';
import { readPem } from './estimators.ts';
import type { EstimatorServerSettings } from './settings.ts';

export interface EstimatorServerOptions {
  readonly settings: EstimatorServerSettings;
  /** Of the member. */
  readonly client: ApiClient;
  readonly world: World;
  readonly disk: Pick<Disk, 'readText'>;
  readonly metrics: Metrics;
}

export interface EstimatorServer {
  /** `host:port`. */
  readonly address: string;
  /** Undefined once it can answer. */
  readonly waitsFor: () => string | undefined;
  readonly stop: () => Promise<void>;
}

const everywhere = '0.0.0.0';
const thisMachine = '127.0.0.1';

/** As the reference: without certificate and key it is plain text, whatever else is said. */
async function tlsOf(disk: EstimatorServerOptions['disk'], settings: EstimatorServerSettings) {
  const { certFile, keyFile, clientCaFile, skipsClientVerification } = settings;
  if (!certFile || !keyFile) return undefined;
  const [cert, key, clientCa] = await Promise.all([
    readPem(disk, certFile, 'grpc-auth-cert-file'),
    readPem(disk, keyFile, 'grpc-auth-key-file'),
    clientCaFile && !skipsClientVerification ? readPem(disk, clientCaFile, 'grpc-client-ca-file') : undefined,
  ]);
  return { cert, key, ...(clientCa ? { clientCa } : {}) } satisfies GrpcServerTls;
}

export async function startEstimatorServer(options: EstimatorServerOptions): Promise<EstimatorServer> {
  const { settings, client, world, disk, metrics } = options;
  const { cluster, gates, address, port } = settings;
  const tls = await tlsOf(disk, settings);
  const informers = informerFactory(client, world);
  const estimator = createEstimator({ cluster, informers, gates, clock: world.clock, metrics });
  let synced = false;
  estimator.whenSynced().then(
    () => {
      synced = true;
    },
    () => {},
  );
  // What anybody may ask is not for everybody to hear.
  const host = address || (tls?.clientCa ? everywhere : thisMachine);
  const server = await serveEstimator(estimator, { host, port, ...(tls ? { tls } : {}) });
  return {
    address: server.address,
    waitsFor: () => (synced ? undefined : `nodes and Pods of ${cluster} are not known yet`),
    stop: async () => {
      await server.close();
      informers.stop();
    },
  };
}
