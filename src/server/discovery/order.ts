/** In which order groups are listed: kubectl takes the first match of a short name, so the order decides. */

/** Built-in groups by the priorities kube-apiserver registers them with, highest first; all others follow by name. */
const builtinOrder = [
  '',
  'apiregistration.k8s.io',
  'apps',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'scheduling.k8s.io',
  'coordination.k8s.io',
  'node.k8s.io',
  'discovery.k8s.io',
  'resource.k8s.io',
  'flowcontrol.apiserver.k8s.io',
];

const rank = (group: string) => {
  const index = builtinOrder.indexOf(group);
  return index < 0 ? builtinOrder.length : index;
};

export function compareGroups(left: string, right: string): number {
  return rank(left) - rank(right) || (left < right ? -1 : left > right ? 1 : 0);
}
