/**
 * Services: what was allocated stays when a client leaves it out, clusterIP and clusterIPs agree, and what a new type
 * has no use for goes. Whoever allocates (server) runs after this.
 */
import type { KubeObject } from '#kube/meta/object.ts';
import { type Fields, fieldsOf, itemsOf, mapList, sameValue, textOf, withField } from '../value.ts';
import { contentOf, keepStatus, type Preparation, statusIsTheControllers } from './preparation.ts';

export const services: Preparation = {
  create: (service) => {
    const spec = fieldsOf(contentOf(service).spec);
    const single = textOf(spec.clusterIP);
    const reset = statusIsTheControllers.create!(service);
    if (single === '' || itemsOf(spec.clusterIPs).length > 0) return reset;
    return { ...reset, spec: { ...spec, clusterIPs: [single] } } as KubeObject;
  },
  update: (service, old) => {
    const before = fieldsOf(contentOf(old).spec);
    const kept = keepAllocated(fieldsOf(contentOf(service).spec), before);
    const spec = dropUnneeded(synchronised(kept, before), before);
    return withoutBalancer(keepStatus(withField(service, 'spec', spec), old), spec);
  },
};

const needsClusterIp = (spec: Fields): boolean => spec.type !== 'ExternalName';
const needsNodePort = (spec: Fields): boolean => spec.type === 'NodePort' || spec.type === 'LoadBalancer';
const needsHealthPort = (spec: Fields): boolean =>
  spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local';
const externallyAccessible = (spec: Fields): boolean =>
  needsNodePort(spec) || (spec.type === 'ClusterIP' && itemsOf(spec.externalIPs).length > 0);

/** So that a manifest that says nothing of addresses and node ports can be applied again. */
function keepAllocated(spec: Fields, before: Fields): Fields {
  let next = spec;
  if (needsClusterIp(before) && needsClusterIp(spec)) {
    if (!spec.clusterIP) next = withField(next, 'clusterIP', before.clusterIP);
    if (itemsOf(spec.clusterIPs).length === 0) next = withField(next, 'clusterIPs', before.clusterIPs);
  }
  if (needsNodePort(before) && needsNodePort(spec)) next = withNodePorts(next, before);
  if (needsHealthPort(before) && needsHealthPort(spec) && !spec.healthCheckNodePort) {
    next = withField(next, 'healthCheckNodePort', before.healthCheckNodePort);
  }
  return next;
}

/** By port name; a node port that another port of the new Service asks for is not given twice. */
function withNodePorts(spec: Fields, before: Fields): Fields {
  const asked = new Set(nodePorts(spec));
  const known = new Map(itemsOf(before.ports).map((port) => [textOf(port.name), port.nodePort]));
  const ports = mapList(itemsOf(spec.ports), (port) => {
    const was = known.get(textOf(port.name));
    return port.nodePort || !was || asked.has(was) ? port : { ...port, nodePort: was };
  });
  return ports.length === 0 ? spec : withField(spec, 'ports', ports);
}

const nodePorts = (spec: Fields): readonly unknown[] =>
  itemsOf(spec.ports).flatMap((port) => (port.nodePort ? [port.nodePort] : []));

/** A client that knows only one of clusterIP and clusterIPs means both. */
function synchronised(spec: Fields, before: Fields): Fields {
  if (spec.clusterIP === before.clusterIP || !sameValue(spec.clusterIPs ?? [], before.clusterIPs ?? [])) return spec;
  return withField(spec, 'clusterIPs', spec.clusterIP ? [spec.clusterIP] : undefined);
}

/** Only what was set on the client's behalf and is sent back unchanged; anything else is validation's. */
function dropUnneeded(given: Fields, before: Fields): Fields {
  let spec = given;
  const drop = (name: string): void => {
    if (sameValue(spec[name], before[name])) spec = withField(spec, name, undefined);
  };
  if (needsClusterIp(before) && !needsClusterIp(spec)) {
    if (spec.clusterIP === before.clusterIP) {
      drop('clusterIPs');
      if (spec.clusterIPs === undefined) drop('clusterIP');
    }
    drop('ipFamilies');
    drop('ipFamilyPolicy');
  }
  if (needsNodePort(before) && !needsNodePort(spec)) spec = withoutNodePorts(spec, before);
  if (needsHealthPort(before) && !needsHealthPort(spec)) drop('healthCheckNodePort');
  if (before.type === 'LoadBalancer' && spec.type !== 'LoadBalancer') {
    drop('allocateLoadBalancerNodePorts');
    drop('loadBalancerClass');
  }
  if (externallyAccessible(before) && !externallyAccessible(spec)) drop('externalTrafficPolicy');
  return spec;
}

function withoutNodePorts(spec: Fields, before: Fields): Fields {
  const known = new Set(nodePorts(before));
  if (!nodePorts(spec).every((port) => known.has(port))) return spec;
  const ports = mapList(itemsOf(spec.ports), (port) => withField(port, 'nodePort', undefined));
  return ports.length === 0 ? spec : withField(spec, 'ports', ports);
}

function withoutBalancer(service: KubeObject, spec: Fields): KubeObject {
  const status = fieldsOf(contentOf(service).status);
  const { ingress } = fieldsOf(status.loadBalancer);
  if (spec.type === 'LoadBalancer' || ingress === undefined) return service;
  return { ...service, status: { ...status, loadBalancer: {} } } as KubeObject;
}
