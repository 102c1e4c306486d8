/** Services: ports, type, affinity, traffic policies. Addresses are in service-addresses.ts. */
import type { KubeObject } from '#kube/meta/object.ts';
import { dns1123Label, dns1123Subdomain, qualifiedName } from '#kube/names/validate.ts';
import { duplicateValue, forbiddenField, invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import { contentOf } from '../../prepare/preparation.ts';
import { type Fields, fieldsOf, isFields, isNothing, itemsOf, textOf } from '../../value.ts';
import { checkEndpointAddress, checkRange, parseAddress } from '../addresses.ts';
import { type Findings, portNumber, requireOneOf, texts } from '../findings.ts';
import { checkLabels } from '../labels.ts';
import { checkPort } from '../pods/probes.ts';
import { checkAddressUpdate, checkClusterAddresses, isHeadless } from './service-addresses.ts';

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
export const protocols = ['SCTP', 'TCP', 'UDP'];
const policies = ['Cluster', 'Local'];
const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];
const longestAffinity = 86400;

const specOf = (object: KubeObject): Fields => fieldsOf(contentOf(object).spec);

export function validateService(service: KubeObject): Findings {
  const findings: Findings = [];
  const spec = specOf(service);
  const ports = itemsOf(spec.ports);
  if (ports.length === 0 && !isHeadless(spec) && spec.type !== 'ExternalName')
    findings.push(requiredValue('spec.ports'));
  checkType(findings, spec);
  checkPorts(findings, ports);
  checkLabels(findings, 'spec.selector', spec.selector);
  checkAffinity(findings, spec);
  checkClusterAddresses(findings, spec);
  checkExternalAddresses(findings, itemsOf(spec.externalIPs) as readonly unknown[]);
  requireOneOf(findings, 'spec.type', spec.type, types);
  checkPortsAgree(findings, ports, spec.type === 'ClusterIP');
  checkBalancer(findings, spec);
  checkTraffic(findings, spec);
  return findings;
}

function checkType(findings: Findings, spec: Fields): void {
  if ((spec.type === 'LoadBalancer' || spec.type === 'NodePort') && isHeadless(spec)) {
    const why = `may not be set to 'None' for ${spec.type} services`;
    findings.push(invalidValue('spec.clusterIPs[0]', 'None', why));
  }
  if (spec.type !== 'ExternalName') return;
  for (const name of ['clusterIPs', 'ipFamilies', 'ipFamilyPolicy']) {
    if (isNothing(spec[name])) continue;
    findings.push(forbiddenField(`spec.${name}`, 'may not be set for ExternalName services'));
  }
  const name = textOf(spec.externalName).replace(/\.$/, '');
  if (name === '') findings.push(requiredValue('spec.externalName'));
  else texts(findings, 'spec.externalName', name, dns1123Subdomain(name));
}

function checkPorts(findings: Findings, ports: readonly Fields[]): void {
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const at = `spec.ports[${index}]`;
    const name = textOf(port.name);
    if (name === '') {
      if (ports.length > 1) findings.push(requiredValue(`${at}.name`));
    } else {
      texts(findings, `${at}.name`, name, dns1123Label(name));
      if (names.has(name)) findings.push(duplicateValue(`${at}.name`, name));
      names.add(name);
    }
    portNumber(findings, `${at}.port`, port.port);
    requireOneOf(findings, `${at}.protocol`, port.protocol, protocols);
    checkPort(findings, `${at}.targetPort`, port.targetPort);
    if (typeof port.appProtocol === 'string') {
      texts(findings, `${at}.appProtocol`, port.appProtocol, qualifiedName(port.appProtocol));
    }
  }
}

/** Node ports belong to some types only; no port and no node port is taken twice by one protocol. */
function checkPortsAgree(findings: Findings, ports: readonly Fields[], isClusterIp: boolean): void {
  const taken = new Set<string>();
  const used = new Set<string>();
  const duplicates: Findings = [];
  for (const [index, { port, protocol, nodePort }] of ports.entries()) {
    const at = `spec.ports[${index}]`;
    const keyOf = (number: unknown): string => `${textOf(protocol)}/${Number(number)}`;
    if (nodePort) {
      if (isClusterIp) findings.push(forbiddenField(`${at}.nodePort`, "may not be used when `type` is 'ClusterIP'"));
      if (taken.has(keyOf(nodePort))) findings.push(duplicateValue(`${at}.nodePort`, nodePort));
      taken.add(keyOf(nodePort));
    }
    if (used.has(keyOf(port))) duplicates.push(duplicateValue(at, shownPort(protocol, port)));
    used.add(keyOf(port));
  }
  findings.push(...duplicates);
}

