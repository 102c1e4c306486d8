/** SHA-256, where an API asks for it: storage version hashes, ETags, OpenAPI hashes. */
import { createHash } from 'node:crypto';

export const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
