/** Certificate signing requests: who may ask, approve and sign, and what becomes of them. */
import type { Anything } from '#harness/kubectl.ts';
import type { Hand, Script } from '../hand.ts';
import { as, asking, clusterBinding, clusterRole, clusterRoleBindings, clusterRoles, rule, user } from './asking.ts';

const path = '/apis/certificates.k8s.io/v1/certificatesigningrequests';

/** CN=alice, O=team; made once: what is asked for must be the same each time. */
const aliceRequest = `-----BEGIN CERTIFICATE REQUEST-----
MIHZMIGBAgEAMB8xDTALBgNVBAoMBHRlYW0xDjAMBgNVBAMMBWFsaWNlMFkwEwYH
KoZIzj0CAQYIKoZIzj0DAQcDQgAEWSr28Rtd2cIljBY2pDsGZIkwVC0CC6LnkBM7
+yBND5k5utgj7D2yiaFdY8UNrlvPwEw1eRrt73gu+o9EpG4GfaAAMAoGCCqGSM49
BAMCA0cAMEQCIEuIiKki3ZbbSX5iGWY/TIi5w/UlDw/DsnEB13IoM0IrAiBs08yu
KQM/g2UuGmtnBK1dz5Fv6ytv4L70OJzzFSNY8Q==
-----END CERTIFICATE REQUEST-----
`;
/** CN=system:node:one, O=system:nodes, DNS one, IP 10.0.0.1. */
const nodeRequest = `-----BEGIN CERTIFICATE REQUEST-----
MIIBEzCBugIBADAxMRUwEwYDVQQKDAxzeXN0ZW06bm9kZXMxGDAWBgNVBAMMD3N5
c3RlbTpub2RlOm9uZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABFkq9vEbXdnC
JYwWNqQ7BmSJMFQtAgui55ATO/sgTQ+ZObrYI+w9somhXWPFDa5bz8BMNXka7e94
LvqPRKRuBn2gJzAlBgkqhkiG9w0BCQ4xGDAWMBQGA1UdEQQNMAuCA29uZYcECgAA
ATAKBggqhkjOPQQDAgNIADBFAiEAoLK5jh+SrKpmyS2M/dfGp8Tk4IWk7TRLGknm
qXfeVtECIFzonTpMU4p2CTEjDhx5602frY1lTOFEwKaftrkPpiFC
-----END CERTIFICATE REQUEST-----
`;
const certificate = `-----BEGIN CERTIFICATE-----
MIIBdzCCAR2gAwIBAgIUcAP7Uk+5iAEymxc0p7pVou3MsikwCgYIKoZIzj0EAwIw
EDEOMAwGA1UEAwwFYWxpY2UwIBcNMjYxMTMwMTkyNzEzWhgPMjEyNjExMDYxOTI3
MTNaMBAxDjAMBgNVBAMMBWFsaWNlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
WSr28Rtd2cIljBY2pDsGZIkwVC0CC6LnkBM7+yBND5k5utgj7D2yiaFdY8UNrlvP
wEw1eRrt73gu+o9EpG4GfaNTMFEwHQYDVR0OBBYEFH9kYYJtI7WOeUoX0/P9Goqt
V411MB8GA1UdIwQYMBaAFH9kYYJtI7WOeUoX0/P9GoqtV411MA8GA1UdEwEB/wQF
MAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAKII7THaYKqHiz4IQscUvRD/92ewzEPB
JL74LUjxu0ZbAiBZlGH6f8dxUCqCJ5G44aZRTWh4iEZTm0IMgPeItE+qfw==
-----END CERTIFICATE-----
`;

const base64 = (text: string) => Buffer.from(text).toString('base64');
const clientUsages = ['digital signature', 'key encipherment', 'client auth'];
const clientSigner = 'kubernetes.io/kube-apiserver-client';

