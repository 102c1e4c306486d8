/** SHA-2, where an API asks for it: storage version hashes, ETags, OpenAPI hashes. */
import { createHash, timingSafeEqual } from 'node:crypto';

export const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** As entity tags and document hashes are written: 128 hexadecimal digits, upper case. */
export const sha512Text = (text: string | Uint8Array): string =>
  createHash('sha512').update(text).digest('hex').toUpperCase();

/** Whether two secrets are the same, in a time that says nothing of where they differ. */
export const sameText = (left: string, right: string): boolean => timingSafeEqual(sha256(left), sha256(right));