/** As Go prints the part of a port that must be unique. */
const shownPort = (protocol: unknown, port: unknown): Fields => ({
  Name: '',
  Protocol: protocol,
  AppProtocol: null,
  Port: port,
  TargetPort: 0,
  NodePort: 0,
});

function checkAffinity(findings: Findings, spec: Fields): void {
  requireOneOf(findings, 'spec.sessionAffinity', spec.sessionAffinity, ['ClientIP', 'None']);
  if (spec.sessionAffinity === 'None' && isFields(spec.sessionAffinityConfig)) {
    const why = 'must not be set when session affinity is None';
    findings.push(forbiddenField('spec.sessionAffinityConfig', why));
  }
  if (spec.sessionAffinity !== 'ClientIP') return;
  const seconds = fieldsOf(fieldsOf(spec.sessionAffinityConfig).clientIP).timeoutSeconds;
  if (typeof seconds !== 'number' || (seconds > 0 && seconds <= longestAffinity)) return;
  const why = `must be greater than 0 and less than ${longestAffinity}`;
  findings.push(invalidValue('spec.sessionAffinityConfig.clientIP.timeoutSeconds', seconds, why));
}

function checkExternalAddresses(findings: Findings, addresses: readonly unknown[]): void {
  for (const [index, address] of addresses.entries()) {
    const at = `spec.externalIPs[${index}]`;
    const text = textOf(address);
    if (parseAddress(text)) checkEndpointAddress(findings, at, text);
    else findings.push(invalidValue(at, text, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'));
  }
}

const onlyBalancer = "may only be used when `type` is 'LoadBalancer'";

function checkBalancer(findings: Findings, spec: Fields): void {
  const isBalancer = spec.type === 'LoadBalancer';
  const ranges = itemsOf(spec.loadBalancerSourceRanges) as readonly unknown[];
  if (ranges.length > 0 && !isBalancer) findings.push(forbiddenField('spec.LoadBalancerSourceRanges', onlyBalancer));
  for (const [index, range] of ranges.entries()) {
    checkRange(findings, `spec.LoadBalancerSourceRanges[${index}]`, textOf(range).trim());
  }
  if (!isBalancer && !isNothing(spec.allocateLoadBalancerNodePorts)) {
    findings.push(forbiddenField('spec.allocateLoadBalancerNodePorts', onlyBalancer));
  }
  const balancer = spec.loadBalancerClass;
  if (typeof balancer !== 'string') return;
  if (isBalancer) texts(findings, 'spec.loadBalancerClass', balancer, qualifiedName(balancer));
  else findings.push(forbiddenField('spec.loadBalancerClass', onlyBalancer));
}

function checkTraffic(findings: Findings, spec: Fields): void {
  const { type, externalTrafficPolicy: external, internalTrafficPolicy: internal, healthCheckNodePort } = spec;
  const outside =
    type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && itemsOf(spec.externalIPs).length > 0);
  if (outside) requireOneOf(findings, 'spec.externalTrafficPolicy', external, policies);
  else if (external) {
    const why = 'may only be set for externally-accessible services';
    findings.push(invalidValue('spec.externalTrafficPolicy', external, why));
  }
  if (type === 'LoadBalancer' && external === 'Local') {
    if (healthCheckNodePort) portNumber(findings, 'spec.healthCheckNodePort', healthCheckNodePort);
  } else if (healthCheckNodePort) {
    const why = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
    findings.push(invalidValue('spec.healthCheckNodePort', healthCheckNodePort, why));
  }
  if (typeof internal === 'string' && !policies.includes(internal)) {
    findings.push(unsupportedValue('spec.internalTrafficPolicy', internal, policies));
  }
  const distribution = spec.trafficDistribution;
  if (typeof distribution === 'string' && !distributions.includes(distribution)) {
    findings.push(unsupportedValue('spec.trafficDistribution', distribution, distributions));
  }
}

export function validateServiceUpdate(service: KubeObject, old: KubeObject): Findings {
  const findings: Findings = [];
  const spec = specOf(service);
  const before = specOf(old);
  checkAddressUpdate(findings, spec, before);
  const both = spec.type === 'LoadBalancer' && before.type === 'LoadBalancer';
  if (both && spec.loadBalancerClass !== before.loadBalancerClass) {
    findings.push(invalidValue('spec.loadBalancerClass', spec.loadBalancerClass, 'may not change once set'));
  }
  const checked = spec.externalTrafficPolicy === 'Local' && before.externalTrafficPolicy === 'Local';
  if (both && checked && before.healthCheckNodePort && spec.healthCheckNodePort !== before.healthCheckNodePort) {
    findings.push(forbiddenField('spec.healthCheckNodePort', 'field is immutable'));
  }
  return findings;
}
