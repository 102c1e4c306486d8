/** IPv4 ranges in CIDR notation, as numbers. */

export interface AddressRange {
  /** `10.96.0.0/16`, as it was given. */
  readonly text: string;
  /** The first address after the network's own. */
  readonly first: number;
  /** The last address before the broadcast address. */
  readonly last: number;
}

const addressPattern = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** undefined for what is not an IPv4 address. */
export function parseAddress(text: string): number | undefined {
  const match = addressPattern.exec(text);
  if (!match) return undefined;
  const parts = match.slice(1).map(Number);
  if (parts.some((part) => part > 255)) return undefined;
  return parts.reduce((address, part) => address * 256 + part, 0);
}

export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

/** Throws RangeError for what is not an IPv4 range of at least four addresses. */
export function parseRange(text: string): AddressRange {
  const [base = '', bits = ''] = text.split('/');
  const address = parseAddress(base);
  const length = Number(bits);
  if (address === undefined || !Number.isInteger(length) || length < 8 || length > 30) {
    throw new RangeError(`service CIDR ${JSON.stringify(text)} is not an IPv4 range between /8 and /30`);
  }
  const size = 2 ** (32 - length);
  const network = address - (address % size);
  return { text, first: network + 1, last: network + size - 2 };
}
