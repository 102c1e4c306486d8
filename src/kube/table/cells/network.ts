/** Services and what leads to them. */
import { formatLabelSelector, type LabelSelector } from '../../selector/labels.ts';
import { ageOf, cellsOf, firstOf, labelsText, listText, nameOf, none, unset, type View } from './cell.ts';

/** Addresses shown before "+ n more...". */
const mostAddresses = 3;

interface LoadBalancer {
  readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[];
}

interface ServiceSpec {
  readonly type?: string;
  readonly clusterIP?: string;
  readonly clusterIPs?: readonly string[];
  readonly externalIPs?: readonly string[];
  readonly externalName?: string;
  readonly ports?: readonly { readonly port: number; readonly nodePort?: number; readonly protocol?: string }[];
  readonly selector?: Readonly<Record<string, string>>;
}

/** Each address once, sorted. */
function loadBalancerAddresses({ ingress = [] }: LoadBalancer): readonly string[] {
  return [...new Set(ingress.map(({ ip, hostname }) => firstOf(ip, hostname)))].filter((each) => each !== '').sort();
}

function externalAddress({ type, externalIPs = [], externalName = '' }: ServiceSpec, balancer: LoadBalancer): string {
  switch (type) {
    case 'ClusterIP':
    case 'NodePort':
      return externalIPs.join(',') || none;
    case 'LoadBalancer':
      return [...loadBalancerAddresses(balancer), ...externalIPs].join(',') || '<pending>';
    case 'ExternalName':
      return externalName;
    default:
      return '<unknown>';
  }
}

function servicePorts({ ports = [] }: ServiceSpec): string {
  const texts = ports.map(({ port, nodePort, protocol }) => `${nodePort ? `${port}:${nodePort}` : port}/${protocol}`);
  return texts.join(',') || none;
}

export const serviceCells = cellsOf<View<ServiceSpec, { readonly loadBalancer?: LoadBalancer }>>((object, now) => {
  const { spec = {}, status = {} } = object;
  return [
    nameOf(object),
    spec.type ?? '',
    firstOf(spec.clusterIPs?.[0], spec.clusterIP, none),
    externalAddress(spec, status.loadBalancer ?? {}),
    servicePorts(spec),
    ageOf(object, now),
    labelsText(spec.selector),
  ];
});

interface EndpointSubset {
  readonly addresses?: readonly { readonly ip: string }[];
  readonly ports?: readonly { readonly port: number }[];
}

const withPort = (ip: string, port: number) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`);

function endpointsText(subsets: readonly EndpointSubset[]): string {
  const texts = subsets.flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0
      ? addresses.map(({ ip }) => ip)
      : ports.flatMap(({ port }) => addresses.map(({ ip }) => withPort(ip, port))),
  );
  return listText(texts, mostAddresses);
}

export const endpointsCells = cellsOf<View<unknown> & { readonly subsets?: readonly EndpointSubset[] }>(
  (object, now) => {
    const { subsets = [] } = object;
    return [nameOf(object), subsets.length === 0 ? none : endpointsText(subsets), ageOf(object, now)];
  },
);

interface EndpointSlice extends View<unknown> {
  readonly addressType?: string;
  readonly ports?: readonly { readonly port?: number; readonly name?: string }[];
  readonly endpoints?: readonly { readonly addresses?: readonly string[] }[];
}

export const endpointSliceCells = cellsOf<EndpointSlice>((object, now) => {
  const ports = (object.ports ?? []).map(({ port, name }) => String(port ?? name ?? '*'));
  const addresses = (object.endpoints ?? []).flatMap(({ addresses: own = [] }) => own);
  return [
    nameOf(object),
    object.addressType ?? '',
    listText(ports, mostAddresses) || unset,
    listText(addresses, mostAddresses) || unset,
    ageOf(object, now),
  ];
});

interface IngressSpec {
  readonly ingressClassName?: string;
  readonly rules?: readonly { readonly host?: string }[];
  readonly tls?: readonly unknown[];
}

/** Rules without a host hold for all; how many rules more there are counts them too. */
function hostsText(rules: readonly { readonly host?: string }[]): string {
  const hosts: string[] = [];
  for (const { host } of rules) {
    if (hosts.length === mostAddresses) return `${hosts.join(',')} + ${rules.length - mostAddresses} more...`;
    if (host) hosts.push(host);
  }
  return hosts.join(',') || '*';
}

export const ingressCells = cellsOf<View<IngressSpec, { readonly loadBalancer?: LoadBalancer }>>((object, now) => {
  const { spec = {}, status = {} } = object;
  return [
    nameOf(object),
    spec.ingressClassName ?? none,
    hostsText(spec.rules ?? []),
    loadBalancerAddresses(status.loadBalancer ?? {}).join(','),
    spec.tls && spec.tls.length > 0 ? '80, 443' : '80',
    ageOf(object, now),
  ];
});

interface IngressClassSpec {
  readonly controller?: string;
  readonly parameters?: { readonly kind: string; readonly apiGroup?: string; readonly name: string };
}

export const ingressClassCells = cellsOf<View<IngressClassSpec>>((object, now) => {
  const { controller = '', parameters } = object.spec ?? {};
  const kind =
    parameters && (parameters.apiGroup === undefined ? parameters.kind : `${parameters.kind}.${parameters.apiGroup}`);
  return [nameOf(object), controller, parameters ? `${kind}/${parameters.name}` : none, ageOf(object, now)];
});

export const networkPolicyCells = cellsOf<View<{ readonly podSelector?: LabelSelector }>>((object, now) => [
  nameOf(object),
  formatLabelSelector(object.spec?.podSelector ?? {}),
  ageOf(object, now),
]);

export const serviceCidrCells = cellsOf<View<{ readonly cidrs?: readonly string[] }>>((object, now) => [
  nameOf(object),
  (object.spec?.cidrs ?? []).join(','),
  ageOf(object, now),
]);

interface ParentRef {
  readonly group?: string;
  readonly resource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** With an age, though there is no column for it: so does kube-apiserver. */
export const ipAddressCells = cellsOf<View<{ readonly parentRef?: ParentRef }>>((object, now) => {
  const parent = object.spec?.parentRef;
  const age = ageOf(object, now);
  if (!parent) return [nameOf(object), none, age];
  const resource = parent.group ? `${parent.resource}.${parent.group}` : (parent.resource ?? '');
  const path = [resource.toLowerCase(), ...(parent.namespace ? [parent.namespace] : []), parent.name ?? ''];
  return [nameOf(object), path.join('/'), age];
});
