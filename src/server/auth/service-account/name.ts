/** How a ServiceAccount is written as a user and in which groups it is. */

const prefix = 'system:serviceaccount:';

export const serviceAccountUser = (namespace: string, name: string) => `${prefix}${namespace}:${name}`;

export function parseServiceAccountName(
  user: string,
): { readonly namespace: string; readonly name: string } | undefined {
  if (!user.startsWith(prefix)) return undefined;
  const [namespace, name, ...more] = user.slice(prefix.length).split(':');
  return namespace && name && more.length === 0 ? { namespace, name } : undefined;
}

export const serviceAccountGroups = (namespace: string): readonly string[] => [
  'system:serviceaccounts',
  `system:serviceaccounts:${namespace}`,
];
