import { describe, expect, it } from 'vitest';
import { type CertificateSigningRequest, CertificateSigningRequests } from '#apis/kubernetes/types.ts';
import { createCertificateAuthority } from '#world/certificates/authority.ts';
import { certificateFits, parseCertificate } from '#world/certificates/certificate.ts';
import { createSigningRequest } from '#world/certificates/signing-request.ts';
import { timestamp } from '#world/clock/clock.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { startTestCluster, type TestCluster } from '../workloads.cases.ts';
import { verdictOn } from './plan.ts';

const client = 'kubernetes.io/kube-apiserver-client';
const usages = ['digital signature', 'client auth'] as const;

async function clusterWithAuthority() {
  const authority = await createCertificateAuthority('ca', simulatedClock());
  const cluster = await startTestCluster({
    names: ['certificates'],
    authority: { cert: authority.cert, key: authority.key },
  });
  return { authority, cluster };
}

const requests = ({ client: api }: TestCluster) => api.resource<CertificateSigningRequest>(CertificateSigningRequests);

const requestOf = (pem: string, spec: Partial<CertificateSigningRequest['spec']> = {}): CertificateSigningRequest => ({
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  metadata: { name: 'jane' },
  spec: { request: Buffer.from(pem).toString('base64'), signerName: client, usages, ...spec },
});

async function approve(cluster: TestCluster, type = 'Approved') {
  const found = await requests(cluster).get({ name: 'jane' });
  const lastUpdateTime = timestamp(cluster.clock.now());
  const conditions = [{ type, status: 'True', reason: 'Test', message: 'by a test', lastUpdateTime }];
  await requests(cluster).update({ ...found, status: { conditions } }, { subresource: 'approval' });
  await cluster.settle();
  return requests(cluster).get({ name: 'jane' });
}

describe('an approved request', () => {
  const { request, key } = createSigningRequest({ commonName: 'jane', organizations: ['dev'] });

  it('gets a certificate from the authority of the cluster, for as long as it asked for', async () => {
    const { authority, cluster } = await clusterWithAuthority();
    await requests(cluster).create(requestOf(request, { expirationSeconds: 3_600 }));
    await cluster.settle();
    expect((await requests(cluster).get({ name: 'jane' })).status?.certificate).toBeUndefined();
    const { status } = await approve(cluster);
    const cert = Buffer.from(status!.certificate!, 'base64').toString();
    expect(certificateFits({ cert, key }, authority.cert)).toBe(true);
    const { subject, notAfter } = parseCertificate(cert);
    expect(subject).toEqual({ commonName: 'jane', organizations: ['dev'] });
    expect(Math.round((notAfter - cluster.clock.now()) / 60_000)).toBe(60);
  });

  it('that its signer does not sign fails, and says why', async () => {
    const { cluster } = await clusterWithAuthority();
    await requests(cluster).create(requestOf(request, { usages: ['server auth'] }));
    const { status } = await approve(cluster);
    expect(status).toMatchObject({
      conditions: [
        { type: 'Approved' },
        {
          type: 'Failed',
          reason: 'SignerValidationFailure',
          message: 'invalid usage for client certificate: server auth',
        },
      ],
    });
    expect(status).not.toHaveProperty('certificate');
  });

  it('of another signer is left to it', async () => {
    const { cluster } = await clusterWithAuthority();
    await requests(cluster).create(requestOf(request, { signerName: 'example.com/own' }));
    const { status } = await approve(cluster);
    expect(status?.conditions).toHaveLength(1);
    expect(status).not.toHaveProperty('certificate');
  });
});

it('requests go an hour after they were denied, a day after nobody looked at them', async () => {
  const { cluster } = await clusterWithAuthority();
  const { request } = createSigningRequest({ commonName: 'jane', organizations: [] });
  await requests(cluster).create(requestOf(request));
  await requests(cluster).create({ ...requestOf(request), metadata: { name: 'forgotten' } });
  await approve(cluster, 'Denied');
  const names = async () => (await requests(cluster).list()).items.map(({ metadata }) => metadata.name);
  await cluster.clock.advance(59 * 60_000);
  expect(await names()).toEqual(['forgotten', 'jane']);
  await cluster.clock.advance(2 * 60_000);
  expect(await names()).toEqual(['forgotten']);
  await cluster.clock.advance(24 * 3_600_000);
  expect(await names()).toEqual([]);
});

describe('signers of nodes', () => {
  const node = { commonName: 'system:node:one', organizations: ['system:nodes'] };
  const approved = (signerName: string, asked: readonly string[]) =>
    ({
      ...requestOf('', { signerName, usages: asked as typeof usages }),
      status: { conditions: [{ type: 'Approved', status: 'True' }] },
    }) as CertificateSigningRequest;
  const kubelet = 'kubernetes.io/kube-apiserver-client-kubelet';
  const serving = 'kubernetes.io/kubelet-serving';

  it.each([
    [kubelet, node, [], usages, undefined],
    [kubelet, node, ['one'], usages, 'DNS subjectAltNames are not allowed'],
    [kubelet, node, ['10.0.0.1'], usages, 'IP subjectAltNames are not allowed'],
    [kubelet, { ...node, commonName: 'one' }, [], usages, 'common name does not start with system:node:'],
    [kubelet, { ...node, organizations: ['dev'] }, [], usages, 'organization is not system:nodes'],
    [kubelet, node, [], ['client auth'], 'usages did not match [client auth digital signature key encipherment]'],
    [serving, node, ['one'], ['digital signature', 'key encipherment', 'server auth'], undefined],
    [serving, node, [], ['digital signature', 'server auth'], 'DNS or IP subjectAltName is required'],
  ] as const)('%s %j %j %j: %s', (signerName, subject, hosts, asked, message) => {
    const verdict = verdictOn(approved(signerName, asked), { subject, hosts });
    expect(verdict).toMatchObject(message === undefined ? { outcome: 'sign' } : { outcome: 'fail', message });
  });
});
