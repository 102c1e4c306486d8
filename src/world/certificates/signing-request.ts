/** PKCS #10 certificate signing requests (RFC 2986): read, and their proof of possession checked. */
import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import * as der from './der.ts';
import { decodeName, encodeName, type Subject } from './name.ts';
import { fromPem, toPem } from './pem.ts';

export interface SigningRequest {
  readonly subject: Subject;
  /** The subject as it stands in the request. */
  readonly subjectName: Buffer;
  readonly publicKeyInfo: Buffer;
  /** DNS names and IP addresses asked for. */
  readonly hosts: readonly string[];
}

const label = 'CERTIFICATE REQUEST';

/** Signature algorithm -> hash; null where the algorithm has its own. */
const hashes: Readonly<Record<string, string | null>> = {
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.3.101.112': null,
};

const extensionRequest = '1.2.840.113549.1.9.14';
const subjectAltName = '2.5.29.17';

function addressText(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  return Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16)).join(':');
}

function* alternativeNames(value: Buffer): Generator<string> {
  for (const { tag, content } of der.partsOf(der.readElements(value)[0], 0)) {
    if (tag === 0x82) yield content.toString('latin1');
    else if (tag === 0x87 && (content.length === 4 || content.length === 16)) yield addressText(content);
  }
}

function hostsIn(attributes: der.DerElement | undefined): string[] {
  const hosts: string[] = [];
  for (const attribute of attributes ? der.readElements(attributes.content) : []) {
    const [type, values] = der.partsOf(attribute, 2);
    if (der.readOid(type!) !== extensionRequest) continue;
    for (const extension of der.partsOf(der.readElements(values!.content)[0], 0)) {
      const parts = der.partsOf(extension, 2);
      if (der.readOid(parts[0]!) === subjectAltName) hosts.push(...alternativeNames(parts.at(-1)!.content));
    }
  }
  return hosts;
}

/** Throws RangeError when it is not a request, or not signed by the key it carries. */
export function readSigningRequest(pem: string): SigningRequest {
  const [body, algorithm, signature] = der.partsOf(der.readElements(fromPem(label, pem))[0], 3);
  const [, name, publicKeyInfo, attributes] = der.partsOf(body, 3);
  const hash = hashes[der.readOid(der.partsOf(algorithm, 1)[0]!)];
  if (hash === undefined) throw new RangeError('the signature algorithm of the request is not supported');
  const key = createPublicKey({ key: publicKeyInfo!.whole, format: 'der', type: 'spki' });
  if (!verify(hash, body!.whole, key, signature!.content.subarray(1))) {
    throw new RangeError('the request is not signed by the key it carries');
  }
  return {
    subject: decodeName(name!),
    subjectName: name!.whole,
    publicKeyInfo: publicKeyInfo!.whole,
    hosts: hostsIn(attributes),
  };
}

/** A new EC P-256 key and a request for it, both PEM: what an agent sends when it registers. */
export function createSigningRequest(subject: Subject): { readonly request: string; readonly key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const body = der.sequence(
    der.integer(Buffer.from([0])),
    encodeName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der.explicit(0),
  );
  const algorithm = der.sequence(der.oid('1.2.840.10045.4.3.2'));
  const request = toPem(label, der.sequence(body, algorithm, der.bitString(sign('sha256', body, privateKey))));
  return { request, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}
