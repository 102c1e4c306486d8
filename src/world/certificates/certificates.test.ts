import { createPrivateKey, X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulatedClock } from '../clock/simulated.ts';
import { certificateLimits, createCertificateAuthority, loadCertificateAuthority } from './authority.ts';
import { certificateFits, parseCertificate } from './certificate.ts';
import * as der from './der.ts';
import { createSigningRequest, readSigningRequest } from './signing-request.ts';
import { createSigningKeyPem, loadSigningKey } from './token-signing.ts';

const clock = simulatedClock(Date.UTC(2026, 5, 1));

describe('a certificate authority', () => {
  it('signs itself and is a CA', async () => {
    const authority = await createCertificateAuthority('flotilla-ca', clock);
    const certificate = new X509Certificate(authority.cert);
    expect(certificate.ca).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.subject).toBe('CN=flotilla-ca');
    expect(certificate.validToDate.getTime()).toBe(clock.now() + certificateLimits.authorityMs);
  });

  it('issues server certificates for names and addresses', async () => {
    const authority = await createCertificateAuthority('flotilla-ca', clock);
    const pair = await authority.issueServer({
      commonName: 'kube-apiserver',
      hosts: ['localhost', '127.0.0.1', '::1', 'fd00::a:1'],
    });
    const certificate = new X509Certificate(pair.cert);
    expect(certificate.checkIssued(new X509Certificate(authority.cert))).toBe(true);
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkIP('fd00::a:1')).toBe('fd00::a:1');
    expect(certificate.checkHost('elsewhere')).toBeUndefined();
    expect(certificate.ca).toBe(false);
    expect(certificate.checkPrivateKey(createPrivateKey(pair.key))).toBe(true);
  });

  it('issues client certificates with user and groups, also after it was loaded again', async () => {
    const made = await createCertificateAuthority('flotilla-ca', clock);
    const authority = loadCertificateAuthority({ cert: made.cert, key: made.key }, clock);
    const pair = await authority.issueClient({ user: 'jané', groups: ['system:masters', 'ops'] });
    const facts = parseCertificate(pair.cert);
    expect(facts.subject).toEqual({ commonName: 'jané', organizations: ['system:masters', 'ops'] });
    expect(facts.notAfter - clock.now()).toBe(certificateLimits.leafMs);
    expect(certificateFits(pair, made.cert)).toBe(true);
    const other = await createCertificateAuthority('flotilla-ca', clock);
    expect(certificateFits(pair, other.cert)).toBe(false);
    expect(certificateFits({ ...pair, key: other.key }, made.cert)).toBe(false);
    expect(certificateFits({ cert: 'damaged', key: pair.key }, made.cert)).toBe(false);
  });

  it('signs the requests of others, and only those signed by their own key', async () => {
    const authority = await createCertificateAuthority('flotilla-ca', clock);
    const { request } = createSigningRequest({ commonName: 'system:node:member1', organizations: ['system:nodes'] });
    const signed = authority.signRequest(request, { uses: ['client'], validForMs: 3_600_000 });
    expect(parseCertificate(signed).subject).toEqual({
      commonName: 'system:node:member1',
      organizations: ['system:nodes'],
    });
    expect(new X509Certificate(signed).keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);

    const bytes = Buffer.from(request.split('\n').slice(1, -2).join(''), 'base64');
    bytes[bytes.indexOf('member1') + 6] = '2'.charCodeAt(0);
    const forged = `-----BEGIN CERTIFICATE REQUEST-----\n${bytes.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
    expect(() => authority.signRequest(forged, { uses: ['client'], validForMs: 1 })).toThrow(/not signed by the key/);
    expect(() => authority.signRequest('nonsense', { uses: ['client'], validForMs: 1 })).toThrow(/no PEM block/);
  });

  it('reads requests that openssl made, subject alternative names included', () => {
    // openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /O=ops/CN=web -addext subjectAltName=DNS:web,IP:10.0.0.1
    const request = `-----BEGIN CERTIFICATE REQUEST-----
MIH+MIGlAgEAMBwxDDAKBgNVBAoMA29wczEMMAoGA1UEAwwDd2ViMFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAESEDeZrU+2wXDUekwFXba9KZChh/9G+ZyuwXqo0zL
q7MNB9gshbodUnuh2pwpbc5l6TXRoYz9ucZMIwXrioWFxKAnMCUGCSqGSIb3DQEJ
DjEYMBYwFAYDVR0RBA0wC4IDd2VihwQKAAABMAoGCCqGSM49BAMCA0gAMEUCIFNi
vLemlD3OuVzmqgabwYzaflXHU9ZZjHQ8bpjlA8e9AiEA7RvCP9Ai3XXxn9rGpqq9
PKHIbNcjH9yhMYN4eaOZ+tA=
-----END CERTIFICATE REQUEST-----`;
    expect(readSigningRequest(request)).toMatchObject({
      subject: { commonName: 'web', organizations: ['ops'] },
      hosts: ['web', '10.0.0.1'],
    });
  });
});

describe('DER', () => {
  it('reads back what it wrote, of any length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70_000 }), (bytes) => {
        const [read] = der.readElements(der.octetString(bytes));
        expect(Buffer.compare(read!.content, bytes)).toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  it.each(['1.2.840.10045.4.3.2', '2.5.29.17', '1.3.101.112'])('reads the object identifier %s back', (text) => {
    expect(der.readOid(der.readElements(der.oid(text))[0]!)).toBe(text);
  });

  it('refuses what is cut short', () => {
    expect(() => der.readElements(Buffer.from([0x30, 0x05, 1]))).toThrow(RangeError);
    expect(() => der.readElements(Buffer.from([0x30]))).toThrow(RangeError);
  });

  it('writes years from 2050 on in four digits', () => {
    expect(der.time(Date.UTC(2049, 11, 31))[0]).toBe(0x17);
    expect(
      der
        .time(Date.UTC(2050, 0, 1))
        .subarray(2)
        .toString(),
    ).toBe('20500101000000Z');
  });
});

describe('a token signing key', () => {
  it('verifies its own signatures after being loaded again, and no others', () => {
    const pem = createSigningKeyPem();
    const signature = loadSigningKey(pem).sign('a.b');
    const again = loadSigningKey(pem);
    expect(again.id).toBe(loadSigningKey(pem).id);
    expect(again.verify('a.b', signature)).toBe(true);
    expect(again.verify('a.c', signature)).toBe(false);
    expect(loadSigningKey(createSigningKeyPem()).verify('a.b', signature)).toBe(false);
    expect(again.verify('a.b', Buffer.from('short'))).toBe(false);
  });
});
