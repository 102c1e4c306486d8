/** ES256 and RS256 (RFC 7518): the signature of service account tokens, with a key of its own kept as PEM. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';

export type SigningAlgorithm = 'ES256' | 'ES384' | 'ES512' | 'RS256';

/** A public key as others are told of it (RFC 7517). */
export type JsonWebKey = Readonly<Record<string, string>>;

export interface VerifyingKey {
  /** Names the key in a token's header; from the public key, so the same after a restart. */
  readonly id: string;
  readonly algorithm: SigningAlgorithm;
  /** A wrong signature is false, never an error. */
  readonly verify: (text: string, signature: Uint8Array) => boolean;
  readonly publicKey: JsonWebKey;
}

export interface SigningKey extends VerifyingKey {
  readonly sign: (text: string) => Buffer;
}

/** PKCS #8 PEM of a new key. */
export function createSigningKeyPem(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

const curves: Readonly<Record<string, SigningAlgorithm>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
};
const hashes: Readonly<Record<SigningAlgorithm, string>> = {
  ES256: 'sha256',
  ES384: 'sha384',
  ES512: 'sha512',
  RS256: 'sha256',
};

function algorithmOf(key: KeyObject): SigningAlgorithm {
  if (key.asymmetricKeyType === 'rsa') return 'RS256';
  const algorithm = curves[key.asymmetricKeyDetails?.namedCurve ?? ''];
  if (!algorithm) throw new RangeError('a key that signs tokens is RSA, or EC on P-256, P-384 or P-521');
  return algorithm;
}

/** JOSE writes r and s side by side, not as DER. */
const jose = (key: KeyObject) => ({ key, dsaEncoding: 'ieee-p1363' as const });

const idOf = (publicKey: KeyObject) =>
  createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url');

/** Of a public key (SPKI) or of a private one (PKCS #8). Throws RangeError for a key of another kind. */
export function loadVerifyingKey(pem: string): VerifyingKey {
  const key = createPublicKey(pem);
  const algorithm = algorithmOf(key);
  const id = idOf(key);
  return {
    id,
    algorithm,
    verify: (text, signature) => verify(hashes[algorithm], Buffer.from(text), jose(key), signature),
    get publicKey() {
      return { use: 'sig', kid: id, alg: algorithm, ...(key.export({ format: 'jwk' }) as JsonWebKey) };
    },
  };
}

export function loadSigningKey(pem: string): SigningKey {
  const key = createPrivateKey(pem);
  const { id, algorithm, verify: verifies, publicKey } = loadVerifyingKey(pem);
  return {
    id,
    algorithm,
    verify: verifies,
    publicKey,
    sign: (text) => sign(hashes[algorithm], Buffer.from(text), jose(key)),
  };
}
