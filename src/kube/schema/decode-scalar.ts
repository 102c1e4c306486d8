/** Go types that read their own JSON, and what each says of a text it cannot read. */

const wellFormedQuantity = /^[+-]?[0-9.]+[eEinumkKMGTP]*[-+]?[0-9]*$/;
const quantity = /^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$/;

/** resource.Quantity, of which a JSON number is one, too. */
export function quantityError(value: unknown): string | undefined {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  if (quantity.test(text)) return undefined;
  return wellFormedQuantity.test(text)
    ? "unable to parse quantity's suffix"
    : "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
}

/** util/intstr.IntOrString: what is not a string must be an int32. */
export function intOrStringError(value: unknown): string | undefined {
  if (typeof value === 'string' || (typeof value === 'number' && value === (value | 0))) return undefined;
  return `json: cannot unmarshal ${typeName(value)} into Go value of type int32`;
}

function typeName(value: unknown): string {
  if (typeof value === 'number') return `number ${value}`;
  return Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
}

/** []byte: standard base64 with padding. */
export function bytesError(written: string): string | undefined {
  // Go's decoder reads over line breaks: `data: |` blocks are base64 too.
  const text = written.replace(/[\r\n]/g, '');
  const letters = /^[A-Za-z0-9+/]*/.exec(text)![0].length;
  const padding = /^={0,2}/.exec(text.slice(letters))![0].length;
  if (letters + padding === text.length && text.length % 4 === 0) return undefined;
  // Where Go's decoder stops: at the first byte that is no letter, or at the end of what came too short.
  const position =
    letters + padding < text.length && (letters % 4 === 0 || padding === 0) ? letters : text.length - (text.length % 4);
  return `illegal base64 data at input byte ${position}`;
}

const elements: readonly (readonly [string, RegExp, number, number, string])[] = [
  ['2006', /^\d{4}/, 0, 9999, 'year'],
  ['-', /^-/, 0, 0, ''],
  ['01', /^\d{2}/, 1, 12, 'month'],
  ['-', /^-/, 0, 0, ''],
  ['02', /^\d{2}/, 1, 31, 'day'],
  ['T', /^T/, 0, 0, ''],
  ['15', /^\d{2}/, 0, 23, 'hour'],
  [':', /^:/, 0, 0, ''],
  ['04', /^\d{2}/, 0, 59, 'minute'],
  [':', /^:/, 0, 0, ''],
  ['05', /^\d{2}([.,]\d+)?/, 0, 59.999_999_999, 'second'],
  ['Z07:00', /^(Z|[+-]\d{2}:\d{2})/, 0, 0, ''],
];

/** metav1.Time and MicroTime: RFC 3339. The text names the part that does not fit, as Go's time.Parse does. */
export function timeError(value: unknown, micro: boolean): string | undefined {
  if (typeof value !== 'string') return `json: cannot unmarshal ${typeName(value)} into Go value of type string`;
  const layout = `2006-01-02T15:04:05${micro ? '.000000' : ''}Z07:00`;
  const intro = `parsing time ${JSON.stringify(value)}`;
  let rest = value;
  for (const [element, shape, least, most, name] of elements) {
    const match = shape.exec(rest);
    if (!match)
      return `${intro} as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(element)}`;
    const number = Number(match[0]);
    if (name !== '' && (number < least || number > most)) return `${intro}: ${name} out of range`;
    rest = rest.slice(match[0].length);
  }
  return rest === '' ? undefined : `${intro}: extra text: ${JSON.stringify(rest)}`;
}
