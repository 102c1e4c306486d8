/** Keys and certificates of one cluster, made once and kept in the data directory. */

import type { CertificateAuthority } from '#world/certificates/authority.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { Disk } from '#world/disk/disk.ts';
import type { ServerTls } from '#world/network/listen.ts';

interface Pair {
  readonly cert: string;
  readonly key: string;
}

export interface ClusterIdentity {
  readonly authority: Pair;
  readonly serving: Pair;
  /** CN=system:admin, O=system:masters. */
  readonly admin: Pair;
  /** Signs ServiceAccount tokens; PKCS #8 PEM. */
  readonly tokenKey: string;
  /** Whom API servers behind this one believe, and what it shows them. Absent in identities of earlier versions. */
  readonly frontProxy?: { readonly authority: Pair; readonly client: Pair };
}

const adminUser = 'system:admin';
const adminGroups = ['system:masters'];

/** The name API servers behind this one know it by. */
export const frontProxyName = 'front-proxy-client';

/** Names under which an API server on this machine is called. */
const hosts = ['localhost', '127.0.0.1', '::1', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'];

async function make(cluster: string, clock: Clock): Promise<ClusterIdentity> {
  const [{ createCertificateAuthority }, { createSigningKeyPem }] = await Promise.all([
    import('#world/certificates/authority.ts'),
    import('#world/certificates/token-signing.ts'),
  ]);
  const [authority, frontProxy] = await Promise.all([
    createCertificateAuthority(`${cluster}-ca`, clock),
    makeFrontProxy(clock),
  ]);
  return {
    authority: { cert: authority.cert, key: authority.key },
    ...(await issue(authority, cluster)),
    tokenKey: createSigningKeyPem(),
    frontProxy,
  };
}

/** As kubeadm: an authority for nothing but front proxies. */
async function makeFrontProxy(clock: Clock): Promise<NonNullable<ClusterIdentity['frontProxy']>> {
  const { createCertificateAuthority } = await import('#world/certificates/authority.ts');
  const authority = await createCertificateAuthority('front-proxy-ca', clock);
  return { authority: { cert: authority.cert, key: authority.key }, client: await frontProxyClient(authority) };
}

const frontProxyClient = (authority: CertificateAuthority): Promise<Pair> =>
  authority.issueClient({ user: frontProxyName, groups: [] });

async function issue(
  authority: CertificateAuthority,
  cluster: string,
): Promise<Pick<ClusterIdentity, 'serving' | 'admin'>> {
  const [serving, admin] = await Promise.all([
    authority.issueServer({ commonName: cluster, hosts }),
    authority.issueClient({ user: adminUser, groups: adminGroups }),
  ]);
  return { serving, admin };
}

/** Certificates are renewed at a start that finds less than this part of their life left: four months of a year. */
const renewedBelow = 1 / 3;

async function isWorn({ serving, admin, frontProxy }: ClusterIdentity, clock: Clock): Promise<boolean> {
  if (!frontProxy) return true;
  const { parseCertificate } = await import('#world/certificates/certificate.ts');
  return [serving, admin, frontProxy.client].some(({ cert }) => {
    const { notBefore, notAfter } = parseCertificate(cert);
    return notAfter - clock.now() < (notAfter - notBefore) * renewedBelow;
  });
}

/** The authority stays: whoever trusts it, a joined cluster's Secret or a kubeconfig elsewhere, goes on doing so. */
async function renew(kept: ClusterIdentity, cluster: string, clock: Clock): Promise<ClusterIdentity> {
  const { loadCertificateAuthority } = await import('#world/certificates/authority.ts');
  const { frontProxy } = kept;
  return {
    ...kept,
    ...(await issue(loadCertificateAuthority(kept.authority, clock), cluster)),
    frontProxy: frontProxy
      ? { ...frontProxy, client: await frontProxyClient(loadCertificateAuthority(frontProxy.authority, clock)) }
      : await makeFrontProxy(clock),
  };
}

/** Not made anew when it is damaged: everybody who trusts the old authority would be cut off. */
function parse(text: string, path: string): ClusterIdentity {
  try {
    return JSON.parse(text) as ClusterIdentity;
  } catch {
    throw new Error(`${path} is damaged: restore it from a backup, or remove it to have new keys and join anew`);
  }
}

/** Reads the identity kept at `path`, its certificates renewed in time, or makes one and keeps it there (mode 0600). */
export async function clusterIdentity(
  disk: Disk,
  path: string,
  cluster: string,
  clock: Clock,
): Promise<ClusterIdentity> {
  const text = await disk.readText(path);
  const kept = text === undefined ? undefined : parse(text, path);
  if (kept && !(await isWorn(kept, clock))) return kept;
  const identity = await (kept ? renew(kept, cluster, clock) : make(cluster, clock));
  await disk.write(path, JSON.stringify(identity));
  return identity;
}

export const servingTls = ({ serving, authority }: ClusterIdentity): ServerTls => ({
  ...serving,
  clientCa: authority.cert,
});
