/** Workloads that others in the cluster have a hand in: what they made and changed before, and what they go on doing. */
import type { ApiClient } from '#client/api-client.ts';
import { type Anything, type Kubectl, kubectl } from './kubectl.ts';
import { nginx } from './samples.ts';

const namespace = 'owned';

export const ownedNamespace: Anything = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };

interface Spec {
  readonly metadata?: Anything;
  readonly spec?: Anything;
  readonly pod?: Anything;
  readonly container?: Anything;
}

const deployment = (name: string, { metadata = {}, spec = {}, pod = {}, container = {} }: Spec = {}): Anything => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { ...metadata, namespace, name },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { ...pod, containers: [{ ...nginx.spec.template.spec.containers[0], name: 'main', ...container }] },
    },
    ...spec,
  },
});

export interface OwnedCase {
  /** `an autoscaler's replicas` */
  readonly what: string;
  /** The first is the one that others have a hand in. */
  readonly objects: readonly Anything[];
  /** Makes it as its owner does; absent: kubectl apply. */
  readonly make?: (client: ApiClient, object: Anything) => Promise<unknown>;
  /** What else happens to it before the plan is made. */
  readonly touch?: (hands: Kubectl, object: Anything) => Promise<unknown>;
  /** Its owner does it again and again. */
  readonly again: (client: ApiClient, object: Anything) => Promise<unknown>;
  /** What of it must be there before, or the case says nothing. */
  readonly holds: (live: Anything) => boolean;
}

const deployments = { group: 'apps', version: 'v1', kind: 'Deployment', resource: 'deployments', namespaced: true };
const on = (client: ApiClient) => client.resource<Anything>(deployments as never);
const nameOf = ({ metadata }: Anything) => ({ namespace: metadata.namespace, name: metadata.name });

/** As Helm does: created, and patched with what its chart says. */
const helmInstall = (client: ApiClient, object: Anything) => on(client).create(object, { fieldManager: 'helm' });
const helmUpgrade = (client: ApiClient, object: Anything) =>
  on(client).patch(nameOf(object), 'strategic', object, { fieldManager: 'helm' });
/** As Argo CD does with ServerSideApply=true. */
const argoSync = (client: ApiClient, object: Anything) =>
  on(client).apply(object, { fieldManager: 'argocd-controller', force: true });
const kubectlApply = (client: ApiClient, object: Anything) => kubectl(client).apply(object);

const managers = (live: Anything): readonly string[] =>
  live.metadata.managedFields.map(({ manager }: Anything) => manager);
const podSpec = (live: Anything): Anything => live.spec.template.spec;

const noReplicas = (object: Anything): Anything => {
  const { replicas: _, ...spec } = object.spec;
  return { ...object, spec };
};

/** What users of other control planes saw restarted or fought over when it was taken over. */
export const ownedCases: readonly OwnedCase[] = [
  {
    what: 'replicas that an autoscaler has set',
    objects: [
      noReplicas(deployment('autoscaled')),
      {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { namespace, name: 'autoscaled' },
        spec: {
          minReplicas: 3,
          maxReplicas: 5,
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'autoscaled' },
        },
      },
    ],
    again: kubectlApply,
    holds: ({ spec }) => spec.replicas === 3,
  },
  {
    what: 'a sidecar that another manager has injected',
    objects: [deployment('injected')],
    touch: (hands, object) =>
      hands.patch(
        object,
        { spec: { template: { spec: { containers: [{ name: 'proxy', image: 'envoy:1' }] } } } },
        'injector',
      ),
    again: kubectlApply,
    holds: (live) => podSpec(live).containers.some(({ name }: Anything) => name === 'proxy'),
  },
  {
    what: 'a restart by kubectl rollout, and the revision it left',
    objects: [deployment('restarted')],
    touch: (hands, object) => hands.restart(object, '2026-01-01T00:00:00Z'),
    again: kubectlApply,
    holds: ({ metadata, spec }) =>
      spec.template.metadata.annotations['kubectl.kubernetes.io/restartedAt'] === '2026-01-01T00:00:00Z' &&
      metadata.annotations['deployment.kubernetes.io/revision'] === '2',
  },
  {
    what: 'objects that are empty',
    objects: [
      deployment('hollow', {
        pod: { affinity: {}, securityContext: {}, volumes: [{ name: 'cache', emptyDir: {} }] },
        container: { lifecycle: {}, securityContext: {}, resources: {} },
      }),
    ],
    again: kubectlApply,
    holds: (live) => {
      const { affinity, securityContext, containers } = podSpec(live);
      return (
        JSON.stringify([affinity, securityContext, containers[0].lifecycle, containers[0].securityContext]) ===
        '[{},{},{},{}]'
      );
    },
  },
  {
    // extensions/v1beta1 had these defaults; objects made by it have them to this day.
    what: 'defaults of another version',
    objects: [deployment('old')],
    make: (client, object) =>
      on(client).create(
        {
          ...object,
          spec: {
            ...object.spec,
            progressDeadlineSeconds: 2_147_483_647,
            revisionHistoryLimit: 2_147_483_647,
            strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } },
          },
        },
        { fieldManager: 'before-first-apply' },
      ),
    touch: (hands, object) => hands.apply(object),
    again: kubectlApply,
    holds: ({ spec }) => spec.progressDeadlineSeconds === 2_147_483_647 && spec.strategy.rollingUpdate.maxSurge === 1,
  },
  {
    what: 'a release of Helm',
    objects: [
      deployment('released', {
        metadata: {
          labels: { 'app.kubernetes.io/managed-by': 'Helm', 'helm.sh/chart': 'released-1.2.3' },
          annotations: { 'meta.helm.sh/release-name': 'released', 'meta.helm.sh/release-namespace': namespace },
        },
      }),
    ],
    make: helmInstall,
    again: helmUpgrade,
    holds: (live) => managers(live).includes('helm'),
  },
  {
    what: 'an application of Argo CD',
    objects: [
      deployment('synced', {
        metadata: {
          labels: { 'app.kubernetes.io/instance': 'synced' },
          annotations: { 'argocd.argoproj.io/tracking-id': `synced:apps/Deployment:${namespace}/synced` },
        },
      }),
    ],
    make: argoSync,
    again: argoSync,
    holds: (live) => managers(live).includes('argocd-controller'),
  },
];

/** Makes them all, as their owners do. `settle`: waits until the cluster's controllers have done with an object. */
export async function makeOwned(client: ApiClient, settle: (object: Anything) => Promise<unknown>): Promise<void> {
  const hands = kubectl(client);
  await hands.apply(ownedNamespace);
  for (const { objects, make = kubectlApply, touch } of ownedCases) {
    const [first, ...others] = objects;
    await make(client, first);
    for (const other of others) await hands.apply(other);
    await settle(first);
    await touch?.(hands, first);
    await settle(first);
  }
}
