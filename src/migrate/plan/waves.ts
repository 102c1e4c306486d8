/** The order objects are taken over in: what others need goes first. Pure. */
import { parseApiVersion } from '#kube/meta/kind.ts';

/** First to last. A kind that no row names is the work of some operator: it goes with workloads. */
const titles = [
  'definitions',
  'namespaces',
  'access',
  'configuration',
  'storage',
  'workloads',
  'services',
  'ingress',
  'autoscaling',
] as const;
export type WaveTitle = (typeof titles)[number];

const rows: Readonly<Record<string, WaveTitle>> = {
  'apiextensions.k8s.io/CustomResourceDefinition': 'definitions',
  'scheduling.k8s.io/PriorityClass': 'definitions',
  'node.k8s.io/RuntimeClass': 'definitions',
  'networking.k8s.io/IngressClass': 'definitions',
  '/Namespace': 'namespaces',
  '/ResourceQuota': 'configuration',
  '/LimitRange': 'configuration',
  '/ServiceAccount': 'access',
  '/ConfigMap': 'configuration',
  '/Secret': 'configuration',
  '/PersistentVolume': 'storage',
  '/PersistentVolumeClaim': 'storage',
  '/Service': 'services',
  '/Endpoints': 'services',
  'discovery.k8s.io/EndpointSlice': 'services',
  'networking.k8s.io/NetworkPolicy': 'services',
  'networking.k8s.io/Ingress': 'ingress',
  'autoscaling/HorizontalPodAutoscaler': 'autoscaling',
  'policy/PodDisruptionBudget': 'autoscaling',
};

/** Whole groups, where no row names the kind. */
const groups: Readonly<Record<string, WaveTitle>> = {
  'rbac.authorization.k8s.io': 'access',
  'storage.k8s.io': 'storage',
  'gateway.networking.k8s.io': 'ingress',
  'admissionregistration.k8s.io': 'definitions',
  'keda.sh': 'autoscaling',
};

export function waveOf({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): WaveTitle {
  const { group } = parseApiVersion(apiVersion);
  return rows[`${group}/${kind}`] ?? groups[group] ?? 'workloads';
}

/** For sorting: 0 for what goes first. */
export const waveOrder = (title: WaveTitle): number => titles.indexOf(title);
