/** The Endpoints object of a Service, for clients that do not read EndpointSlices. Pure. */
import type { CoreEndpointPort, EndpointAddress, EndpointSubset, Endpoints, Service } from '#apis/kubernetes/types.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { endpointsManagedBy, endpointsManager, headless, triggerTime } from '../names.ts';
import { type Backend, familiesOf, isHeadless } from './backends.ts';

/** As kube-controller-manager: what is beyond is in EndpointSlices only. */
const mostAddresses = 1_000;

function addressOf({ pod, addresses, hostname }: Backend, service: Service): EndpointAddress | undefined {
  const ip = addresses[familiesOf(service)[0]!];
  if (ip === undefined) return undefined;
  const { namespace, name, uid } = pod.metadata;
  return {
    ip,
    ...(hostname ? { hostname } : {}),
    ...(pod.spec.nodeName ? { nodeName: pod.spec.nodeName } : {}),
    targetRef: { kind: 'Pod', namespace: namespace!, name: name!, uid: uid! },
  };
}

const byAddress = (left: EndpointAddress, right: EndpointAddress) => (left.ip < right.ip ? -1 : 1);

function portsOf({ ports }: Backend): readonly CoreEndpointPort[] {
  return ports.map(({ name, port, ...rest }) => ({ ...(name ? { name } : {}), port: port!, ...rest }));
}

/** One subset for each set of ports: who is ready, who is not. */
function subsetsOf(service: Service, backends: readonly Backend[]): readonly EndpointSubset[] {
  const groups = new Map<
    string,
    { ready: EndpointAddress[]; notReady: EndpointAddress[]; ports: readonly CoreEndpointPort[] }
  >();
  for (const backend of backends.filter(({ ready, terminating }) => ready || !terminating).slice(0, mostAddresses)) {
    const address = addressOf(backend, service);
    const ports = portsOf(backend);
    if (!address || (ports.length === 0 && !isHeadless(service))) continue;
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ready: [], notReady: [], ports };
    (backend.ready ? group.ready : group.notReady).push(address);
    groups.set(key, group);
  }
  return Array.from(groups.values(), ({ ready, notReady, ports }) => ({
    ...(ready.length > 0 ? { addresses: ready.sort(byAddress) } : {}),
    ...(notReady.length > 0 ? { notReadyAddresses: notReady.sort(byAddress) } : {}),
    ...(ports.length > 0 ? { ports } : {}),
  }));
}

/** The object as it should be; `found` itself when it is so. `time` is RFC 3339. */
export function wantedEndpoints(
  service: Service,
  backends: readonly Backend[],
  found: Endpoints | undefined,
  time: string,
): Endpoints {
  const subsets = subsetsOf(service, backends);
  const labels = {
    ...service.metadata.labels,
    [endpointsManagedBy]: endpointsManager,
    ...(isHeadless(service) ? { [headless]: '' } : {}),
  };
  if (found && deepEqual(found.subsets ?? [], subsets) && deepEqual(found.metadata.labels ?? {}, labels)) return found;
  const { name, namespace } = service.metadata;
  const metadata = found?.metadata ?? { name: name!, namespace: namespace! };
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { ...metadata, labels, annotations: { ...metadata.annotations, [triggerTime]: time } },
    ...(subsets.length > 0 ? { subsets } : {}),
  };
}