async function certificates(hand: Hand): Promise<void> {
  const { get, post, put, merge, remove, settled } = asking(hand);
  const { namespace } = hand;
  const named = (name: string) => `${namespace}-${name}`;
  const request = (name: string, spec: Anything, more: Anything = {}): Anything => ({
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name: named(name) },
    spec: { request: base64(aliceRequest), signerName: clientSigner, usages: clientUsages, ...spec },
    ...more,
  });
  await post(
    clusterRoles,
    clusterRole(`${namespace}-asker`, [rule('create', 'certificates.k8s.io', 'certificatesigningrequests')]),
  );
  await post(clusterRoleBindings, clusterBinding(`${namespace}-asker`, `${namespace}-asker`, [user('alice')]));
  settled();
  await post(path, request('a', {}));
  await post(
    path,
    request('b', { expirationSeconds: 600, username: 'x', uid: 'y', groups: ['z'], extra: { a: ['b'] } }),
  );
  await post(path, request('c', {}), {
    headers: { 'impersonate-user': 'alice', 'impersonate-uid': '7', 'impersonate-extra-k': 'v' },
  });
  await post(
    path,
    request(
      'status',
      {},
      { status: { certificate: base64(certificate), conditions: [{ type: 'Approved', status: 'True' }] } },
    ),
  );
  // Refused.
  await post(path, request('wrong', { request: '' }));
  await post(path, request('wrong', { request: base64('nonsense') }));
  await post(path, request('wrong', { request: base64(certificate) }));
  await post(path, request('wrong', { signerName: '' }));
  await post(path, request('wrong', { signerName: 'no-slash' }));
  await post(path, request('wrong', { signerName: 'a/b' }));
  await post(path, request('wrong', { signerName: 'example.com/B_b' }));
  await post(path, request('wrong', { signerName: 'kubernetes.io/legacy-unknown' }));
  await post(path, request('wrong', { signerName: 'example.com/a/b' }));
  await post(path, request('wrong', { usages: [] }));
  await post(path, request('wrong', { usages: ['client auth', 'flying', 'client auth'] }));
  await post(path, request('wrong', { expirationSeconds: 599 }));
  await post(path, request('wrong', { expirationSeconds: -1 }));
  await post(path, request('wrong', { expirationSeconds: 0 }));
  await post(
    path,
    request('node', {
      request: base64(nodeRequest),
      signerName: 'kubernetes.io/kubelet-serving',
      usages: ['digital signature', 'server auth'],
    }),
  );
  await post(path, { ...request('wrong', {}), metadata: { name: 'Upper' } });
  // The spec cannot be changed, the status only through its doors.
  const a = await get(`${path}/${named('a')}`);
  await put(`${path}/${named('a')}`, request('a', { usages: ['client auth'] }));
  await merge(`${path}/${named('a')}`, { metadata: { labels: { a: 'b' } } });
  await merge(`${path}/${named('a')}`, { status: { certificate: base64(certificate) } });
  const approved = (status = 'True', type = 'Approved', more: Anything = {}) => ({
    type,
    status,
    reason: 'Test',
    message: 'by a test',
    ...more,
  });
  const approval = (name: string, conditions: readonly Anything[], who?: Parameters<typeof put>[2]) =>
    put(`${path}/${named(name)}/approval`, request(name, {}, { status: { conditions } }), who);
  await approval('a', [approved('Maybe')]);
  await approval('a', [approved('')]);
  await approval('a', [approved('False')]);
  await approval('a', [approved('True', '')]);
  await approval('a', [approved(), approved()]);
  await approval('a', [approved(), approved('True', 'Denied')]);
  await approval('a', [approved('True', 'Other')]);
  await approval('a', [approved()]);
  await approval('a', []);
  await approval('a', [approved('True', 'Denied')]);
  await approval('b', [approved('True', 'Denied')]);
  await approval('b', []);
  await approval('gone', [approved()]);
  await get(`${path}/${named('a')}/approval`);
  await merge(`${path}/${named('c')}/approval`, {
    status: { conditions: [approved()], certificate: base64(certificate) },
  });
  const status = (name: string, body: Anything, who?: Parameters<typeof put>[2]) =>
    merge(`${path}/${named(name)}/status`, { status: body }, who);
  await status('a', { certificate: base64('nonsense') });
  await status('a', { certificate: base64(aliceRequest) });
  await status('a', { certificate: base64(`${certificate}${aliceRequest}`) });
  await status('a', { conditions: [] });
  await status('a', { conditions: [approved(), approved('True', 'Failed')] });
  await status('a', { certificate: base64(certificate) });
  await status('a', { certificate: base64(`${certificate}${certificate}`) });
  await status('a', { certificate: null });
  await get(`${path}/${named('a')}/status`);
  await get(`${path}?fieldSelector=spec.signerName%3Dkubernetes.io/kubelet-serving&labelSelector=none%3Dsuch`);
  // Approving and signing need the right to do it for the signer.
  const write = rule(
    'get list create update patch',
    'certificates.k8s.io',
    'certificatesigningrequests certificatesigningrequests/approval certificatesigningrequests/status',
  );
  await post(clusterRoles, clusterRole(`${namespace}-writer`, [write]));
  await post(
    clusterRoleBindings,
    clusterBinding(`${namespace}-writer`, `${namespace}-writer`, [user('carol'), user('dora')]),
  );
  await post(
    clusterRoles,
    clusterRole(`${namespace}-signer`, [rule('approve sign', 'certificates.k8s.io', 'signers', 'kubernetes.io/*')]),
  );
  await post(clusterRoleBindings, clusterBinding(`${namespace}-signer`, `${namespace}-signer`, [user('dora')]));
  settled();
  await post(path, request('d', {}), as('carol'));
  await approval('d', [approved()], as('carol'));
  await status('d', { certificate: base64(certificate) }, as('carol'));
  await approval('d', [approved()], as('dora'));
  await status('d', { certificate: base64(certificate) }, as('dora'));
  await post(
    path,
    request('e', { request: base64(nodeRequest), signerName: 'example.com/own', usages: ['any'] }),
    as('carol'),
  );
  await approval('e', [approved()], as('dora'));
  await remove(`${path}/${a.metadata.name}`);
}

export const certificateScripts: readonly Script[] = [{ name: 'auth-certificates', run: certificates }];
