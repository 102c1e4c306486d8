/** What two living clusters make of templates of every workload kind comes back as one real status. */
import { expect, it } from 'vitest';
import type { Anything } from '#harness/kubectl.ts';
import { applied, handsOn, onMembers, policyFor } from '#harness/samples.ts';
import { startFleet } from '../simulation/fleet.ts';

const meta = (name: string) => ({ namespace: 'default', name });
const template = (app: string, more: Anything = {}) => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'main', image: 'x', resources: { requests: { cpu: '100m' } } }], ...more },
});
const selected = (app: string, more: Anything = {}) => ({
  selector: { matchLabels: { app } },
  template: template(app),
  ...more,
});
const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
const backend = { service: { name: 'balanced', port: { number: 80 } } };
const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };

/** Each template, and what its status must come to contain: the sums of two clusters. */
const cases: readonly (readonly [template: Anything, status: Anything])[] = [
  [
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: meta('web'), spec: selected('web', { replicas: 2 }) },
    { replicas: 8, readyReplicas: 8 },
  ],
  [
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: meta('web'),
      spec: { minReplicas: 4, maxReplicas: 6, scaleTargetRef: target },
    },
    { currentReplicas: 8, desiredReplicas: 8 },
  ],
  [
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: meta('db'),
      spec: selected('db', {
        replicas: 2,
        serviceName: 'db',
        volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim }],
      }),
    },
    { replicas: 4, readyReplicas: 4, availableReplicas: 4 },
  ],
  [
    { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: meta('agent'), spec: selected('agent') },
    { desiredNumberScheduled: 4, numberReady: 4 },
  ],
  [
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: meta('once'),
      spec: { completions: 1, template: template('once', { restartPolicy: 'Never' }) },
    },
    {
      succeeded: 2,
      conditions: expect.arrayContaining([expect.objectContaining({ type: 'Complete', status: 'True' })]),
    },
  ],
  [
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: meta('nightly'),
      spec: { schedule: '* * * * *', jobTemplate: { spec: { template: template('n', { restartPolicy: 'Never' }) } } },
    },
    { lastScheduleTime: expect.any(String), lastSuccessfulTime: expect.any(String) },
  ],
  [
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: meta('web'),
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
    },
    { currentHealthy: 8, desiredHealthy: 2, disruptionsAllowed: 6 },
  ],
  [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: meta('balanced'),
      spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80 }] },
    },
    { loadBalancer: { ingress: [expect.anything(), expect.anything()] } },
  ],
  [
    { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: meta('web'), spec: { defaultBackend: backend } },
    { loadBalancer: { ingress: [expect.anything(), expect.anything()] } },
  ],
  [{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: meta('files'), spec: claim }, { phase: 'Bound' }],
];

it('every workload kind lives in its clusters and tells how it is', async () => {
  const { flow } = await startFleet(5);
  const { control, member1 } = handsOn(flow);
  try {
    const templates = cases.map(([object]) => object);
    for (const object of templates) await control.apply(object);
    const placement = onMembers('member1', 'member2');
    await control.apply(policyFor('all', templates, { placement }));
    for (const object of templates) await applied(flow, object);
    // The autoscalers raise what the policy placed, and the template's own number stays what it was.
    for (const [object, status] of cases) {
      await flow.until(`the status of ${object.kind} ${object.metadata.name}`, async () => {
        expect((await control.get(object)).status).toMatchObject(status);
        return true;
      });
    }
    expect((await member1.get(templates[0]!)).spec.replicas).toBe(4);
    expect((await control.get(templates[0]!)).spec.replicas).toBe(2);
  } finally {
    await flow.stop();
  }
});
