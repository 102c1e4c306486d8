/** Base64 as Secrets and ConfigMaps carry it: standard alphabet, padded; line breaks are read over. */
import { Buffer } from 'node:buffer';

export function encodeBase64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

/** Number of bytes that well-formed base64 stands for. */
export function decodedLength(base64: string): number {
  if (base64 === '') return 0;
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return (base64.length / 4) * 3 - padding;
}

/** Without line breaks; the same text when it is so already. Throws RangeError in the decoder's words. */
export function canonicalBase64(text: string): string {
  const base64 = text.includes('\n') || text.includes('\r') ? text.replace(/[\r\n]/g, '') : text;
  const fault = faultOf(base64);
  if (fault !== undefined) throw new RangeError(`illegal base64 data at input byte ${fault}`);
  return base64;
}

/** Where the first wrong byte stands, counted as Go does: in an unfinished group of four, at its start. */
function faultOf(base64: string): number | undefined {
  const { length } = base64;
  const first = /[^A-Za-z0-9+/]/.exec(base64)?.index;
  if (first === undefined) return length % 4 === 0 ? undefined : length - (length % 4);
  const place = first % 4;
  if (base64[first] !== '=' || place < 2) return first;
  if (place === 2 && base64[first + 1] !== '=') return first + 1 < length ? first : length;
  const end = first + 4 - place;
  return end < length ? end : undefined;
}
