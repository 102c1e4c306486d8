/** Services, with their endpoints. */
import { type EndpointSlice, EndpointSlices, type Service, type ServicePort } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import { labelsText, nothingThere } from '../output/labels.ts';
import { annotationLines, pairs } from './metadata.ts';
import type { Page } from './page.ts';

export async function describeService(page: Page, service: Service, client: ApiClient): Promise<void> {
  const { metadata, spec, status } = service;
  page.field(0, 'Name', metadata.name ?? '');
  page.field(0, 'Namespace', metadata.namespace ?? '');
  page.list(0, 'Labels', pairs(metadata.labels));
  annotationLines(page, 0, 'Annotations', metadata.annotations);
  page.field(0, 'Selector', labelsText(spec.selector));
  page.field(0, 'Type', spec.type ?? '');
  page.fieldIfAny(0, 'IP Family Policy', spec.ipFamilyPolicy);
  page.field(0, 'IP Families', spec.ipFamilies?.join(',') || nothingThere);
  page.field(0, 'IP', spec.clusterIP ?? '');
  page.field(0, 'IPs', spec.clusterIPs?.join(',') || nothingThere);
  page.fieldIfAny(0, 'External IPs', spec.externalIPs?.join(','));
  page.fieldIfAny(0, 'Desired LoadBalancer IP', spec.loadBalancerIP);
  page.fieldIfAny(0, 'External Name', spec.externalName);
  page.fieldIfAny(
    0,
    'LoadBalancer Ingress',
    status?.loadBalancer?.ingress?.map(({ ip, hostname }) => ip ?? hostname ?? '').join(', '),
  );
  const slices = await slicesOf(service, client);
  for (const port of spec.ports ?? []) describePort(page, port, slices);
  page.field(0, 'Session Affinity', spec.sessionAffinity ?? '');
  page.fieldIfAny(0, 'External Traffic Policy', spec.externalTrafficPolicy);
  page.fieldIfAny(0, 'Internal Traffic Policy', spec.internalTrafficPolicy);
}

function describePort(page: Page, port: ServicePort, slices: readonly EndpointSlice[]): void {
  const { name = '<unset>', protocol = 'TCP', targetPort = port.port, nodePort } = port;
  page.line(0, `Port:\t${name}\t${port.port}/${protocol}`);
  page.field(0, 'TargetPort', `${targetPort}/${protocol}`);
  if (nodePort) page.line(0, `NodePort:\t${name}\t${nodePort}/${protocol}`);
  page.field(0, 'Endpoints', endpointsText(slices, port.name ?? ''));
}

/** None where they cannot be read, and on a control plane, where none are made. */
async function slicesOf({ metadata }: Service, client: ApiClient): Promise<readonly EndpointSlice[]> {
  try {
    const labelSelector = `kubernetes.io/service-name=${metadata.name}`;
    return (await client.resource(EndpointSlices).list({ namespace: metadata.namespace!, labelSelector })).items;
  } catch {
    return [];
  }
}

/** More than these are only counted. */
const mostShown = 3;

function endpointsText(slices: readonly EndpointSlice[], portName: string): string {
  const all = slices.flatMap(({ ports, endpoints }) =>
    (ports ?? [])
      .filter(({ name = '' }) => name === portName)
      .flatMap(({ port }) =>
        (endpoints ?? [])
          .filter(({ conditions }) => conditions?.ready !== false)
          .map(({ addresses }) => `${addresses[0]}:${port}`),
      ),
  );
  if (all.length === 0) return '';
  const more = all.length - mostShown;
  return all.slice(0, mostShown).join(',') + (more > 0 ? ` + ${more} more...` : '');
}
