/** What an administrator of a test's API server shows, in the forms that clients and programs take. */
import type { ClusterAccess, FileOrData } from '#client/kubeconfig/access.ts';
import { kubeconfigText } from './real-kubernetes.ts';

const pem = (part: FileOrData | undefined): string | undefined => (part && 'pem' in part ? part.pem : undefined);

/** Of an access that holds them itself; undefined where it has none. */
export const pemsOf = ({ certificateAuthority, clientCertificate, clientKey }: ClusterAccess) => ({
  ca: pem(certificateAuthority),
  cert: pem(clientCertificate),
  key: pem(clientKey),
});

/** The text of a kubeconfig for programs of others. */
export function kubeconfigOf(access: ClusterAccess): string {
  const { ca = '', cert = '', key = '' } = pemsOf(access);
  return kubeconfigText(access.server, ca, { cert, key });
}
