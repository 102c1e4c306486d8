/** Names and addresses of a Pod: DNS, host aliases, host names, host ports. */
import { dns1123Label, dns1123Subdomain } from '#kube/names/validate.ts';
import { duplicateValue, forbiddenField, invalidValue, requiredValue, tooLong } from '#kube/status/causes.ts';
import { type Fields, isFields, itemsOf, textOf } from '../../value.ts';
import { checkAddress } from '../addresses.ts';
import { type Findings, requireOneOf, texts } from '../findings.ts';
import { searchDomain } from '../names.ts';

const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const mostNameservers = 3;
const mostSearchPaths = 32;
const longestSearchList = 2048;

export function checkDns(findings: Findings, path: string, spec: Fields): void {
  requireOneOf(findings, `${path}.dnsPolicy`, spec.dnsPolicy, dnsPolicies);
  const { dnsConfig } = spec;
  const at = `${path}.dnsConfig`;
  if (!isFields(dnsConfig)) {
    if (spec.dnsPolicy !== 'None') return;
    findings.push(requiredValue(at, 'must provide `dnsConfig` when `dnsPolicy` is None'));
    return;
  }
  const nameservers = itemsOf(dnsConfig.nameservers) as readonly unknown[];
  if (spec.dnsPolicy === 'None' && nameservers.length === 0) {
    const why = 'must provide at least one DNS nameserver when `dnsPolicy` is None';
    findings.push(requiredValue(`${at}.nameservers`, why));
    return;
  }
  if (nameservers.length > mostNameservers) {
    const why = `must not have more than ${mostNameservers} nameservers`;
    findings.push(invalidValue(`${at}.nameservers`, nameservers, why));
  }
  for (const [index, address] of nameservers.entries()) {
    checkAddress(findings, `${at}.nameservers[${index}]`, textOf(address));
  }
  checkSearches(findings, `${at}.searches`, itemsOf(dnsConfig.searches) as readonly unknown[]);
  for (const [index, option] of itemsOf(dnsConfig.options).entries()) {
    if (!option.name) findings.push(requiredValue(`${at}.options[${index}]`, 'must not be empty'));
  }
}

function checkSearches(findings: Findings, path: string, searches: readonly unknown[]): void {
  if (searches.length > mostSearchPaths) {
    findings.push(invalidValue(path, searches, `must not have more than ${mostSearchPaths} search paths`));
  }
  if (searches.join(' ').length > longestSearchList) {
    const why = `must not have more than ${longestSearchList} characters (including spaces) in the search list`;
    findings.push(invalidValue(path, searches, why));
  }
  for (const [index, search] of searches.entries()) {
    if (search === '.') continue;
    const domain = textOf(search).replace(/\.$/, '');
    texts(findings, `${path}[${index}]`, domain, searchDomain(domain));
  }
}

export function checkHostAliases(findings: Findings, path: string, aliases: readonly Fields[]): void {
  for (const [index, alias] of aliases.entries()) {
    checkAddress(findings, `${path}[${index}].ip`, textOf(alias.ip));
    for (const [at, name] of (itemsOf(alias.hostnames) as readonly unknown[]).entries()) {
      texts(findings, `${path}[${index}].hostnames[${at}]`, name, dns1123Subdomain(textOf(name)));
    }
  }
}

/** hostname, subdomain and the name that overrides both. */
export function checkHostNames(findings: Findings, path: string, spec: Fields): void {
  for (const name of ['hostname', 'subdomain']) {
    const value = textOf(spec[name]);
    if (value !== '') texts(findings, `${path}.${name}`, value, dns1123Label(value));
  }
  const override = spec.hostnameOverride;
  if (typeof override !== 'string') return;
  const at = `${path}.hostnameOverride`;
  if (spec.setHostnameAsFQDN === true) {
    findings.push(forbiddenField(at, 'may not be specified when setHostnameAsFQDN is true'));
  }
  if (spec.hostNetwork === true) findings.push(forbiddenField(at, 'may not be specified when hostNetwork is true'));
  if (override.length > 64) findings.push(tooLong(at, 64));
  texts(findings, at, override, dns1123Subdomain(override));
}

/** With the host's network a container's port is the host's; a template may leave that to its Pods. */
export function checkHostNetwork(findings: Findings, path: string, spec: Fields, isPod: boolean): void {
  if (spec.hostNetwork !== true) return;
  for (const [index, container] of itemsOf(spec.containers).entries()) {
    for (const [at, port] of itemsOf(container.ports).entries()) {
      const hostPort = port.hostPort ?? 0;
      if (hostPort === (port.containerPort ?? 0) || (hostPort === 0 && !isPod)) continue;
      const why = 'must match `containerPort` when `hostNetwork` is true';
      findings.push(invalidValue(`${path}.containers[${index}].ports[${at}].hostPort`, hostPort, why));
    }
  }
}

/** Each port of the host is taken once in these containers. */
export function checkHostPorts(findings: Findings, path: string, containers: readonly Fields[]): void {
  const taken = new Set<string>();
  for (const [index, container] of containers.entries()) {
    for (const [at, port] of itemsOf(container.ports).entries()) {
      if (!port.hostPort) continue;
      const text = `${textOf(port.protocol)}/${textOf(port.hostIP)}/${Number(port.hostPort)}`;
      if (taken.has(text)) findings.push(duplicateValue(`${path}[${index}].ports[${at}].hostPort`, text));
      taken.add(text);
    }
  }
}
