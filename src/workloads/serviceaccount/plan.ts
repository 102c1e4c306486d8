/** What every namespace is given: an account for Pods that name none, and the certificate to know the API server by. Pure. */
import type { ConfigMap, ServiceAccount } from '#apis/kubernetes/types.ts';

export const defaultAccount = 'default';
export const rootCertificateName = 'kube-root-ca.crt';

export const accountFor = (namespace: string): ServiceAccount => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: defaultAccount, namespace },
});

/** As kube-controller-manager writes it beside the certificate. */
const description =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

const annotation = 'kubernetes.io/description';
const file = 'ca.crt';

export const certificateFor = (namespace: string, certificate: string): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: rootCertificateName, namespace, annotations: { [annotation]: description } },
  data: { [file]: certificate },
});

/** With the certificate and its description as they should be; the same reference when they are. */
export function withCertificate(found: ConfigMap, certificate: string): ConfigMap {
  const { annotations } = found.metadata;
  const isRight = Object.keys(found.data ?? {}).length === 1 && found.data?.[file] === certificate;
  if (isRight && annotations?.[annotation] === description) return found;
  return {
    ...found,
    metadata: { ...found.metadata, annotations: { ...annotations, [annotation]: description } },
    data: { [file]: certificate },
  };
}
