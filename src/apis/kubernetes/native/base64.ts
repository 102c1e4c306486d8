/** Base64 as Secrets and ConfigMaps carry it: standard alphabet, padded. The decoder has refused what is malformed. */
import { Buffer } from 'node:buffer';

export function encodeBase64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

/** Number of bytes that canonical base64 stands for. */
export function decodedLength(base64: string): number {
  if (base64 === '') return 0;
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return (base64.length / 4) * 3 - padding;
}

/** Line breaks are read over; the same text when there are none. */
export function canonicalBase64(text: string): string {
  return text.includes('\n') || text.includes('\r') ? text.replace(/[\r\n]/g, '') : text;
}
