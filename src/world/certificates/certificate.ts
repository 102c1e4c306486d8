/** Reading certificates: whose, until when, and whether a key belongs to one. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { partsOf, readElements } from './der.ts';
import { decodeName, type Subject } from './name.ts';

export interface CertificateFacts {
  readonly subject: Subject;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** DNS names and IP addresses. */
  readonly hosts: readonly string[];
  readonly serial: string;
}

/** Of the first certificate in the text. Throws the crypto library's error when there is none. */
export function parseCertificate(pem: string): CertificateFacts {
  const certificate = new X509Certificate(pem);
  const [body] = partsOf(readElements(Buffer.from(certificate.raw))[0], 3);
  const parts = partsOf(body, 6);
  const subject = parts[parts[0]!.tag === 0xa0 ? 5 : 4]!;
  const names = certificate.subjectAltName?.split(', ') ?? [];
  return {
    subject: decodeName(subject),
    notBefore: certificate.validFromDate.getTime(),
    notAfter: certificate.validToDate.getTime(),
    hosts: names.map((name) => name.replace(/^(DNS|IP Address):/, '')),
    serial: certificate.serialNumber,
  };
}

/** Whether the private key is the certificate's, and the certificate signed by the authority; all PEM. */
export function certificateFits(pair: { readonly cert: string; readonly key: string }, authority: string): boolean {
  try {
    const certificate = new X509Certificate(pair.cert);
    return (
      certificate.checkPrivateKey(createPrivateKey(pair.key)) &&
      certificate.verify(new X509Certificate(authority).publicKey)
    );
  } catch {
    return false;
  }
}
