/** Objects the flow's tests are about, as people write them, and how to tell that the flow has done with them. */
import { findCondition } from '#kube/conditions/conditions.ts';
import type { Flow } from './flow.ts';
import { type Anything, type Kubectl, kubectl } from './kubectl.ts';

export const nginx: Anything = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'default', name: 'nginx-deploy' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'nginx' } },
    template: {
      metadata: { labels: { app: 'nginx' } },
      spec: { containers: [{ name: 'nginx', image: 'nginx:latest', ports: [{ containerPort: 80 }] }] },
    },
  },
};

export const nginxService: Anything = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace: 'default', name: 'nginx-svc' },
  spec: { type: 'NodePort', selector: { app: 'nginx' }, ports: [{ port: 80, targetPort: 80, nodePort: 30000 }] },
};

/** The same application, each of its replicas asking for that much. */
export const requesting = (cpu: string, replicas: number): Anything => {
  const { template, ...spec } = nginx.spec;
  const [container] = template.spec.containers;
  const containers = [{ ...container, resources: { requests: { cpu } } }];
  return { ...nginx, spec: { ...spec, replicas, template: { ...template, spec: { containers } } } };
};

export const named = (object: Anything, name: string): Anything => ({
  ...object,
  metadata: { ...object.metadata, name },
});

const selectorsOf = (objects: readonly Anything[]) =>
  objects.map(({ apiVersion, kind, metadata }) => ({ apiVersion, kind, ...(metadata ? { name: metadata.name } : {}) }));

export const onMembers = (...clusterNames: readonly string[]) => ({ clusterAffinity: { clusterNames } });

/** A policy for these objects, or for all of a kind where one has no metadata. */
export const policyFor = (name: string, objects: readonly Anything[], spec: Anything = {}): Anything => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'PropagationPolicy',
  metadata: { namespace: 'default', name },
  spec: {
    conflictResolution: 'Overwrite',
    placement: onMembers('member1'),
    resourceSelectors: selectorsOf(objects),
    ...spec,
  },
});

export const clusterPolicyFor = (name: string, objects: readonly Anything[], spec: Anything = {}): Anything => ({
  ...policyFor(name, objects, spec),
  kind: 'ClusterPropagationPolicy',
  metadata: { name },
});

export const bindingOf = ({ kind, metadata }: Anything): Anything => ({
  apiVersion: 'work.karmada.io/v1alpha2',
  kind: metadata.namespace ? 'ResourceBinding' : 'ClusterResourceBinding',
  metadata: {
    ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
    name: `${metadata.name}-${kind.toLowerCase()}`,
  },
});

/** The tests' hands: on the control plane, and on its members. */
export interface Hands {
  readonly control: Kubectl;
  readonly member1: Kubectl;
  readonly member2: Kubectl;
}

export const handsOn = (flow: Flow): Hands => ({
  control: kubectl(flow.control),
  get member1() {
    return kubectl(flow.member('member1'));
  },
  get member2() {
    return kubectl(flow.member('member2'));
  },
});

/** The binding, once all its Works are applied and all their statuses are there. */
export async function applied(flow: Pick<Flow, 'control' | 'until'>, template: Anything): Promise<Anything> {
  const control = kubectl(flow.control);
  return flow.until(`${template.kind} ${template.metadata.name} is applied`, async () => {
    const [live, binding] = [await control.get(template), await control.get(bindingOf(template))];
    const full = findCondition(binding.status?.conditions, 'FullyApplied')?.status === 'True';
    const observed = binding.status?.schedulerObservedGeneration === binding.metadata.generation;
    return full && observed && binding.spec.resource.uid === live.metadata.uid && binding;
  });
}

/** Nothing is written any more for a simulated while. */
export async function quiet(flow: Flow): Promise<void> {
  for (let before = -1; before !== flow.writes.length; ) {
    before = flow.writes.length;
    await flow.pass(3_000);
  }
}

/** The Works, by cluster. */
export async function worksOf(flow: Pick<Flow, 'control'>, template: Anything): Promise<readonly Anything[]> {
  const works = await kubectl(flow.control).list('work.karmada.io/v1alpha1', 'Work');
  const { kind, metadata } = template;
  return works.filter((work) => {
    const manifest = work.spec.workload?.manifests?.[0];
    const { namespace, name } = manifest?.metadata ?? {};
    return manifest?.kind === kind && namespace === metadata.namespace && name === metadata.name;
  });
}

/** Without what differs from run to run. */
export function withoutRunData(object: Anything): Anything {
  const { managedFields: _m, resourceVersion: _r, uid: _u, creationTimestamp: _c, ...metadata } = object.metadata;
  return { ...object, metadata };
}
