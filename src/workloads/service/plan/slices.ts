/** The EndpointSlices of a Service: at most 100 endpoints each, changed as little as possible. Pure. */
import type { Endpoint, EndpointPort, EndpointSlice, Service } from '#apis/kubernetes/types.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { controllerReferenceTo } from '#kube/meta/owner.ts';
import { headless, serviceName, sliceManagedBy, sliceManager, triggerTime } from '../names.ts';
import { type Backend, type Family, familiesOf, isHeadless } from './backends.ts';

export interface SlicesView {
  readonly service: Service;
  readonly backends: readonly Backend[];
  /** Those that are the controller's and not being deleted. */
  readonly slices: readonly EndpointSlice[];
  readonly zoneOf: (nodeName: string) => string | undefined;
  /** RFC 3339. */
  readonly time: string;
  readonly nameSuffix: () => string;
}

export interface SlicesPlan {
  readonly create: readonly EndpointSlice[];
  readonly update: readonly EndpointSlice[];
  readonly delete: readonly EndpointSlice[];
}

/** As kube-controller-manager's --max-endpoints-per-slice. */
const mostEndpoints = 100;

/** Slices hold endpoints of one family and one set of ports. */
interface Group {
  readonly family: Family;
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

export function planSlices(view: SlicesView): SlicesPlan {
  const groups = groupsOf(view);
  const left = new Set(view.slices);
  const wanted: EndpointSlice[] = [];
  for (const group of groups) {
    const own = view.slices.filter((slice) => left.has(slice) && belongs(slice, group));
    for (const slice of own) left.delete(slice);
    wanted.push(...filled(view, group, own));
  }
  const before = new Set(view.slices);
  const byName = new Map(view.slices.map((slice) => [slice.metadata.name, slice]));
  const kept = new Set(wanted.map(({ metadata }) => metadata.name));
  return {
    create: wanted.filter(({ metadata }) => !byName.has(metadata.name)),
    update: wanted.filter((slice) => byName.has(slice.metadata.name) && !before.has(slice)),
    delete: view.slices.filter(({ metadata }) => !kept.has(metadata.name)),
  };
}

const belongs = ({ addressType, ports }: EndpointSlice, group: Group): boolean =>
  addressType === group.family && deepEqual(ports ?? [], group.ports);

/** At least one group for each family: a Service without Pods has an empty slice. */
function groupsOf({ service, backends, zoneOf }: SlicesView): readonly Group[] {
  return familiesOf(service).flatMap((family) => {
    const groups = new Map<string, { ports: readonly EndpointPort[]; endpoints: Endpoint[] }>();
    for (const backend of backends) {
      const address = backend.addresses[family];
      if (address === undefined) continue;
      const key = JSON.stringify(backend.ports);
      const group = groups.get(key) ?? { ports: backend.ports, endpoints: [] };
      group.endpoints.push(endpointOf(backend, address, zoneOf));
      groups.set(key, group);
    }
    if (groups.size === 0) groups.set('', { ports: [], endpoints: [] });
    return Array.from(groups.values(), (group) => ({ family, ...group }));
  });
}

function endpointOf(
  { pod, ready, serving, terminating, hostname }: Backend,
  address: string,
  zoneOf: (nodeName: string) => string | undefined,
): Endpoint {
  const { nodeName } = pod.spec;
  const zone = nodeName ? zoneOf(nodeName) : undefined;
  const { namespace, name, uid } = pod.metadata;
  return {
    addresses: [address],
    conditions: { ready, serving, terminating },
    ...(hostname ? { hostname } : {}),
    ...(nodeName ? { nodeName } : {}),
    targetRef: { kind: 'Pod', namespace: namespace!, name: name!, uid: uid! },
    ...(zone ? { zone } : {}),
  };
}

const idOf = ({ targetRef }: Endpoint): string => targetRef?.uid ?? '';

/** Endpoints stay in the slice they are in; new ones go where there is room, then into new slices. */
function filled(view: SlicesView, group: Group, own: readonly EndpointSlice[]): readonly EndpointSlice[] {
  const wanted = new Map(group.endpoints.map((endpoint) => [idOf(endpoint), endpoint]));
  const contents = own.map((slice) => {
    const staying = slice.endpoints.flatMap((endpoint) => {
      const now = wanted.get(idOf(endpoint));
      wanted.delete(idOf(endpoint));
      return now ? [now] : [];
    });
    return staying;
  });
  const rest = [...wanted.values()];
  for (const content of contents) content.push(...rest.splice(0, Math.max(0, mostEndpoints - content.length)));
  const all = own.map((slice, i) => withContent(view, slice, contents[i]!));
  const full = all.filter(({ endpoints }) => endpoints.length > 0);
  // One empty slice is kept where nothing else would be left.
  const kept = full.length > 0 || rest.length > 0 ? full : all.slice(0, 1);
  const created: EndpointSlice[] = [];
  while (rest.length > 0 || kept.length + created.length === 0) {
    created.push(newSlice(view, group, rest.splice(0, mostEndpoints)));
  }
  return [...kept, ...created];
}

function labelsOf(service: Service): Readonly<Record<string, string>> {
  return {
    ...service.metadata.labels,
    [sliceManagedBy]: sliceManager,
    [serviceName]: service.metadata.name!,
    ...(isHeadless(service) ? { [headless]: '' } : {}),
  };
}

/** The same reference when endpoints and labels are right. */
function withContent(
  { service, time }: SlicesView,
  slice: EndpointSlice,
  endpoints: readonly Endpoint[],
): EndpointSlice {
  const labels = labelsOf(service);
  if (deepEqual(slice.endpoints ?? [], endpoints) && deepEqual(slice.metadata.labels ?? {}, labels)) return slice;
  const annotations = { ...slice.metadata.annotations, [triggerTime]: time };
  return { ...slice, metadata: { ...slice.metadata, labels, annotations }, endpoints };
}

function newSlice(
  { service, time, nameSuffix }: SlicesView,
  { family, ports }: Group,
  endpoints: readonly Endpoint[],
): EndpointSlice {
  const generateName = `${service.metadata.name}-`;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${generateName}${nameSuffix()}`,
      generateName,
      namespace: service.metadata.namespace!,
      labels: labelsOf(service),
      annotations: { [triggerTime]: time },
      ownerReferences: [controllerReferenceTo(service)],
    },
    addressType: family,
    endpoints,
    ports,
  };
}
