/** Where a cluster's estimator is found: as the reference resolves its Service (pkg/estimator/client/service.go). Pure. */
import type { Service } from '#apis/kubernetes/types.ts';

export interface EstimatorPlace {
  readonly namespace: string;
  readonly prefix: string;
  readonly port: number;
}

/** `karmada-scheduler-estimator-member1`. */
export const serviceName = ({ prefix }: EstimatorPlace, cluster: string): string => `${prefix}-${cluster}`;

/**
 * `host:port`, to be tried in their order. A Service of the control plane must be an ExternalName; where there is none,
 * it is in the cluster that hosts us, under its DNS name there. Throws where a Service leads nowhere.
 */
export function addressesOf(place: EstimatorPlace, cluster: string, service: Service | undefined): readonly string[] {
  const { namespace, port } = place;
  const name = serviceName(place, cluster);
  if (!service) return [`${name}.${namespace}.svc.cluster.local:${port}`, `${name}.${namespace}.svc:${port}`];
  const at = `Service ${namespace}/${name}`;
  const { type = 'ClusterIP', externalName, ports = [] } = service.spec ?? {};
  if (type !== 'ExternalName' || !externalName)
    throw new Error(`${at} is of type ${type}: make it an ExternalName that leads to the estimator of ${cluster}`);
  const found = ports.find((each) => each.port === port);
  if (!found) throw new Error(`${at} has no port ${port}: add it, or name another with --scheduler-estimator-port`);
  const target = found.targetPort ?? port;
  if (typeof target !== 'number')
    throw new Error(`${at} has the target port ${JSON.stringify(target)}: an ExternalName needs its number`);
  return [`${externalName}:${target}`];
}
