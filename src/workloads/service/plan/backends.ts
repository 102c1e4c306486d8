/** The Pods behind a Service: their addresses, their state, and the ports its names mean on each of them. Pure. */
import type { EndpointPort, Pod, Service, ServicePort } from '#apis/kubernetes/types.ts';
import { isFinished, isReady, isTerminating } from '../../pod-state.ts';

export interface Backend {
  readonly pod: Pod;
  /** By address family. */
  readonly addresses: Readonly<Record<Family, string | undefined>>;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly ports: readonly EndpointPort[];
  readonly hostname?: string;
}

export type Family = 'IPv4' | 'IPv6';

export const isHeadless = ({ spec }: Service): boolean => spec.clusterIP === 'None';

export function familiesOf({ spec }: Service): readonly Family[] {
  const families = (spec.ipFamilies ?? []).filter((family): family is Family => family !== '');
  return families.length > 0 ? families : ['IPv4'];
}

/** In order of name, so that the same Pods give the same answer. */
export function backendsOf(service: Service, pods: readonly Pod[]): readonly Backend[] {
  return pods
    .filter((pod) => !isFinished(pod) && Boolean(pod.status?.podIP))
    .map((pod) => backendOf(service, pod))
    .sort((left, right) => (left.pod.metadata.name! < right.pod.metadata.name! ? -1 : 1));
}

function backendOf(service: Service, pod: Pod): Backend {
  const addresses = [pod.status?.podIP ?? '', ...(pod.status?.podIPs ?? []).map(({ ip }) => ip ?? '')];
  const serving = isReady(pod) || service.spec.publishNotReadyAddresses === true;
  const terminating = isTerminating(pod);
  const { hostname, subdomain } = pod.spec;
  return {
    pod,
    addresses: {
      IPv4: addresses.find((address) => address !== '' && !address.includes(':')),
      IPv6: addresses.find((address) => address.includes(':')),
    },
    ready: serving && (!terminating || service.spec.publishNotReadyAddresses === true),
    serving,
    terminating,
    ports: (service.spec.ports ?? []).flatMap((port) => portOn(pod, port)),
    ...(hostname && subdomain === service.metadata.name ? { hostname } : {}),
  };
}

/** A named port that the Pod does not have is left out. */
function portOn({ spec }: Pod, port: ServicePort): readonly EndpointPort[] {
  const { name = '', protocol = 'TCP', appProtocol, targetPort = port.port } = port;
  const number =
    typeof targetPort === 'number'
      ? targetPort
      : spec.containers
          .flatMap((container) => container.ports ?? [])
          .find((each) => each.name === targetPort && (each.protocol ?? 'TCP') === protocol)?.containerPort;
  if (number === undefined) return [];
  return [{ name, port: number, protocol, ...(appProtocol === undefined ? {} : { appProtocol }) }];
}
