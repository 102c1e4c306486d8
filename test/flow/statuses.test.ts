/** Members' statuses come back as one on the template, in a form its API server keeps as it is. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { builtinKind } from '#apis/kubernetes/kinds.ts';
import { type Flow, startFlow } from '#harness/flow.ts';
import { type Anything, kubectl } from '#harness/kubectl.ts';
import { applied, onMembers, policyFor, quiet } from '#harness/samples.ts';
import { gvkOf } from '#kube/meta/kind.ts';

let flow: Flow;
beforeAll(async () => {
  flow = await startFlow();
});
afterAll(() => flow.stop());

const metadata = { namespace: 'default', name: 'told' };
const containers = [{ name: 'main', image: 'busybox' }];
const at = (second: number) => `2026-01-01T00:00:0${second}Z`;
const is = (type: string, second: number) => ({
  type,
  status: 'True',
  lastProbeTime: at(second),
  lastTransitionTime: at(second),
});
const container = {
  name: 'main',
  image: 'busybox',
  imageID: 'x',
  ready: true,
  restartCount: 2,
  state: { running: {} },
};

const pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers } };
const job = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata,
  spec: { template: { spec: { restartPolicy: 'Never', containers } } },
};
const cronJob = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata,
  spec: { schedule: '* * * * *', jobTemplate: { spec: job.spec } },
};
const claim = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata,
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};
const budget = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata,
  spec: { minAvailable: 1, selector: { matchLabels: { app: 'a' } } },
};
const scaler = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata,
  spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' } },
};
const ingress = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata,
  spec: { defaultBackend: { service: { name: 'a', port: { number: 80 } } } },
};
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata,
  spec: { type: 'LoadBalancer', selector: { app: 'a' }, ports: [{ port: 80 }] },
};
const balanced = (ip: string) => ({ loadBalancer: { ingress: [{ ip, ipMode: 'VIP' }] } });

it.each<[string, Anything, Anything, Anything, Anything]>([
  [
    'Pod',
    pod,
    { phase: 'Running', containerStatuses: [container] },
    { phase: 'Pending' },
    { phase: 'Pending', containerStatuses: [{ ready: true, state: { running: {} } }] },
  ],
  [
    'Job',
    job,
    {
      succeeded: 1,
      startTime: at(1),
      completionTime: at(2),
      conditions: [is('SuccessCriteriaMet', 2), is('Complete', 2)],
    },
    {
      succeeded: 1,
      startTime: at(2),
      completionTime: at(4),
      conditions: [is('SuccessCriteriaMet', 4), is('Complete', 4)],
    },
    {
      succeeded: 2,
      startTime: at(1),
      completionTime: at(4),
      conditions: [{ type: 'SuccessCriteriaMet' }, { type: 'Complete' }],
    },
  ],
  [
    'failed Job',
    { ...job, metadata: { ...metadata, name: 'failed' } },
    { failed: 7, startTime: at(1), conditions: [is('FailureTarget', 2), is('Failed', 2)] },
    { active: 1, startTime: at(2) },
    { failed: 7, active: 1, startTime: at(1), conditions: [{ type: 'FailureTarget' }, { type: 'Failed' }] },
  ],
  [
    'CronJob',
    cronJob,
    { active: [{ kind: 'Job', name: 'a' }], lastScheduleTime: at(1) },
    { lastScheduleTime: at(2), lastSuccessfulTime: at(2) },
    { active: [{ name: 'a' }], lastScheduleTime: at(2), lastSuccessfulTime: at(2) },
  ],
  [
    'PersistentVolumeClaim',
    claim,
    { phase: 'Bound', capacity: { storage: '1Gi' } },
    { phase: 'Lost' },
    { phase: 'Lost' },
  ],
  [
    'PodDisruptionBudget',
    budget,
    { currentHealthy: 2, desiredHealthy: 1, disruptionsAllowed: 1, expectedPods: 2, disruptedPods: { a: at(1) } },
    { currentHealthy: 0, desiredHealthy: 1, disruptionsAllowed: 0, expectedPods: 1 },
    {
      currentHealthy: 2,
      desiredHealthy: 2,
      disruptionsAllowed: 1,
      expectedPods: 3,
      disruptedPods: { 'member1/a': at(1) },
    },
  ],
  [
    'HorizontalPodAutoscaler',
    scaler,
    { currentReplicas: 1, desiredReplicas: 2, currentMetrics: null },
    { currentReplicas: 0, desiredReplicas: 0, currentMetrics: null },
    { currentReplicas: 1, desiredReplicas: 2 },
  ],
  [
    'Ingress',
    ingress,
    { loadBalancer: { ingress: [{ hostname: 'b' }] } },
    { loadBalancer: { ingress: [{ hostname: 'a' }] } },
    { loadBalancer: { ingress: [{ hostname: 'a' }, { hostname: 'b' }] } },
  ],
  [
    'Service',
    service,
    balanced('2.2.2.2'),
    balanced('1.1.1.1'),
    { loadBalancer: { ingress: [{ ip: '1.1.1.1' }, { ip: '2.2.2.2' }] } },
  ],
])('%s', async (_what, template, first, second, together) => {
  const control = kubectl(flow.control);
  await control.apply(template);
  const policy = `${template.kind}-${template.metadata.name}`.toLowerCase();
  await control.apply(policyFor(policy, [template], { placement: onMembers('member1', 'member2') }));
  await applied(flow, template);
  const { group, version, kind } = gvkOf(template);
  const statuses = { member1: first, member2: second };
  for (const [member, status] of Object.entries(statuses)) {
    const there = flow.member(member).resource(builtinKind(group, version, kind)!) as Anything;
    await there.update({ ...(await there.get(template.metadata)), status }, { subresource: 'status' });
  }
  await quiet(flow);
  expect((await control.get(template)).status).toMatchObject(together);
  // What the server made of it is what we meant: looking again writes nothing.
  await flow.stopComponents();
  const before = flow.writes.length;
  await flow.startComponents();
  await flow.pass(30_000);
  const about = flow.writes.slice(before).filter(({ request }) => request.path.resource !== 'clusters');
  expect(about.map(({ request }) => `${request.verb} ${request.path.resource}`)).toEqual([]);
});
