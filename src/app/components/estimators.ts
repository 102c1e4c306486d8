/** How a scheduler reaches the accurate estimators of its clusters: those in this process by a call, others over gRPC. */
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import { askEstimators } from '#fleet/estimator/ask.ts';
import { estimatorConnections } from '#fleet/estimator/connections.ts';
import type { EstimatorService } from '#fleet/estimator/service.ts';
import type { Disk } from '#world/disk/disk.ts';
import type { GrpcClientTls } from '#world/network/grpc.ts';
import type { SchedulerDoors } from './scheduler.ts';
import type { EstimatorSettings, FeatureGates } from './settings.ts';

/** The estimators of clusters that live in this process, as long as the scheduler runs. */
export type InProcessEstimators = (gates: FeatureGates) => {
  readonly of: (cluster: string) => EstimatorService | undefined;
  readonly end: () => void;
};

export interface EstimatorDoors {
  readonly disk: Pick<Disk, 'readText'>;
  readonly inProcess?: InProcessEstimators;
}

/** Throws where there is no such file: a connection that trusts nobody would fail with less to say. */
export async function readPem(disk: Pick<Disk, 'readText'>, path: string, flag: string): Promise<string> {
  const text = await disk.readText(path);
  if (!text) throw new Error(`there is no ${path}: --${flag} must name a PEM file`);
  return text;
}

/** As the reference: without an authority to trust, and not told to trust everybody, it is plain text. */
async function tlsOf(disk: EstimatorDoors['disk'], settings: EstimatorSettings): Promise<GrpcClientTls | undefined> {
  const { caFile, certFile, keyFile, skipsVerification } = settings;
  if (!caFile && !skipsVerification) return undefined;
  const read = async (path: string, flag: string) => (path ? await readPem(disk, path, flag) : undefined);
  const [ca, cert, key] = await Promise.all([
    read(caFile, 'scheduler-estimator-ca-file'),
    read(certFile, 'scheduler-estimator-cert-file'),
    read(keyFile, 'scheduler-estimator-key-file'),
  ]);
  return {
    ...(ca ? { ca } : {}),
    ...(cert && key ? { cert, key } : {}),
    ...(skipsVerification ? { insecureSkipVerify: true } : {}),
  };
}

export const estimatorDoor =
  ({ disk, inProcess }: EstimatorDoors): NonNullable<SchedulerDoors['estimator']> =>
  (settings, { client, informers, clock, log }, gates) => {
    const near = inProcess?.(gates);
    const connections = estimatorConnections({
      client,
      place: { namespace: settings.serviceNamespace, prefix: settings.servicePrefix, port: settings.port },
      tls: () => tlsOf(disk, settings),
      timeoutMs: settings.timeoutMs,
      clock,
    });
    const unsubscribe = informers.informer<Cluster>(ClusterKind).onChange(({ type, object }) => {
      if (type === 'deleted') connections.drop(object.metadata.name!);
    });
    const estimator = askEstimators({
      estimatorOf: (cluster) => near?.of(cluster) ?? connections.of(cluster),
      timeoutMs: settings.timeoutMs,
      clock,
      onFailure: (cluster, error) =>
        log.error('Estimator does not answer: the summary of the cluster counts alone', error, { cluster }),
    });
    const end = () => {
      unsubscribe();
      connections.close();
      near?.end();
    };
    return { estimator, end };
  };
