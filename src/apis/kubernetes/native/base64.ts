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

const strict = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Where the first wrong byte stands, counted as Go does; undefined when the text is well formed. */
export function base64Fault(base64: string): number | undefined {
  if (strict.test(base64)) return undefined;
  const wrong = /[^A-Za-z0-9+/]/.exec(base64);
  if (wrong && (base64[wrong.index] !== '=' || wrong.index % 4 < 2)) return wrong.index;
  if (wrong) return wrong.index + (4 - (wrong.index % 4));
  return base64.length - (base64.length % 4);
}

/** Without line breaks; the same text when there are none. */
export function withoutLineBreaks(base64: string): string {
  return base64.includes('\n') || base64.includes('\r') ? base64.replace(/[\r\n]/g, '') : base64;
}
