/** The objects benches make: what a user would write, as `kubectl apply` sends it. */
import type { Deployment } from '#apis/kubernetes/types.ts';
import type { PropagationPolicy } from '#apis/policy/propagation-policy.ts';
import type { KubeObject } from '#kube/meta/object.ts';

export const namespace = 'default';
export const fieldManager = 'kubectl-client-side-apply';
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

export const deploymentName = (index: number) => `web-${index}`;

/** One container, one replica, the things a usual manifest states; with the annotation that kubectl apply leaves. */
export function deployment(index: number): Deployment {
  const name = deploymentName(index);
  const manifest = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { annotations: {}, labels: { app: name }, name, namespace },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [
            {
              image: 'nginx:1.27',
              name: 'nginx',
              ports: [{ containerPort: 80 }],
              env: [{ name: 'INDEX', value: String(index) }],
              resources: { requests: { cpu: '1m', memory: '1Mi' } },
            },
          ],
        },
      },
    },
  };
  const annotations = { [lastApplied]: `${JSON.stringify(manifest)}\n` };
  return { ...manifest, metadata: { ...manifest.metadata, annotations } } as unknown as Deployment;
}

export interface PolicyOptions {
  readonly name: string;
  readonly clusters: readonly string[];
  /** A policy that preempts must name what it takes: so many templates, with this priority. */
  readonly preempts?: { readonly count: number; readonly priority: number };
}

/** All Deployments of the namespace to these clusters, taking over what is there. */
export function policy({ name, clusters, preempts }: PolicyOptions): PropagationPolicy {
  const selector = { apiVersion: 'apps/v1', kind: 'Deployment' };
  const named = Array.from({ length: preempts?.count ?? 0 }, (_, index) => ({
    ...selector,
    name: deploymentName(index),
  }));
  return {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'PropagationPolicy',
    metadata: { name, namespace },
    spec: {
      conflictResolution: 'Overwrite',
      placement: { clusterAffinity: { clusterNames: clusters } },
      resourceSelectors: preempts ? named : [selector],
      ...(preempts ? { priority: preempts.priority, preemption: 'Always' } : {}),
    },
  } as unknown as PropagationPolicy;
}

/** About 1 kB. */
export const configMap = (index: number): KubeObject =>
  ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `config-${index}`, namespace, labels: { group: `g${index % 100}` } },
    data: { text: 'x'.repeat(900) },
  }) as KubeObject;

/** One that users would have: five objects that belong together. */
export const objectsOfApplication = 5;

export function application(index: number, place: string): readonly KubeObject[] {
  const name = deploymentName(index);
  const metadata = { name, namespace: place, labels: { app: name } };
  const { spec } = deployment(index);
  const pod = spec!.template.spec!;
  const template = {
    ...spec!.template,
    spec: { ...pod, serviceAccountName: name, volumes: [{ name: 'c', configMap: { name } }] },
  };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { text: 'x'.repeat(300) } } as KubeObject,
    { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { token: `secret-${index}` } } as KubeObject,
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { ...spec, template } } as KubeObject,
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: { app: name }, ports: [{ port: 80 }] },
    } as KubeObject,
  ];
}
