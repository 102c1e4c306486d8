/** JSON Web Tokens signed with ES256 (RFC 7515, 7519): written, and believed only with a good signature. */
import type { JsonObject } from '#kube/meta/object.ts';
import type { SigningKey } from '#world/certificates/token-signing.ts';

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
  const content = `${encode({ alg: 'ES256', kid: key.id })}.${encode(payload)}`;
  return `${content}.${key.sign(content).toString('base64url')}`;
}

/** The payload, or undefined for anything that this key did not sign. */
export function verifyToken(key: SigningKey, token: string): JsonObject | undefined {
  const [header, payload, signature, ...more] = token.split('.');
  if (!header || !payload || !signature || more.length > 0) return undefined;
  const { alg, kid } = decode(header) ?? {};
  if (alg !== 'ES256' || kid !== key.id) return undefined;
  if (!key.verify(`${header}.${payload}`, Buffer.from(signature, 'base64url'))) return undefined;
  return decode(payload);
}
