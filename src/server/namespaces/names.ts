/** The namespaces every cluster has. */

export const defaultNamespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'] as const;

/** Those that may not be deleted. */
export const immortalNamespaces: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public']);

/** Likewise. */
export const systemPriorityClasses: ReadonlySet<string> = new Set(['system-cluster-critical', 'system-node-critical']);
