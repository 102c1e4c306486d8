/** What an unquoted YAML scalar means to kubectl (go-yaml 2): null, a boolean, a number, or the text itself. */

export type PlainScalar = null | boolean | number | string;

const meaning = <V>(value: V, words: string) => words.split(' ').map((word) => [word, value] as const);

const words: ReadonlyMap<string, null | boolean> = new Map<string, null | boolean>([
  ['', null],
  ...meaning(null, '~ null Null NULL'),
  ...meaning(true, 'y Y yes Yes YES true True TRUE on On ON'),
  ...meaning(false, 'n N no No NO false False FALSE off Off OFF'),
]);

/** `014`, `0o14`, `0xC`, `0b1100`: all twelve. */
const based = /^([-+]?)0(?:[xX]([0-9a-fA-F]+)|[bB]([01]+)|[oO]?([0-7]+))$/;
const float = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const notFinite = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const timestamp =
  /^\d{4}-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12]\d|3[01])(?:[Tt]\d\d?:\d\d?:\d\d?(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)| \d\d?:\d\d?:\d\d?(?:\.\d+)?)?$/;
const sexagesimal = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

/** Throws SyntaxError for infinity and not-a-number, which JSON does not have. */
export function resolvePlain(source: string): PlainScalar {
  const word = words.get(source);
  if (word !== undefined) return word;
  if (!/^[-+.0-9]/.test(source)) return source;
  if (notFinite.test(source)) throw new SyntaxError(`json: unsupported value: ${source}`);
  // Separators are read in what begins with a digit or a sign.
  const plain = source[0] === '.' ? source : source.replaceAll('_', '');
  const [, sign, hexadecimal, binary, octal] = based.exec(plain) ?? [];
  const digits = hexadecimal ?? binary ?? octal;
  if (digits !== undefined) {
    const value = Number.parseInt(digits, hexadecimal ? 16 : binary ? 2 : 8);
    return sign === '-' && value !== 0 ? -value : value;
  }
  const value = float.test(plain) ? Number(plain) : Number.NaN;
  if (!Number.isFinite(value)) return source;
  return value === 0 ? 0 : value;
}

/** Whether text must be quoted so that YAML 1.1 readers, whichever kinds they know, read it as text. */
export function readsAsOther(text: string): boolean {
  return (
    notFinite.test(text) || typeof resolvePlain(text) !== 'string' || timestamp.test(text) || sexagesimal.test(text)
  );
}
