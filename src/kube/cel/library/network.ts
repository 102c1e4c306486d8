/** IP addresses and networks in CIDR form. */

import { type CelType, celTypes } from '../types.ts';
import { quote } from '../value/quote.ts';
import { CelError, CelOpaque, type CelValue, type Evaluated, noSuchOverload } from '../value/value.ts';
import {
  type Address,
  AddressProblem,
  formatAddress,
  isMapped,
  masked,
  type Network,
  networkHas,
  parseAddress,
  parseNetwork,
} from './address.ts';
import { type CelLibrary, declare, method, overload } from './declare.ts';

const { bool, cidr, int, ip, string } = celTypes;

class IpValue extends CelOpaque {
  readonly address: Address;
  constructor(address: Address) {
    super();
    this.address = address;
  }
  get type(): CelType {
    return ip;
  }
  equals(other: CelValue): boolean | CelError {
    if (!(other instanceof IpValue)) return noSuchOverload;
    return other.address.family === this.address.family && other.address.bits === this.address.bits;
  }
  text(): string {
    return formatAddress(this.address);
  }
  override get costSize(): number {
    return this.address.family === 4 ? 4 : 16;
  }
}

class CidrValue extends CelOpaque {
  readonly network: Network;
  constructor(network: Network) {
    super();
    this.network = network;
  }
  get type(): CelType {
    return cidr;
  }
  equals(other: CelValue): boolean | CelError {
    if (!(other instanceof CidrValue)) return noSuchOverload;
    const [ours, theirs] = [this.network, other.network];
    return (
      ours.prefix === theirs.prefix &&
      ours.address.family === theirs.address.family &&
      ours.address.bits === theirs.address.bits
    );
  }
  text(): string {
    return `${formatAddress(this.network.address)}/${this.network.prefix}`;
  }
  override get costSize(): number {
    return Math.ceil(this.network.prefix / 8);
  }
}

const attempt = <T>(run: () => T): T | AddressProblem => {
  try {
    return run();
  } catch (error) {
    if (error instanceof AddressProblem) return error;
    throw error;
  }
};

function readIp(text: string): IpValue | CelError {
  const address = attempt(() => parseAddress(text));
  if (address instanceof AddressProblem)
    return new CelError(`IP Address ${quote(text)} parse error during conversion from string: ${address.message}`);
  if (address.zone !== '') return new CelError(`IP address ${quote(text)} with zone value is not allowed`);
  return isMapped(address) ? mappedRefused(text) : new IpValue(address);
}

const mappedRefused = (text: string): CelError =>
  new CelError(`IPv4-mapped IPv6 address ${quote(text)} is not allowed`);

function readCidr(text: string): CidrValue | CelError {
  const prefix = 'network address parse error during conversion from string: ';
  const network = attempt(() => parseNetwork(text));
  if (network instanceof AddressProblem) return new CelError(`${prefix}${prefix}${network.message}`);
  return isMapped(network.address) ? new CelError(prefix + mappedRefused(text).message) : new CidrValue(network);
}

function isCanonical(text: string): Evaluated {
  const value = readIp(text);
  return value instanceof CelError ? value : value.text() === text;
}

const containsIp = (net: CidrValue, other: IpValue | CelError): Evaluated =>
  other instanceof CelError ? noSuchOverload : networkHas(net.network, other.address);

function containsCidr(net: CidrValue, other: CidrValue | CelError): Evaluated {
  if (other instanceof CelError) return other;
  return net.network.prefix <= other.network.prefix && networkHas(net.network, other.network.address);
}

const inNetwork = (address: string, prefix: number): ((value: IpValue) => boolean) => {
  const network = { address: parseAddress(address), prefix };
  return (value) => networkHas(network, value.address);
};

/** A range for each family. */
const either = (four: (value: IpValue) => boolean, six: (value: IpValue) => boolean) => (value: IpValue) =>
  four(value) || six(value);

const unspecified = either(inNetwork('0.0.0.0', 32), inNetwork('::', 128));
const loopback = either(inNetwork('127.0.0.0', 8), inNetwork('::1', 128));
const multicast = either(inNetwork('224.0.0.0', 4), inNetwork('ff00::', 8));
const localMulticast = either(
  inNetwork('224.0.0.0', 24),
  (value) => value.address.family === 6 && ((value.address.bits >> 112n) & 0xff0fn) === 0xff02n,
);
const localUnicast = either(inNetwork('169.254.0.0', 16), inNetwork('fe80::', 10));
const broadcast = inNetwork('255.255.255.255', 32);
const globalUnicast = (value: IpValue): boolean =>
  ![unspecified, loopback, multicast, localUnicast, broadcast].some((matches) => matches(value));

const ipTest = (name: string, id: string, run: (value: IpValue) => boolean) =>
  declare(name, method(id, [ip], bool, run));

export const addresses: CelLibrary = {
  types: [ip, cidr],
  functions: [
    declare('ip', overload('string_to_ip', [string], ip, readIp)),
    declare(
      'family',
      method('ip_family', [ip], int, (value: IpValue) => value.address.family),
    ),
    declare('ip.isCanonical', overload('ip_is_canonical', [string], bool, isCanonical)),
    ipTest('isUnspecified', 'ip_is_unspecified', unspecified),
    ipTest('isLoopback', 'ip_is_loopback', loopback),
    ipTest('isLinkLocalMulticast', 'ip_is_link_local_multicast', localMulticast),
    ipTest('isLinkLocalUnicast', 'ip_is_link_local_unicast', localUnicast),
    ipTest('isGlobalUnicast', 'ip_is_global_unicast', globalUnicast),
    declare(
      'isIP',
      overload('is_ip', [string], bool, (text: string) => readIp(text) instanceof IpValue),
    ),
    declare(
      'string',
      overload('ip_to_string', [ip], string, (value: IpValue) => value.text()),
    ),
  ],
};

export const networks: CelLibrary = {
  functions: [
    declare('cidr', overload('string_to_cidr', [string], cidr, readCidr)),
    declare(
      'containsIP',
      method('cidr_contains_ip_string', [cidr, string], bool, (net: CidrValue, text: string) =>
        containsIp(net, readIp(text)),
      ),
      method('cidr_contains_ip_ip', [cidr, ip], bool, containsIp),
    ),
    declare(
      'containsCIDR',
      method('cidr_contains_cidr_string', [cidr, string], bool, (net: CidrValue, text: string) =>
        containsCidr(net, readCidr(text)),
      ),
      method('cidr_contains_cidr', [cidr, cidr], bool, containsCidr),
    ),
    declare(
      'ip',
      method('cidr_ip', [cidr], ip, (net: CidrValue) => new IpValue(net.network.address)),
    ),
    declare(
      'prefixLength',
      method('cidr_prefix_length', [cidr], int, (net: CidrValue) => net.network.prefix),
    ),
    declare(
      'masked',
      method('cidr_masked', [cidr], cidr, (net: CidrValue) => new CidrValue(masked(net.network))),
    ),
    declare(
      'isCIDR',
      overload('is_cidr', [string], bool, (text: string) => readCidr(text) instanceof CidrValue),
    ),
    declare(
      'string',
      overload('cidr_to_string', [cidr], string, (net: CidrValue) => net.text()),
    ),
  ],
};
