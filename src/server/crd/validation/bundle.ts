/** CA bundles: PEM with at least one certificate in it. */

const certificate = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;
/** Of DER's SEQUENCE, which every certificate is. */
const sequence = 0x30;

/** What Go says of a bundle (base64) it cannot read; undefined when it can. */
export function bundleError(bundle: string): string | undefined {
  const pem = Buffer.from(bundle, 'base64').toString('latin1');
  const isAny = [...pem.matchAll(certificate)].some(([, body = '']) => Buffer.from(body, 'base64')[0] === sequence);
  return isAny ? undefined : 'unable to load root certificates: unable to parse bytes as PEM block';
}
