/** ES256 (RFC 7518): the signature of service account tokens, with a key of its own kept as PEM. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';

export interface SigningKey {
  /** Names the key in a token's header; from the public key, so the same after a restart. */
  readonly id: string;
  readonly sign: (text: string) => Buffer;
  /** A wrong signature is false, never an error. */
  readonly verify: (text: string, signature: Uint8Array) => boolean;
}

/** PKCS #8 PEM of a new key. */
export function createSigningKeyPem(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** JOSE writes r and s side by side, not as DER. */
const jose = (key: KeyObject) => ({ key, dsaEncoding: 'ieee-p1363' as const });

export function loadSigningKey(pem: string): SigningKey {
  const privateKey = createPrivateKey(pem);
  const publicKey = createPublicKey(privateKey);
  const id = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url');
  return {
    id,
    sign: (text) => sign('sha256', Buffer.from(text), jose(privateKey)),
    verify: (text, signature) => verify('sha256', Buffer.from(text), jose(publicKey), signature),
  };
}
