/** SHA-2, where an API asks for it: storage version hashes, ETags, OpenAPI hashes; keyed where nobody else may guess. */
import { createHash, createHmac, hash, timingSafeEqual } from 'node:crypto';

export const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** As entity tags and document hashes are written: 128 hexadecimal digits, upper case. */
export const sha512Text = (text: string | Uint8Array): string =>
  createHash('sha512').update(text).digest('hex').toUpperCase();

/** Whether two secrets are the same, in a time that says nothing of where they differ. */
export const sameText = (left: string, right: string): boolean => timingSafeEqual(sha256(left), sha256(right));

/** HMAC-SHA-256, in hexadecimal: whoever lacks the key can neither make it nor try values against it. */
export const sealOf = (key: string, text: string): string => createHmac('sha256', key).update(text).digest('hex');

/** Of 43 characters that it would have: nobody can lengthen the text behind what is cut short. */
const shortLength = 40;

/**
 * A keyed digest of many small values, six times as fast as an HMAC: 40 characters of six bits each. `key` is to be as
 * long as a block: 64 characters.
 */
export const shortDigest = (key: string, text: string): string =>
  hash('sha256', key + text, 'base64url').slice(0, shortLength);
