/** Keys and certificates of one cluster, made once and kept in the data directory. */

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
}

const adminUser = 'system:admin';
const adminGroups = ['system:masters'];

/** Names under which an API server on this machine is called. */
const hosts = ['localhost', '127.0.0.1', '::1', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'];

async function make(cluster: string, clock: Clock): Promise<ClusterIdentity> {
  const [{ createCertificateAuthority }, { createSigningKeyPem }] = await Promise.all([
    import('#world/certificates/authority.ts'),
    import('#world/certificates/token-signing.ts'),
  ]);
  const authority = await createCertificateAuthority(`${cluster}-ca`, clock);
  const [serving, admin] = await Promise.all([
    authority.issueServer({ commonName: cluster, hosts }),
    authority.issueClient({ user: adminUser, groups: adminGroups }),
  ]);
  return { authority: { cert: authority.cert, key: authority.key }, serving, admin, tokenKey: createSigningKeyPem() };
}

/** Reads the identity kept at `path`, or makes one and keeps it there (mode 0600). */
export async function clusterIdentity(
  disk: Disk,
  path: string,
  cluster: string,
  clock: Clock,
): Promise<ClusterIdentity> {
  const kept = await disk.readText(path);
  if (kept !== undefined) return JSON.parse(kept) as ClusterIdentity;
  const identity = await make(cluster, clock);
  await disk.write(path, JSON.stringify(identity));
  return identity;
}

export const servingTls = ({ serving, authority }: ClusterIdentity): ServerTls => ({
  ...serving,
  clientCa: authority.cert,
});
