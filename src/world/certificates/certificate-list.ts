/** A text of certificates, as `status.certificate` of a signing request is to be: nothing but CERTIFICATE blocks that can be read. */
import { X509Certificate } from 'node:crypto';

const block = /-----BEGIN ([A-Z0-9 ]+)-----\r?\n([\s\S]*?)-----END \1-----/g;

/** Why not, in kube-apiserver's words; undefined for good ones. */
export function certificateListError(pem: string): string | undefined {
  let blocks = 0;
  for (const [whole, label, content = ''] of pem.matchAll(block)) {
    if (label !== 'CERTIFICATE') return `only CERTIFICATE PEM blocks are allowed, found ${JSON.stringify(label)}`;
    if (content.includes(':')) return 'no PEM block headers are permitted';
    try {
      new X509Certificate(whole);
    } catch {
      return 'x509: malformed certificate';
    }
    blocks++;
  }
  return blocks === 0 ? 'must contain at least one CERTIFICATE PEM block' : undefined;
}
