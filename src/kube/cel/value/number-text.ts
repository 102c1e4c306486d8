/** Numbers as Go writes and reads them. */
import { type CelInt, intOf, largestInt } from './int.ts';

/** `%g` with the shortest digits: an exponent below -4 and from 6 on. */
export function formatGeneral(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [digits, exponentText] = value.toExponential().split('e') as [string, string];
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) return formatPlain(value);
  const size = Math.abs(exponent);
  return `${digits}e${exponent < 0 ? '-' : '+'}${size < 10 ? '0' : ''}${size}`;
}

/** `%f` with the shortest digits: never an exponent. */
export function formatPlain(value: number): string {
  const text = Object.is(value, -0) ? '-0' : String(value);
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!match) return text;
  const [, sign, whole, fraction = '', exponentText] = match as unknown as [string, string, string, string?, string?];
  const exponent = Number(exponentText);
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${whole}${fraction}`;
  return `${sign}${whole}${fraction.padEnd(exponent, '0')}`;
}

/** `%.<precision>e`: at least two digits of exponent. */
export function formatScientific(value: number, precision: number): string {
  return value.toExponential(precision).replace(/e([+-])(\d)$/, 'e$10$2');
}

/** `%.<precision>f`: the double's exact value rounded, a tie to the even digit. */
export function exactFixed(value: number, precision: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(value));
  const bits = view.getBigUint64(0);
  const exponent = Number(bits >> 52n);
  const mantissa = (bits & (2n ** 52n - 1n)) + (exponent === 0 ? 0n : 2n ** 52n);
  const shift = Math.max(exponent, 1) - 1075;
  const scaled = mantissa * 10n ** BigInt(precision);
  const rounded = shift >= 0 ? scaled << BigInt(shift) : roundedShift(scaled, BigInt(-shift));
  const digits = String(rounded).padStart(precision + 1, '0');
  const whole = digits.slice(0, digits.length - precision);
  return `${value < 0 ? '-' : ''}${whole}${precision === 0 ? '' : `.${digits.slice(-precision)}`}`;
}

function roundedShift(value: bigint, by: bigint): bigint {
  const quotient = value >> by;
  const rest = value - (quotient << by);
  const half = 1n << (by - 1n);
  return rest > half || (rest === half && quotient % 2n === 1n) ? quotient + 1n : quotient;
}

/** strconv.ParseInt in base 10; undefined where it refuses. */
export function parseInt64(text: string): CelInt | undefined {
  if (!/^[+-]?\d+$/.test(text) || text.length > 60) return undefined;
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return value > largestInt || value < -largestInt - 1n ? undefined : intOf(value);
}

/** strconv.ParseUint in base 10. */
export function parseUint64(text: string): bigint | undefined {
  if (!/^\d+$/.test(text) || text.length > 60) return undefined;
  const value = BigInt(text);
  return value >= 2n ** 64n ? undefined : value;
}

const decimalNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const hexNumber = /^([+-]?)0x([\da-f]*)\.?([\da-f]*)p([+-]?\d{1,6})$/i;

/** strconv.ParseFloat: out of range is refused, `inf` and `nan` in any case are taken, and underscores between digits. */
export function parseFloat64(text: string): number | undefined {
  const lower = text.toLowerCase();
  if (/^[+-]?(inf|infinity)$/.test(lower)) return lower.startsWith('-') ? -Infinity : Infinity;
  if (lower === 'nan') return NaN;
  if (text.includes('_') && /(^|[^\da-f])_|_($|[^\da-f])/i.test(text.replace(/^([+-]?0x)_/i, '$1'))) return undefined;
  const plain = text.replaceAll('_', '');
  const hex = hexNumber.exec(plain);
  if (hex) return parseHex(hex as unknown as [string, string, string, string, string]);
  if (!decimalNumber.test(plain)) return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}

function parseHex([, sign, whole, fraction, power]: [string, string, string, string, string]): number | undefined {
  if (whole === '' && fraction === '') return undefined;
  const value = Number(BigInt(`0x${whole}${fraction}`)) * 2 ** (Number(power) - 4 * fraction.length);
  if (!Number.isFinite(value)) return undefined;
  return sign === '-' ? -value : value;
}
