/** IP addresses and ranges of addresses, read as Go's parsers for old fields do (leading zeros in IPv4 pass). */
import { invalidValue } from '#kube/status/causes.ts';
import type { Findings } from './findings.ts';

export interface Address {
  readonly family: 4 | 6;
  /** 4 or 16 bytes. */
  readonly bytes: readonly number[];
}

/** undefined: not an address. An IPv4 address mapped into IPv6 counts as IPv4. */
export function parseAddress(text: string): Address | undefined {
  if (!text.includes(':')) {
    const bytes = parseIpv4(text);
    return bytes && { family: 4, bytes };
  }
  const bytes = parseIpv6(text);
  if (!bytes) return undefined;
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  return mapped ? { family: 4, bytes: bytes.slice(12) } : { family: 6, bytes };
}

function parseIpv4(text: string): number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d+$/.test(part) && Number(part) <= 255)) return undefined;
  return parts.map(Number);
}

function parseIpv6(text: string): number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const sides = halves.map((half) => (half === '' ? [] : half.split(':')));
  const bytes = sides.map((side, index) => sideBytes(side, index === sides.length - 1));
  const [head, tail] = bytes;
  if (bytes.includes(undefined) || !head) return undefined;
  if (halves.length === 1) return head.length === 16 ? head : undefined;
  const missing = 16 - head.length - tail!.length;
  return missing < 2 ? undefined : [...head, ...Array.from({ length: missing }, () => 0), ...tail!];
}

/** The last group may be an IPv4 address. */
function sideBytes(groups: readonly string[], last: boolean): number[] | undefined {
  const bytes: number[] = [];
  for (const [index, group] of groups.entries()) {
    if (last && index === groups.length - 1 && group.includes('.')) {
      const four = parseIpv4(group);
      if (!four) return undefined;
      bytes.push(...four);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(group)) {
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 255);
    } else return undefined;
  }
  return bytes;
}

export interface AddressRange extends Address {
  readonly prefix: number;
}

export function parseRange(text: string): AddressRange | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return undefined;
  const address = parseAddress(text.slice(0, slash));
  const length = text.slice(slash + 1);
  const longest = text.includes(':') ? 128 : 32;
  if (!address || !/^\d{1,3}$/.test(length) || Number(length) > longest) return undefined;
  return { ...address, prefix: Number(length) };
}

/** Whether `inner` lies in `outer` and is smaller. */
export function strictlyContains(outer: AddressRange, inner: AddressRange): boolean {
  if (outer.family !== inner.family || inner.prefix <= outer.prefix) return false;
  return sameBits(outer.bytes, inner.bytes, outer.prefix);
}

function sameBits(left: readonly number[], right: readonly number[], bits: number): boolean {
  const whole = bits >> 3;
  for (let index = 0; index < whole; index++) if (left[index] !== right[index]) return false;
  const rest = bits & 7;
  return rest === 0 || left[whole]! >> (8 - rest) === right[whole]! >> (8 - rest);
}

export function checkAddress(findings: Findings, path: string, text: string): boolean {
  if (parseAddress(text)) return true;
  findings.push(invalidValue(path, text, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'));
  return false;
}

export function checkRange(findings: Findings, path: string, text: string): boolean {
  if (parseRange(text)) return true;
  findings.push(invalidValue(path, text, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'));
  return false;
}

/** An address that traffic may be sent to: neither unspecified, nor this machine, nor this link. */
export function checkEndpointAddress(findings: Findings, path: string, text: string): void {
  const address = parseAddress(text);
  if (!address) {
    findings.push(invalidValue(path, text, 'must be a valid IP address'));
    return;
  }
  const { family, bytes } = address;
  const [first = 0, second = 0, third = 0] = bytes;
  const four = family === 4;
  const loopback = four ? first === 127 : bytes.every((byte, index) => byte === (index === 15 ? 1 : 0));
  const local = four ? first === 169 && second === 254 : first === 0xfe && (second & 0xc0) === 0x80;
  const multicast = four ? first === 224 && second === 0 && third === 0 : first === 0xff && (second & 0x0f) === 2;
  if (bytes.every((byte) => byte === 0)) findings.push(invalidValue(path, text, `may not be unspecified (${text})`));
  if (loopback) findings.push(invalidValue(path, text, 'may not be in the loopback range (127.0.0.0/8, ::1/128)'));
  if (local) findings.push(invalidValue(path, text, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'));
  if (multicast) {
    findings.push(invalidValue(path, text, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'));
  }
}

/** An address as Go writes it: IPv6 in lower case, its longest run of zeros left out. */
export function canonicalAddress({ family, bytes }: Address): string {
  if (family === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((bytes[index * 2]! << 8) | bytes[index * 2 + 1]!).toString(16),
  );
  let [from, length] = [0, 1];
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (groups[end] === '0') end++;
    if (end - start > length) [from, length] = [start, end - start];
  }
  if (length < 2) return groups.join(':');
  return `${groups.slice(0, from).join(':')}::${groups.slice(from + length).join(':')}`;
}

/** IPAddress objects are called what they are. */
export function ipAddressName(name: string): readonly string[] {
  const address = parseAddress(name);
  if (!address) return ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'];
  const canonical = canonicalAddress(address);
  return canonical === name ? [] : [`must be in canonical form ("${canonical}")`];
}
