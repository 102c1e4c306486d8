/** JSON Web Tokens (RFC 7515, 7519): written, and believed only with a good signature by one of our keys. */
import type { JsonObject } from '#kube/meta/object.ts';
import type { SigningKey, VerifyingKey } from '#world/certificates/token-signing.ts';

const encode = (value: JsonObject) => Buffer.from(JSON.stringify(value)).toString('base64url');

function decode(part: string): JsonObject | undefined {
  try {
    const value = JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as unknown;
    return typeof value === 'object' && value !== null ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

export function signToken(key: SigningKey, payload: JsonObject): string {
  const content = `${encode({ alg: key.algorithm, kid: key.id })}.${encode(payload)}`;
  return `${content}.${key.sign(content).toString('base64url')}`;
}

/** What a token says of itself, before anything of it is believed. */
export interface UnverifiedToken {
  readonly header: JsonObject;
  readonly payload: JsonObject;
}

/** undefined: it is no token of this form. */
export function readToken(token: string): UnverifiedToken | undefined {
  const [first, second, third, ...more] = token.split('.');
  if (!first || !second || !third || more.length > 0) return undefined;
  const header = decode(first);
  const payload = header && decode(second);
  return payload && { header, payload };
}

/** Whether one of the keys that the header may mean has signed it. An error text, as go-jose says it, otherwise. */
export function signatureError(
  keys: readonly VerifyingKey[],
  token: string,
  { header }: UnverifiedToken,
): string | undefined {
  const { kid, alg } = header;
  const meant = kid === undefined || kid === '' ? keys : keys.filter(({ id }) => id === kid);
  if (meant.length === 0) return 'invalid signature, no keys found';
  const end = token.lastIndexOf('.');
  const signature = Buffer.from(token.slice(end + 1), 'base64url');
  const good = meant.some((key) => key.algorithm === alg && key.verify(token.slice(0, end), signature));
  return good ? undefined : 'go-jose/go-jose: error in cryptographic primitive';
}
