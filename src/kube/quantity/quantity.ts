/**
 * Resource quantities: exact decimal amounts with Kubernetes' suffixes. Amounts are whole nanounits, the finest grain
 * that apimachinery keeps; what is finer is rounded away from zero, so that asking for little never means nothing.
 */
import { parseAmount, type QuantityFormat } from './parse.ts';

export interface Quantity {
  /** Amount times 10^9. */
  readonly nano: bigint;
  /** How it is written back: suffixes k M G, Ki Mi Gi, or an exponent. */
  readonly format: QuantityFormat;
  /** The text it was parsed from where that is kept: Go does not rewrite what is canonical already (`05` stays `05`). */
  readonly text?: string;
}

const one = 1_000_000_000n;
const milli = 1_000_000n;

const decimalSuffixes: Readonly<Record<number, string>> = {
  [-9]: 'n',
  [-6]: 'u',
  [-3]: 'm',
  0: '',
  3: 'k',
  6: 'M',
  9: 'G',
  12: 'T',
  15: 'P',
  18: 'E',
};
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** Quantities repeat (`100m`, `128Mi`); 1,024 of them at about 200 bytes are 200 kB, and the longest 2 MB. Full: it starts anew. */
const mostRemembered = 1024;
const remembered = new Map<string | number, Quantity>();

/** Throws RangeError with apimachinery's text on what is no quantity. */
export function parseQuantity(text: string | number): Quantity {
  const known = remembered.get(text);
  if (known) return known;
  const quantity = parseAmount(typeof text === 'number' ? plainNumber(text) : text.trim());
  if (remembered.size >= mostRemembered) remembered.clear();
  remembered.set(text, quantity);
  return quantity;
}

/** As Go prints quantities: the largest suffix that leaves no fraction. */
export function formatQuantity(quantity: Quantity): string {
  if (quantity.text !== undefined) return quantity.text;
  const { nano } = quantity;
  if (nano === 0n) return '0';
  const small = nano < 1024n * one && nano > -1024n * one;
  if (quantity.format === 'BinarySI' && !small && nano % one === 0n) return formatBinary(nano / one);
  return formatDecimal(nano, quantity.format);
}

/** parse and format: what kube-apiserver stores for `text`. */
export function canonicalQuantity(text: string | number): string {
  return formatQuantity(parseQuantity(text));
}

/** Negative, zero or positive, as sort functions expect. */
export function compareQuantity(left: Quantity, right: Quantity): number {
  return left.nano < right.nano ? -1 : left.nano > right.nano ? 1 : 0;
}

/** The sum, in the left one's format unless that is zero. */
export function addQuantity(left: Quantity, right: Quantity): Quantity {
  return { nano: left.nano + right.nano, format: left.nano === 0n ? right.format : left.format };
}

export function subtractQuantity(left: Quantity, right: Quantity): Quantity {
  return { nano: left.nano - right.nano, format: left.nano === 0n ? right.format : left.format };
}

/** Whole units, rounded away from zero. */
export function quantityValue(quantity: Quantity): number {
  return Number(divideAwayFromZero(quantity.nano, one));
}

/** Thousandths, rounded away from zero: `100m` is 100. */
export function milliValue(quantity: Quantity): number {
  return Number(divideAwayFromZero(quantity.nano, milli));
}

function divideAwayFromZero(amount: bigint, unit: bigint): bigint {
  const quotient = amount / unit;
  if (quotient * unit === amount) return quotient;
  return amount < 0n ? quotient - 1n : quotient + 1n;
}

function formatBinary(units: bigint): string {
  let amount = units;
  let power = 0;
  while (power < binarySuffixes.length - 1 && amount % 1024n === 0n) {
    amount /= 1024n;
    power++;
  }
  return `${amount}${binarySuffixes[power]}`;
}

function formatDecimal(nano: bigint, format: QuantityFormat): string {
  let amount = nano;
  let exponent = -9;
  while (amount % 1000n === 0n && (format === 'DecimalExponent' || exponent < 18)) {
    amount /= 1000n;
    exponent += 3;
  }
  if (format === 'DecimalExponent') return exponent === 0 ? `${amount}` : `${amount}e${exponent}`;
  return `${amount}${decimalSuffixes[exponent]}`;
}

/** A JSON number without an exponent where Go's encoder writes none. */
function plainNumber(value: number): string {
  return String(value).replace('e+', 'e');
}
