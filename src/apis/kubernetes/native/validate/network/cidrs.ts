/** ServiceCIDR and IPAddress: ranges of Services' addresses, and who holds one of them. */
import type { KubeObject } from '#kube/meta/object.ts';
import { dns1123Subdomain } from '#kube/names/validate.ts';
import { invalidValue, requiredValue } from '#kube/status/causes.ts';
import { contentOf } from '../../prepare/preparation.ts';
import { type Fields, fieldsOf, isFields, itemsOf, sameValue, textOf } from '../../value.ts';
import { canonicalAddress, parseAddress, parseRange } from '../addresses.ts';
import { type Findings, immutableText, texts } from '../findings.ts';
import { pathSegment } from '../names.ts';

const specOf = (object: KubeObject): Fields => fieldsOf(contentOf(object).spec);
const rangesOf = (object: KubeObject): readonly string[] =>
  itemsOf(specOf(object).cidrs) as readonly unknown[] as string[];

/** One of each family. */
const mostRanges = 2;

export function validateServiceCidr(object: KubeObject): Findings {
  const ranges = rangesOf(object);
  const path = 'spec.cidrs';
  if (ranges.length === 0) return [requiredValue(path, 'at least one CIDR required')];
  if (ranges.length > mostRanges) return [invalidValue(path, { CIDRs: ranges }, 'may only hold up to 2 values')];
  const families = ranges.map((range) => parseRange(range)?.family);
  const findings: Findings = [];
  if (ranges.length === mostRanges && families[0] !== undefined && families[0] === families[1]) {
    const text = 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64';
    findings.push(invalidValue(path, ranges, text));
  }
  for (const [index, range] of ranges.entries()) checkStrictRange(findings, `${path}[${index}]`, range);
  return findings;
}

export function validateServiceCidrUpdate(object: KubeObject, old: KubeObject): Findings {
  const [now, before] = [rangesOf(object), rangesOf(old)];
  const path = 'spec.cidrs';
  // A second family may come, or go; what is there stays.
  if (sameValue(now, before) || (now.length !== before.length && now[0] === before[0])) return [];
  return now.flatMap((range, index) =>
    range === before[index] || index >= before.length ? [] : [invalidValue(`${path}[${index}]`, range, immutableText)],
  );
}

function checkStrictRange(findings: Findings, path: string, text: string): void {
  const [address = '', bits = ''] = text.split('/');
  const parsed = parseAddress(address);
  const range = parseRange(text);
  if (!parsed || !range) {
    findings.push(invalidValue(path, text, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'));
    return;
  }
  const beyond = parsed.bytes.some((byte, index) => {
    const kept = Math.min(8, Math.max(0, range.prefix - index * 8));
    return (byte & (255 >> kept)) !== 0;
  });
  if (beyond) {
    findings.push(invalidValue(path, text, 'must not have bits set beyond the prefix length'));
    return;
  }
  const canonical = `${canonicalAddress(parsed)}/${Number(bits)}`;
  if (canonical !== text)
    findings.push(invalidValue(path, text, `must be in canonical form (${JSON.stringify(canonical)})`));
}

export function validateIpAddress(object: KubeObject): Findings {
  const { parentRef } = specOf(object);
  const path = 'spec.parentRef';
  if (!isFields(parentRef)) return [requiredValue(path)];
  const findings: Findings = [];
  const group = textOf(parentRef.group);
  if (group !== '') texts(findings, `${path}.group`, group, dns1123Subdomain(group));
  for (const name of ['resource', 'name', 'namespace']) {
    const value = textOf(parentRef[name]);
    if (value !== '') texts(findings, `${path}.${name}`, value, pathSegment(value));
    else if (name !== 'namespace') findings.push(requiredValue(`${path}.${name}`));
  }
  return findings;
}

export const validateIpAddressUpdate = (object: KubeObject, old: KubeObject): Findings =>
  sameValue(specOf(object).parentRef, specOf(old).parentRef)
    ? []
    : [invalidValue('spec.parentRef', specOf(object).parentRef ?? null, immutableText)];
