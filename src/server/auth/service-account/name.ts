/** How a ServiceAccount is written as a user and in which groups it is. */
import { dns1123Label, dns1123Subdomain } from '#kube/names/validate.ts';

const prefix = 'system:serviceaccount:';

export const serviceAccountUser = (namespace: string, name: string) => `${prefix}${namespace}:${name}`;

export function parseServiceAccountName(
  user: string,
): { readonly namespace: string; readonly name: string } | undefined {
  if (!user.startsWith(prefix)) return undefined;
  const [namespace, name, ...more] = user.slice(prefix.length).split(':');
  if (!namespace || !name || more.length > 0) return undefined;
  return dns1123Label(namespace).length === 0 && dns1123Subdomain(name).length === 0 ? { namespace, name } : undefined;
}

export const serviceAccountGroups = (namespace: string): readonly string[] => [
  'system:serviceaccounts',
  `system:serviceaccounts:${namespace}`,
];
