/** string.format: C's directives with the reference's leniency for what is written by `%s`. */
import { formatNumber, formatShortest, type LuaValues, textOfValue } from '../value.ts';
import type { Call } from './arguments.ts';
import { replaceDirectives } from './directives.ts';

const directive = /%([-+ #0]*)(\d*)(?:\.(\d*))?(.?)/gs;

/** What a directive costs besides the text it writes. */
const directiveCost = 24;

/** Widths and precisions beyond it are refused, as in Lua: two digits. */
const widest = 99;

interface Style {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
}

function padded(text: string, { flags, width }: Style, numeric: boolean): string {
  if (flags.includes('-')) return text.padEnd(width);
  if (!numeric || !flags.includes('0')) return text.padStart(width);
  const sign = /^[-+ ]?(?:0[xX])?/.exec(text)![0];
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}

const signed = (text: string, negative: boolean, { flags }: Style) =>
  negative ? `-${text}` : flags.includes('+') ? `+${text}` : flags.includes(' ') ? ` ${text}` : text;

function integer(value: number, style: Style, letter: string): string {
  if (!Number.isFinite(value))
    return padded(formatNumber(value), { ...style, flags: style.flags.replaceAll('0', '') }, true);
  const whole = BigInt(Math.trunc(value));
  const size = whole < 0n ? -whole : whole;
  const digits = size.toString(letter === 'o' ? 8 : letter.toLowerCase() === 'x' ? 16 : 10);
  const long = digits.padStart(style.precision ?? 0, '0');
  const prefix = style.flags.includes('#') && letter.toLowerCase() === 'x' ? '0x' : '';
  const text = signed(prefix + long, whole < 0n, style);
  return padded(letter === 'X' ? text.toUpperCase() : text, style, style.precision === undefined);
}

/** Exponents have two digits or more, as in C. */
const longExponent = (text: string) => text.replace(/e([+-])(\d)$/, 'e$10$2');

function general(size: number, precision: number | undefined): string {
  if (precision === undefined) return formatShortest(size);
  const digits = precision || 1;
  const exponent = size === 0 ? 0 : Number(size.toExponential(digits - 1).split('e')[1]);
  const exact = exponent < -4 || exponent >= digits;
  const text = exact ? size.toExponential(digits - 1) : size.toFixed(Math.max(0, digits - 1 - exponent));
  return longExponent(text.replace(/(\.\d*?)0+(e|$)/, '$1$2').replace(/\.(e|$)/, '$1'));
}

function fraction(value: number, style: Style, letter: string): string {
  if (!Number.isFinite(value))
    return padded(formatNumber(value), { ...style, flags: style.flags.replaceAll('0', '') }, true);
  const size = Math.abs(value);
  const form = letter.toLowerCase();
  const text =
    form === 'g'
      ? general(size, style.precision)
      : form === 'e'
        ? longExponent(size.toExponential(style.precision ?? 6))
        : fixed(size, style.precision ?? 6);
  const whole = signed(text, value < 0 || Object.is(value, -0), style);
  return padded(letter === form ? whole : whole.toUpperCase(), style, true);
}

/** Halves go to the even neighbour, as in C and Go; `toFixed` rounds them up, and turns to exponents from 1e21. */
function fixed(size: number, precision: number): string {
  if (size >= 1e21) return `${BigInt(size)}${precision > 0 ? `.${'0'.repeat(precision)}` : ''}`;
  // With no more binary places than that, one decimal place more says the number exactly.
  const exact = Number.isInteger(size * 2 ** (precision + 1)) ? size.toFixed(precision + 1) : '';
  const down = exact.slice(0, -1).replace(/\.$/, '');
  return exact.endsWith('5') && /[02468]$/.test(down) ? down : size.toFixed(precision);
}

const quotes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\0': '\\x00',
};
const quoted = (text: string) => `"${text.replace(/["\\\n\t\r\0]/g, (character) => quotes[character]!)}"`;

function converted(call: Call, at: number, letter: string, style: Style): string {
  switch (letter) {
    case 'c':
      return padded(String.fromCharCode(call.integer(at) & 255), style, false);
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X':
      return integer(call.number(at), style, letter);
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
      return fraction(call.number(at), style, letter);
    case 'q':
      return quoted(call.string(at));
    case 's':
    case 'v': {
      const text = textOfValue(call.any(at));
      return padded(style.precision === undefined ? text : text.slice(0, style.precision), style, false);
    }
    default:
      throw call.run.error(`invalid option '%${letter}' to 'format'`);
  }
}

export function format(call: Call): LuaValues {
  const pattern = call.string(1);
  const { run } = call;
  let position = 1;
  run.allocateText(pattern.length);
  const result = replaceDirectives(
    run,
    pattern,
    directive,
    directiveCost,
    (_whole, flags, width, precision: string | undefined, letter) => {
      if (letter === '%') return '%';
      const style = { flags, width: Number(width), precision: precision === undefined ? undefined : Number(precision) };
      if (style.width > widest || (style.precision ?? 0) > widest)
        throw run.error('invalid format (width or precision too long)');
      run.spend(style.precision ?? 0);
      position += 1;
      const argument = call.at(position);
      if (typeof argument === 'string') run.allocateText(argument.length);
      if (letter === 'q') run.spend(call.string(position).length);
      const text = converted(call, position, letter, style);
      run.allocateText(text.length);
      return text;
    },
  );
  return [result];
}
