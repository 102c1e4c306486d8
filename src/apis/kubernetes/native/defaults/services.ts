/** Services: type, traffic policies, session affinity, target ports. Cluster IPs and node ports are the allocators'. */
import { type Fields, fieldsOf, isFields, isNothing, itemsOf, mapList, textOf, withField } from '../value.ts';

const affinitySeconds = 10800;

function service(value: Fields): Fields {
  const spec = serviceSpec(fieldsOf(value.spec));
  const next = spec === value.spec ? value : { ...value, spec };
  return spec.type === 'LoadBalancer' && isFields(next.status)
    ? withField(next, 'status', addressModes(next.status))
    : next;
}

function serviceSpec(given: Fields): Fields {
  const type = textOf(given.type) || 'ClusterIP';
  let spec = withField(given, 'type', type);
  spec = sessionAffinity(spec);
  if (Array.isArray(spec.ports)) spec = withField(spec, 'ports', mapList(itemsOf(spec.ports), servicePort));
  if (!spec.externalTrafficPolicy && externallyAccessible(spec))
    spec = withField(spec, 'externalTrafficPolicy', 'Cluster');
  if (isNothing(spec.internalTrafficPolicy) && type !== 'ExternalName')
    spec = withField(spec, 'internalTrafficPolicy', 'Cluster');
  if (type === 'LoadBalancer' && typeof spec.allocateLoadBalancerNodePorts !== 'boolean') {
    spec = withField(spec, 'allocateLoadBalancerNodePorts', true);
  }
  return spec;
}

function externallyAccessible(spec: Fields): boolean {
  if (spec.type === 'LoadBalancer' || spec.type === 'NodePort') return true;
  return spec.type === 'ClusterIP' && itemsOf(spec.externalIPs).length > 0;
}

function sessionAffinity(given: Fields): Fields {
  const spec = given.sessionAffinity ? given : withField(given, 'sessionAffinity', 'None');
  if (spec.sessionAffinity === 'None') return withField(spec, 'sessionAffinityConfig', undefined);
  if (spec.sessionAffinity !== 'ClientIP') return spec;
  const { timeoutSeconds } = fieldsOf(fieldsOf(spec.sessionAffinityConfig).clientIP);
  if (typeof timeoutSeconds === 'number') return spec;
  return { ...spec, sessionAffinityConfig: { clientIP: { timeoutSeconds: affinitySeconds } } };
}

function servicePort(port: Fields): Fields {
  return isFields(port) && !port.targetPort && port.port ? withField(port, 'targetPort', port.port) : port;
}

function addressModes(status: Fields): Fields {
  const balancer = fieldsOf(status.loadBalancer);
  const ingress = mapList(itemsOf(balancer.ingress), (address) =>
    address.ip && !address.ipMode ? { ...address, ipMode: 'VIP' } : address,
  );
  return ingress === balancer.ingress || ingress.length === 0
    ? status
    : { ...status, loadBalancer: { ...balancer, ingress } };
}

export const serviceRules = { 'v1.Service': service };
