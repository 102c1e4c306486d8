/** IP addresses and networks as Go's netip reads and writes them. */
import { quote } from '../value/quote.ts';

export interface Address {
  /** 4 or 16 bytes, as one number. */
  readonly bits: bigint;
  readonly family: 4 | 6;
  readonly zone: string;
}

export interface Network {
  readonly address: Address;
  readonly prefix: number;
}

/** Thrown with netip's text. */
export class AddressProblem extends Error {}

const widthOf = (family: 4 | 6): number => (family === 4 ? 32 : 128);

/** An IPv4 address written as IPv6. */
export const isMapped = ({ family, bits }: Address): boolean => family === 6 && bits >> 32n === 0xffffn;

export function parseAddress(text: string): Address {
  for (const character of text) {
    if (character === '.') return { bits: parseFour(text, text), family: 4, zone: '' };
    if (character === ':') return parseSix(text);
    if (character === '%') throw problem(text, 'missing IPv6 address');
  }
  throw problem(text, 'unable to parse IP');
}

const problem = (text: string, why: string, at?: string): AddressProblem =>
  new AddressProblem(`ParseAddr(${quote(text)}): ${why}${at === undefined ? '' : ` (at ${quote(at)})`}`);

/** `part` of `whole`: the end of an IPv6 address may be one too. */
function parseFour(whole: string, part: string): bigint {
  const fields: bigint[] = [];
  let value = 0;
  let digits = 0;
  for (let at = 0; at < part.length; at++) {
    const character = part[at]!;
    const rest = part.slice(at);
    if (character >= '0' && character <= '9') {
      if (digits === 1 && value === 0) throw problem(whole, 'IPv4 field has octet with leading zero');
      value = value * 10 + Number(character);
      digits++;
      if (value > 255) throw problem(whole, 'IPv4 field has value >255');
    } else if (character === '.') {
      if (at === 0 || at === part.length - 1 || part[at - 1] === '.')
        throw problem(whole, 'IPv4 field must have at least one digit', rest);
      if (fields.length === 3) throw problem(whole, 'IPv4 address too long');
      fields.push(BigInt(value));
      value = 0;
      digits = 0;
    } else throw problem(whole, 'unexpected character', rest);
  }
  if (fields.length < 3) throw problem(whole, 'IPv4 address too short');
  return [...fields, BigInt(value)].reduce((bits, field) => (bits << 8n) | field, 0n);
}

function parseSix(text: string): Address {
  const percent = text.indexOf('%');
  const zone = percent < 0 ? '' : text.slice(percent + 1);
  if (percent >= 0 && zone === '') throw problem(text, 'zone must be a non-empty string');
  let rest = percent < 0 ? text : text.slice(0, percent);
  const groups: bigint[] = [];
  let ellipsis = -1;
  if (rest.startsWith('::')) {
    ellipsis = 0;
    rest = rest.slice(2);
  }
  while (groups.length < 8 && rest !== '') {
    const hex = /^[0-9a-fA-F]*/.exec(rest)![0];
    if (hex.length > 4) throw problem(text, 'each group must have 4 or less digits', rest);
    if (hex === '') throw problem(text, 'each colon-separated field must have at least one digit', rest);
    if (rest[hex.length] === '.') {
      if (ellipsis < 0 && groups.length !== 6)
        throw problem(text, 'embedded IPv4 address must replace the final 2 fields of the address', rest);
      if (groups.length + 2 > 8)
        throw problem(text, 'too many hex fields to fit an embedded IPv4 at the end of the address', rest);
      const four = parseFour(text, rest);
      groups.push(four >> 16n, four & 0xffffn);
      rest = '';
      break;
    }
    groups.push(BigInt(`0x${hex}`));
    rest = rest.slice(hex.length);
    if (rest === '') break;
    if (rest[0] !== ':') throw problem(text, 'unexpected character, want colon', rest);
    if (rest.length === 1) throw problem(text, 'colon must be followed by more characters', rest);
    rest = rest.slice(1);
    if (rest[0] !== ':') continue;
    if (ellipsis >= 0) throw problem(text, 'multiple :: in address', rest);
    ellipsis = groups.length;
    rest = rest.slice(1);
  }
  if (rest !== '') throw problem(text, 'trailing garbage after address', rest);
  if (groups.length < 8) {
    if (ellipsis < 0) throw problem(text, 'address string too short');
    groups.splice(ellipsis, 0, ...Array.from({ length: 8 - groups.length }, () => 0n));
  } else if (ellipsis >= 0) throw problem(text, 'the :: must expand to at least one field of zeros');
  return { bits: groups.reduce((bits, group) => (bits << 16n) | group, 0n), family: 6, zone };
}

export function formatAddress(address: Address): string {
  const { bits, family } = address;
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 0xffn).join('.');
  if (isMapped(address)) return `::ffff:${formatAddress({ bits: bits & 0xffff_ffffn, family: 4, zone: '' })}`;
  const groups = Array.from({ length: 8 }, (_none, index) =>
    ((bits >> BigInt(112 - index * 16)) & 0xffffn).toString(16),
  );
  const run = longestZeros(groups);
  if (!run) return groups.join(':');
  return `${groups.slice(0, run.start).join(':')}::${groups.slice(run.end).join(':')}`;
}

/** The first longest run of at least two zero groups. */
function longestZeros(groups: readonly string[]): { start: number; end: number } | undefined {
  let best: { start: number; end: number } | undefined;
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (groups[end] === '0') end++;
    if (end - start >= 2 && end - start > (best ? best.end - best.start : 0)) best = { start, end };
    start = Math.max(start, end);
  }
  return best;
}

export function parseNetwork(text: string): Network {
  const refused = (why: string) => new AddressProblem(`netip.ParsePrefix(${quote(text)}): ${why}`);
  const slash = text.lastIndexOf('/');
  if (slash < 0) throw refused("no '/'");
  const address = parsePart(text.slice(0, slash), refused);
  if (address.zone !== '') throw refused('IPv6 zones cannot be present in a prefix');
  const bits = text.slice(slash + 1);
  if (bits.length > 1 && !/^[1-9]/.test(bits)) throw refused(`bad bits after slash: ${quote(bits)}`);
  if (!/^\d+$/.test(bits)) throw refused(`bad bits after slash: ${quote(bits)}`);
  const prefix = Number(bits);
  if (prefix > widthOf(address.family)) throw refused('prefix length out of range');
  return { address, prefix };
}

function parsePart(text: string, refused: (why: string) => AddressProblem): Address {
  try {
    return parseAddress(text);
  } catch (error) {
    throw error instanceof AddressProblem ? refused(error.message) : error;
  }
}

/** The address with everything behind the prefix zero. */
export function masked({ address, prefix }: Network): Network {
  const rest = BigInt(widthOf(address.family) - prefix);
  return { address: { ...address, bits: (address.bits >> rest) << rest }, prefix };
}

export function networkHas(network: Network, address: Address): boolean {
  if (network.address.family !== address.family || address.zone !== '') return false;
  const rest = BigInt(widthOf(address.family) - network.prefix);
  return network.address.bits >> rest === address.bits >> rest;
}
