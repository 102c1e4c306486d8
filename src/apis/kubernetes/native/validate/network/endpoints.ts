/** Endpoints and EndpointSlices: addresses that traffic may be sent to, and ports. */
import type { KubeObject } from '#kube/meta/object.ts';
import { dns1123Label, dns1123Subdomain, labelValue, qualifiedName } from '#kube/names/validate.ts';
import { duplicateValue, invalidValue, requiredValue, tooMany, unsupportedValue } from '#kube/status/causes.ts';
import { contentOf } from '../../prepare/preparation.ts';
import { type Fields, fieldsOf, itemsOf, textOf } from '../../value.ts';
import { checkAddress, checkEndpointAddress, parseAddress } from '../addresses.ts';
import { type Findings, immutableText, portNumber, requireOneOf, texts } from '../findings.ts';
import { qualifiedDomain } from '../names.ts';
import { protocols } from './services.ts';

export function validateEndpoints(endpoints: KubeObject): Findings {
  const findings: Findings = [];
  for (const [index, subset] of itemsOf(contentOf(endpoints).subsets).entries()) {
    checkSubset(findings, `subsets[${index}]`, subset);
  }
  return findings;
}

function checkSubset(findings: Findings, path: string, subset: Fields): void {
  const lists = ['addresses', 'notReadyAddresses'];
  if (lists.every((name) => itemsOf(subset[name]).length === 0)) {
    findings.push(requiredValue(path, 'must specify `addresses` or `notReadyAddresses`'));
  }
  for (const name of lists) {
    for (const [index, address] of itemsOf(subset[name]).entries()) {
      checkSubsetAddress(findings, `${path}.${name}[${index}]`, address);
    }
  }
  const ports = itemsOf(subset.ports);
  for (const [index, port] of ports.entries()) {
    const at = `${path}.ports[${index}]`;
    const name = textOf(port.name);
    if (name !== '') texts(findings, `${at}.name`, name, dns1123Label(name));
    else if (ports.length > 1) findings.push(requiredValue(`${at}.name`));
    portNumber(findings, `${at}.port`, port.port);
    checkProtocols(findings, at, port);
  }
}

function checkProtocols(findings: Findings, path: string, port: Fields): void {
  requireOneOf(findings, `${path}.protocol`, port.protocol, protocols);
  if (typeof port.appProtocol === 'string') {
    texts(findings, `${path}.appProtocol`, port.appProtocol, qualifiedName(port.appProtocol));
  }
}

function checkSubsetAddress(findings: Findings, path: string, address: Fields): void {
  const ip = textOf(address.ip);
  const host = textOf(address.hostname);
  checkAddress(findings, `${path}.ip`, ip);
  if (host !== '') texts(findings, `${path}.hostname`, host, dns1123Label(host));
  checkNode(findings, `${path}.nodeName`, address.nodeName);
  checkEndpointAddress(findings, `${path}.ip`, ip);
}

function checkNode(findings: Findings, path: string, name: unknown): void {
  if (typeof name === 'string') texts(findings, path, name, dns1123Subdomain(name));
}

/** As kube-apiserver bounds slices. */
const mostEndpoints = 1000;
const mostAddresses = 100;
const mostPorts = 20000;
const mostHints = 8;

export function validateEndpointSlice(slice: KubeObject): Findings {
  const findings: Findings = [];
  const { addressType, ports, endpoints } = contentOf(slice);
  requireOneOf(findings, 'addressType', addressType, ['FQDN', 'IPv4', 'IPv6']);
  checkSlicePorts(findings, itemsOf(ports));
  const all = itemsOf(endpoints);
  if (all.length > mostEndpoints) return [...findings, tooMany('endpoints', all.length, mostEndpoints)];
  for (const [index, endpoint] of all.entries()) {
    checkEndpoint(findings, `endpoints[${index}]`, endpoint, textOf(addressType));
  }
  return findings;
}

function checkSlicePorts(findings: Findings, ports: readonly Fields[]): void {
  if (ports.length > mostPorts) {
    findings.push(tooMany('ports', ports.length, mostPorts));
    return;
  }
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const at = `ports[${index}]`;
    const name = textOf(port.name);
    if (name !== '') texts(findings, `${at}.name`, name, dns1123Label(name));
    if (names.has(name)) findings.push(duplicateValue(`${at}.name`, name));
    names.add(name);
    if (port.protocol === '') findings.push(unsupportedValue(`${at}.protocol`, '', protocols));
    else checkProtocols(findings, at, port);
  }
}

function checkEndpoint(findings: Findings, path: string, endpoint: Fields, type: string): void {
  const addresses = itemsOf(endpoint.addresses) as readonly unknown[];
  const at = `${path}.addresses`;
  if (addresses.length === 0) findings.push(requiredValue(at, 'must contain at least 1 address'));
  if (addresses.length > mostAddresses) findings.push(tooMany(at, addresses.length, mostAddresses));
  for (const [index, address] of addresses.entries()) {
    checkTyped(findings, at, `${at}[${index}]`, textOf(address), type);
  }
  checkNode(findings, `${path}.nodeName`, endpoint.nodeName);
  if (typeof endpoint.hostname === 'string') {
    texts(findings, `${path}.hostname`, endpoint.hostname, dns1123Label(endpoint.hostname));
  }
  const zones = itemsOf(fieldsOf(endpoint.hints).forZones);
  if (zones.length > mostHints) findings.push(tooMany(`${path}.hints.forZones`, zones.length, mostHints));
  const named = new Set<string>();
  for (const [index, { name }] of zones.entries()) {
    const at = `${path}.hints.forZones[${index}].name`;
    texts(findings, at, name, labelValue(textOf(name)));
    if (named.has(textOf(name))) findings.push(duplicateValue(at, name));
    named.add(textOf(name));
  }
}

function checkTyped(findings: Findings, list: string, path: string, address: string, type: string): void {
  if (type === 'FQDN') texts(findings, path, address, qualifiedDomain(address.replace(/\.$/, ''), 2));
  else if ((type === 'IPv4' || type === 'IPv6') && checkAddress(findings, path, address)) {
    if (`IPv${parseAddress(address)?.family}` !== type)
      findings.push(invalidValue(list, address, `must be an ${type} address`));
    checkEndpointAddress(findings, path, address);
  }
}

export function validateEndpointSliceUpdate(slice: KubeObject, old: KubeObject): Findings {
  const { addressType } = contentOf(slice);
  return addressType === contentOf(old).addressType ? [] : [invalidValue('addressType', addressType, immutableText)];
}
