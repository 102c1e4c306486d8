/** Labels of a Node that its kubelet may set; others of kubernetes.io could draw work to it. */

const restriction = 'node-restriction.kubernetes.io';

/** Of kubelets themselves (kubelet/pkg/apis well_known_labels). */
const kubeletLabels: ReadonlySet<string> = new Set([
  'kubernetes.io/hostname',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'node.kubernetes.io/instance-type',
  'beta.kubernetes.io/instance-type',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
]);
const kubeletNamespaces = ['node.kubernetes.io', 'kubelet.kubernetes.io'];

type Labels = Readonly<Record<string, string>> | undefined;

const within = (namespace: string, domain: string) => namespace === domain || namespace.endsWith(`.${domain}`);

function isForbidden(label: string): boolean {
  const slash = label.indexOf('/');
  const namespace = slash < 0 ? '' : label.slice(0, slash);
  if (within(namespace, restriction)) return true;
  if (!within(namespace, 'kubernetes.io') && !within(namespace, 'k8s.io')) return false;
  return !kubeletLabels.has(label) && !kubeletNamespaces.some((domain) => within(namespace, domain));
}

/** Labels that differ though a node may not set them, sorted. */
export function forbiddenLabels(labels: Labels = {}, old: Labels = {}): readonly string[] {
  const changed = new Set([...Object.keys(labels), ...Object.keys(old)].filter((key) => labels[key] !== old[key]));
  return [...changed].filter(isForbidden).sort();
}
