/** `default/kubernetes`: the Service, Endpoints and EndpointSlice by which Pods find their API server. */
import type { JsonObject, KubeObject } from '#kube/meta/object.ts';
import { formatAddress, parseRange } from './cidr.ts';

export interface ApiEndpoint {
  /** IPv4. */
  readonly address: string;
  readonly port: number;
}

const name = 'kubernetes';
const namespace = 'default';
const portName = 'https';

export function kubernetesService(serviceCidr: string, { port }: ApiEndpoint): KubeObject & JsonObject {
  const address = formatAddress(parseRange(serviceCidr).first);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: {
      clusterIP: address,
      clusterIPs: [address],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      ports: [{ name: portName, port: 443, protocol: 'TCP', targetPort: port }],
      sessionAffinity: 'None',
      type: 'ClusterIP',
    },
  };
}

export function kubernetesEndpoints({ address, port }: ApiEndpoint): KubeObject & JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name, namespace, labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
    subsets: [{ addresses: [{ ip: address }], ports: [{ name: portName, port, protocol: 'TCP' }] }],
  };
}

export function kubernetesEndpointSlice({ address, port }: ApiEndpoint): KubeObject & JsonObject {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [{ name: portName, port, protocol: 'TCP' }],
  };
}
