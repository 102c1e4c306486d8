/** What a certificate is known by. */
import { X509Certificate } from 'node:crypto';

const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** SHA-256 of every certificate in a PEM bundle, `AB:CD:…`. */
export const fingerprintsOf = (pem: string): readonly string[] =>
  (pem.match(block) ?? []).map((each) => new X509Certificate(each).fingerprint256);
