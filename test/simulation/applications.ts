/** What runs in member1 before anybody migrates anything, and what people say of it in the control plane. */
import type { Anything } from '#harness/kubectl.ts';

export const count = 5;

const labels = (i: number) => ({ app: `app-${i}` });

/** As it runs in the member: with more than its template will say. */
export const running = (i: number): Anything => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'default', name: `app-${i}`, labels: { team: 'web' } },
  spec: {
    replicas: 1 + (i % 2),
    selector: { matchLabels: labels(i) },
    template: {
      metadata: { labels: labels(i) },
      spec: { containers: [{ name: 'app', image: 'app:1', env: [{ name: 'COLOUR', value: 'blue' }] }] },
    },
  },
});

/** The template says nothing of the label and the environment that the member's object has. */
export function template(i: number): Anything {
  const { metadata, spec, ...rest } = running(i);
  const { labels: _, ...named } = metadata;
  const pod = { containers: [{ name: 'app', image: 'app:1' }] };
  return { ...rest, metadata: named, spec: { ...spec, template: { ...spec.template, spec: pod } } };
}

export const service = (i: number): Anything => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace: 'default', name: `app-${i}` },
  spec: { selector: labels(i), ports: [{ port: 80, targetPort: 8080 }] },
});

const policy = (name: string, spec: Anything): Anything => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'PropagationPolicy',
  metadata: { namespace: 'default', name },
  spec: { conflictResolution: 'Overwrite', ...spec },
});

const on = (...clusterNames: readonly string[]) => ({ clusterAffinity: { clusterNames } });

/** By kind, for everything. */
export const migratePolicy = (preserve: boolean): Anything =>
  policy('migrate-pp', {
    preserveResourcesOnDeletion: preserve,
    placement: on('member1'),
    resourceSelectors: [
      { apiVersion: 'apps/v1', kind: 'Deployment' },
      { apiVersion: 'v1', kind: 'Service' },
    ],
  });

/** For one application, of higher priority, preempting; spread to member2 or not. */
export const applicationPolicy = (i: number, preserve: boolean, spread: boolean): Anything =>
  policy(`app-${i}-pp`, {
    preserveResourcesOnDeletion: preserve,
    priority: 10,
    preemption: 'Always',
    placement: spread ? on('member1', 'member2') : on('member1'),
    resourceSelectors: [
      { apiVersion: 'apps/v1', kind: 'Deployment', name: `app-${i}` },
      { apiVersion: 'v1', kind: 'Service', name: `app-${i}` },
    ],
  });
