/** The X.509 v3 extensions that Kubernetes certificates carry (RFC 5280 section 4.2). */
import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import * as der from './der.ts';

const oids = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const;

const purposes = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' } as const;

export type Purpose = keyof typeof purposes;

const extension = (id: keyof typeof oids, critical: boolean, value: Uint8Array) =>
  der.sequence(der.oid(oids[id]), ...(critical ? [der.boolean(true)] : []), der.octetString(value));

/** SHA-1 of the key's bits: a name for the key, not a proof. */
export function keyId(publicKeyInfo: Buffer): Buffer {
  const [, bits] = der.partsOf(der.readElements(publicKeyInfo)[0], 2);
  return createHash('sha1').update(bits!.content.subarray(1)).digest();
}

/** digitalSignature, keyEncipherment and keyCertSign are bits 0, 2 and 5 from the left. */
const authorityUsage = Buffer.from([0b1010_0100]);
const leafUsage = Buffer.from([0b1010_0000]);

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = address.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':')).map((group) => Number.parseInt(group, 16));
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const all = tail === undefined ? left : [...left, ...Array(8 - left.length - right.length).fill(0), ...right];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}

const dnsName = 2;
const ipAddress = 7;

const alternativeName = (host: string) =>
  isIP(host) ? der.implicit(ipAddress, addressBytes(host)) : der.implicit(dnsName, Buffer.from(host));

interface ExtensionsOf {
  readonly publicKeyInfo: Buffer;
  readonly issuerKeyId: Buffer;
  readonly hosts: readonly string[];
  readonly uses: readonly Purpose[];
}

export const authorityExtensions = (publicKeyInfo: Buffer): Buffer =>
  der.sequence(
    extension('keyUsage', true, der.bitString(authorityUsage, 2)),
    extension('basicConstraints', true, der.sequence(der.boolean(true))),
    extension('subjectKeyId', false, der.octetString(keyId(publicKeyInfo))),
  );

export const leafExtensions = ({ publicKeyInfo, issuerKeyId, hosts, uses }: ExtensionsOf): Buffer =>
  der.sequence(
    extension('keyUsage', true, der.bitString(leafUsage, 5)),
    extension('extendedKeyUsage', false, der.sequence(...uses.map((use) => der.oid(purposes[use])))),
    extension('basicConstraints', true, der.sequence()),
    extension('subjectKeyId', false, der.octetString(keyId(publicKeyInfo))),
    extension('authorityKeyId', false, der.sequence(der.implicit(0, issuerKeyId))),
    ...(hosts.length > 0 ? [extension('subjectAltName', false, der.sequence(...hosts.map(alternativeName)))] : []),
  );
