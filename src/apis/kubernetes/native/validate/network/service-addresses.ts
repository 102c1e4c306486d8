/** Cluster IPs and IP families of a Service: they agree with each other, and the first one stays for good. */
import { duplicateValue, invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import { type Fields, itemsOf, textOf } from '../../value.ts';
import { checkAddress, parseAddress } from '../addresses.ts';
import type { Findings } from '../findings.ts';

const families = ['IPv4', 'IPv6'];
const familyPolicies = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];

const listOf = (value: unknown): readonly string[] => itemsOf(value) as readonly unknown[] as readonly string[];

export function isHeadless(spec: Fields): boolean {
  const addresses = listOf(spec.clusterIPs);
  return addresses.length === 1 && addresses[0] === 'None';
}

export function checkClusterAddresses(findings: Findings, spec: Fields): void {
  if (spec.type === 'ExternalName') return;
  const addresses = listOf(spec.clusterIPs);
  const single = textOf(spec.clusterIP);
  if (single === '') {
    if (addresses.length > 0) {
      findings.push(invalidValue('spec.clusterIPs', addresses, 'must be empty when `clusterIP` is not specified'));
    }
  } else if (addresses.length === 0) findings.push(requiredValue('spec.clusterIPs'));
  else if (addresses[0] !== single) {
    findings.push(invalidValue('spec.clusterIPs', addresses, 'first value must match `clusterIP`'));
  }
  const asked = listOf(spec.ipFamilies);
  for (const [index, family] of asked.entries()) {
    const at = `spec.ipFamilies[${index}]`;
    if (!families.includes(family)) findings.push(unsupportedValue(at, family, families));
    if (asked.indexOf(family) < index) findings.push(duplicateValue(at, family));
  }
  const policy = spec.ipFamilyPolicy;
  if (typeof policy === 'string' && !familyPolicies.includes(policy)) {
    findings.push(unsupportedValue('spec.ipFamilyPolicy', policy, familyPolicies));
  }
  if (checkEach(findings, addresses)) checkFamilies(findings, spec, addresses, asked);
}

function checkEach(findings: Findings, addresses: readonly string[]): boolean {
  let valid = true;
  for (const [index, address] of addresses.entries()) {
    if (index === 0 && address === 'None') {
      if (addresses.length === 1) continue;
      findings.push(invalidValue('spec.clusterIPs', addresses, "'None' must be the first and only value"));
      valid = false;
    } else if (!checkAddress(findings, `spec.clusterIPs[${index}]`, address)) valid = false;
  }
  if (addresses.length > 2) findings.push(invalidValue('spec.clusterIPs', addresses, 'may only hold up to 2 values'));
  return valid;
}

function checkFamilies(findings: Findings, spec: Fields, addresses: readonly string[], asked: readonly string[]): void {
  const found = addresses.map((address) => (address === 'None' ? undefined : parseAddress(address)?.family));
  if (addresses.length > 1 && found[0] === found[1]) {
    const why = 'may specify no more than one IP for each IP family';
    findings.push(invalidValue('spec.clusterIPs', addresses, why));
  }
  if (isHeadless(spec)) return;
  for (const [index, address] of addresses.entries()) {
    const family = asked[index];
    if (family === undefined || found[index] === undefined || family === `IPv${found[index]}`) continue;
    if (!families.includes(family)) continue;
    const why = `expected an ${family} value as indicated by \`ipFamilies[${index}]\``;
    findings.push(invalidValue(`spec.clusterIPs[${index}]`, address, why));
  }
}

const once = 'may not change once set';

/** A Service without cluster IP, or one that had none, is free to change. */
export function checkAddressUpdate(findings: Findings, spec: Fields, before: Fields): void {
  if (spec.type === 'ExternalName' || before.type === 'ExternalName') return;
  const headless = isHeadless(spec);
  if (!(headless && isHeadless(before))) checkList(findings, 'clusterIPs', 'clusterIP', spec, before);
  if (!headless && !isHeadless(before)) checkList(findings, 'ipFamilies', 'ipFamily', spec, before);
}

function checkList(findings: Findings, name: string, one: string, spec: Fields, before: Fields): void {
  const now = listOf(spec[name]);
  const was = listOf(before[name]);
  const path = `spec.${name}`;
  if (now.length === was.length) {
    for (const [index, value] of was.entries()) {
      if (value !== now[index]) {
        findings.push(invalidValue(`${path}[${name === 'clusterIPs' ? index : 0}]`, now, once));
      }
    }
    return;
  }
  if (was.length > 0 && now.length > 0 && was[0] !== now[0]) findings.push(invalidValue(`${path}[0]`, now, once));
  if (was.length < now.length) return;
  if (now.length === 0)
    findings.push(invalidValue(`${path}[0]`, spec[name] ?? null, `primary ${one} can not be unset`));
  if (now.length === 1 && spec.ipFamilyPolicy !== 'SingleStack') {
    const why = `must be set to 'SingleStack' when releasing the secondary ${one}`;
    findings.push(invalidValue('spec.ipFamilyPolicy', spec.ipFamilyPolicy ?? null, why));
  }
}
