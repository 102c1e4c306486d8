/** The short hashes in generated names: FNV-1a and the alphabet of Kubernetes' SafeEncodeString. */

/** No vowels and no look-alikes, so that a hash never spells a word (apimachinery util/rand). */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

const offsetBasis = 0x811c9dc5;
const prime = 0x01000193;

const encoder = new TextEncoder();

/** FNV-1a, 32 bits, over the UTF-8 bytes of `text`; unsigned. */
export function fnv1a32(text: string): number {
  let hash = offsetBasis;
  for (const byte of encoder.encode(text)) hash = Math.imul(hash ^ byte, prime);
  return hash >>> 0;
}

/** Maps each UTF-8 byte of `text` to a letter that is safe in names; the length in bytes stays the same. */
export function safeEncode(text: string): string {
  let encoded = '';
  for (const byte of encoder.encode(text)) encoded += alphabet[byte % alphabet.length];
  return encoded;
}
