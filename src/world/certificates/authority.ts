/** A certificate authority: EC P-256, PEM in and out. Server and client certificates, and signing requests of others. */
import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, randomBytes, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { Clock } from '../clock/clock.ts';
import * as der from './der.ts';
import { authorityExtensions, keyId, leafExtensions, type Purpose } from './extensions.ts';
import { encodeName, type Subject } from './name.ts';
import { fromPem, toPem } from './pem.ts';
import { readSigningRequest } from './signing-request.ts';

/** A certificate and its private key (PKCS #8), both PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateAuthority {
  /** PEM: what others trust. */
  readonly cert: string;
  /** PEM: what is to be kept where nobody else reads it. */
  readonly key: string;
  /** `hosts`: DNS names and IP addresses that clients may use. */
  readonly issueServer: (server: {
    readonly commonName: string;
    readonly hosts: readonly string[];
  }) => Promise<KeyPair>;
  /** Subject CN=user, O=each group. */
  readonly issueClient: (client: { readonly user: string; readonly groups: readonly string[] }) => Promise<KeyPair>;
  /**
   * A certificate (PEM) for the key and subject of a PKCS #10 request. Throws RangeError when the request is
   * unreadable or its signature is not by its own key.
   */
  readonly signRequest: (
    pem: string,
    options: { readonly uses: readonly Purpose[]; readonly validForMs: number },
  ) => string;
}

const hour = 3_600_000;
const day = 24 * hour;

export const certificateLimits = {
  /** As kubeadm: the authority lives ten years, what it signs one. */
  authorityMs: 3_650 * day,
  leafMs: 365 * day,
  /** Clocks of other machines may be behind by this much. */
  backdateMs: hour,
} as const;

const signatureOids = { ec: '1.2.840.10045.4.3.2', rsa: '1.2.840.113549.1.1.11' } as const;

const generate = promisify(generateKeyPair);
const newKey = () => generate('ec', { namedCurve: 'P-256' });
const publicKeyInfoOf = (key: KeyObject) => key.export({ type: 'spki', format: 'der' });
const privatePem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();

interface Issue {
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly publicKeyInfo: Buffer;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly extensions: Buffer;
  readonly signer: KeyObject;
}

function issue({ issuer, subject, publicKeyInfo, notBefore, notAfter, extensions, signer }: Issue): string {
  const type = signer.asymmetricKeyType === 'rsa' ? 'rsa' : 'ec';
  const algorithm = der.sequence(der.oid(signatureOids[type]), ...(type === 'rsa' ? [Buffer.from([5, 0])] : []));
  const serial = randomBytes(16);
  serial[0] = (serial[0]! & 0x7f) | 0x40;
  const body = der.sequence(
    der.explicit(0, der.integer(Buffer.from([2]))),
    der.integer(serial),
    algorithm,
    issuer,
    der.sequence(der.time(notBefore), der.time(notAfter)),
    subject,
    publicKeyInfo,
    der.explicit(3, extensions),
  );
  return toPem('CERTIFICATE', der.sequence(body, algorithm, der.bitString(sign('sha256', body, signer))));
}

/** Makes a new authority, valid from now. */
export async function createCertificateAuthority(commonName: string, clock: Clock): Promise<CertificateAuthority> {
  const { publicKey, privateKey } = await newKey();
  const subject = encodeName({ commonName, organizations: [] });
  const publicKeyInfo = publicKeyInfoOf(publicKey);
  const now = clock.now();
  const cert = issue({
    issuer: subject,
    subject,
    publicKeyInfo,
    notBefore: now - certificateLimits.backdateMs,
    notAfter: now + certificateLimits.authorityMs,
    extensions: authorityExtensions(publicKeyInfo),
    signer: privateKey,
  });
  return loadCertificateAuthority({ cert, key: privatePem(privateKey) }, clock);
}

/** Subject of a certificate as it is written in it: an issuer's name must match to the byte. */
function subjectOf(certificate: Buffer): Buffer {
  const [body] = der.partsOf(der.readElements(certificate)[0], 3);
  const parts = der.partsOf(body, 6);
  const versioned = parts[0]!.tag === 0xa0 ? 1 : 0;
  return parts[4 + versioned]!.whole;
}

/** Takes up an authority made before. Throws RangeError or the crypto library's error on damaged PEM. */
export function loadCertificateAuthority({ cert, key }: KeyPair, clock: Clock): CertificateAuthority {
  const signer = createPrivateKey(key);
  const issuer = subjectOf(fromPem('CERTIFICATE', cert));
  const issuerKeyId = keyId(publicKeyInfoOf(createPublicKey(signer)));

  const leaf = (
    subject: Buffer,
    publicKeyInfo: Buffer,
    hosts: readonly string[],
    uses: readonly Purpose[],
    validForMs: number,
  ) => {
    const now = clock.now();
    const extensions = leafExtensions({ publicKeyInfo, issuerKeyId, hosts, uses });
    const [notBefore, notAfter] = [now - certificateLimits.backdateMs, now + validForMs];
    return issue({ issuer, subject, publicKeyInfo, notBefore, notAfter, extensions, signer });
  };
  const pair = async (subject: Subject, hosts: readonly string[], use: Purpose): Promise<KeyPair> => {
    const { publicKey, privateKey } = await newKey();
    const certificate = leaf(encodeName(subject), publicKeyInfoOf(publicKey), hosts, [use], certificateLimits.leafMs);
    return { cert: certificate, key: privatePem(privateKey) };
  };

  return {
    cert,
    key,
    issueServer: ({ commonName, hosts }) => pair({ commonName, organizations: [] }, hosts, 'server'),
    issueClient: ({ user, groups }) => pair({ commonName: user, organizations: groups }, [], 'client'),
    signRequest: (pem, { uses, validForMs }) => {
      const request = readSigningRequest(pem);
      return leaf(request.subjectName, request.publicKeyInfo, request.hosts, uses, validForMs);
    },
  };
}
