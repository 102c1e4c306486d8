/** Objects by name, in the version of their API. Pure. */
import { keyFor } from '#kube/meta/key.ts';

/** `v1/ConfigMap/shop/settings`. */
export const identityOf = (apiVersion: string, kind: string, namespace: string | undefined, name: string): string =>
  `${apiVersion}/${kind}/${keyFor(namespace, name)}`;
