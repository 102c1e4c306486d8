/** A simulated member scales by what its Pods are said to use, and gives addresses as a cloud does. */
import { expect, test } from 'vitest';
import {
  Deployments,
  Events,
  HorizontalPodAutoscalers,
  Ingresses,
  Pods,
  type Service,
  Services,
} from '#apis/kubernetes/types.ts';
import { PodMetricsKind } from '#apis/metrics/usage.ts';
import { createIn, deployment, requesting, startTestMember, type TestMember } from './member.fixture.ts';

const web = { namespace: 'default', name: 'web' };

const autoscaler = (metrics?: readonly object[]) => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: web,
  spec: {
    minReplicas: 2,
    maxReplicas: 6,
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    ...(metrics ? { metrics } : {}),
  },
});

async function use({ client, pods }: TestMember, cpu: string): Promise<void> {
  const annotations = { 'kwok.x-k8s.io/usage-cpu': cpu };
  for (const { metadata } of await pods()) {
    await client.resource(Pods).patch({ ...web, name: metadata.name! }, 'merge', { metadata: { annotations } });
  }
}

const replicas = async ({ client }: TestMember) => (await client.resource(Deployments).get(web)).spec.replicas;
const reasonsOf = async ({ client }: TestMember) =>
  Object.fromEntries(
    ((await client.resource(HorizontalPodAutoscalers).get(web)).status?.conditions ?? []).map((condition) => [
      condition.type,
      `${condition.status} ${condition.reason}`,
    ]),
  );

test('an autoscaler follows what Pods use, up at once and down after five minutes', async () => {
  const member = await startTestMember();
  const { client, clock } = member;
  await createIn(member, deployment('web', 1, requesting('100m')), autoscaler());
  await clock.advance(1_000);
  expect(await replicas(member)).toBe(2);
  await clock.advance(400_000);
  await use(member, '160m');
  await clock.advance(16_000);
  expect(await replicas(member)).toBe(4);
  expect(await reasonsOf(member)).toMatchObject({
    AbleToScale: 'True SucceededRescale',
    ScalingActive: 'True ValidMetricFound',
  });
  await clock.advance(400_000);
  await use(member, '10m');
  await clock.advance(200_000);
  expect(await replicas(member)).toBe(4);
  expect(await reasonsOf(member)).toMatchObject({ AbleToScale: 'True ScaleDownStabilized' });
  await clock.advance(200_000);
  expect(await replicas(member)).toBe(2);
  const told = (await client.resource(Events).list({ namespace: 'default' })).items
    .filter(({ reason }) => reason === 'SuccessfulRescale')
    .map(({ message }) => message);
  expect(told).toEqual([
    'New size: 2; reason: Current number of replicas below Spec.MinReplicas',
    'New size: 4; reason: cpu resource utilization (percentage of request) above target',
    'New size: 2; reason: All metrics below target',
  ]);
  const { status } = await client.resource(HorizontalPodAutoscalers).get(web);
  expect(status).toMatchObject({ currentReplicas: 2, desiredReplicas: 2 });
  expect(status?.currentMetrics?.[0]).toMatchObject({
    type: 'Resource',
    resource: { name: 'cpu', current: { averageUtilization: 10, averageValue: '10m' } },
  });
});

test.each<[string, readonly object[] | undefined, string, string]>([
  ['Pods that request nothing', undefined, 'False FailedGetResourceMetric', 'missing request for cpu'],
  [
    'a metric nobody serves',
    [{ type: 'Pods', pods: { metric: { name: 'requests' }, target: { type: 'AverageValue', averageValue: '10' } } }],
    'False FailedGetPodsMetric',
    'no custom metrics API (custom.metrics.k8s.io) registered',
  ],
])('%s: the autoscaler says so and changes nothing', async (_, metrics, active, message) => {
  const member = await startTestMember();
  await createIn(member, deployment('web', 3), autoscaler(metrics));
  await member.clock.advance(60_000);
  expect(await replicas(member)).toBe(3);
  expect((await reasonsOf(member)).ScalingActive).toBe(active);
  const events = (await member.client.resource(Events).list({ namespace: 'default' })).items;
  expect(events.filter(({ message: text }) => text?.includes(message)).map(({ reason }) => reason)).toContain(
    'FailedComputeMetricsReplicas',
  );
});

test('a target that is not there, and one with two autoscalers, are told', async () => {
  const member = await startTestMember();
  await createIn(member, autoscaler());
  await member.clock.advance(1_000);
  expect(await reasonsOf(member)).toEqual({ AbleToScale: 'False FailedGetScale' });
  const second = { ...autoscaler(), metadata: { ...web, name: 'second' } };
  await createIn(member, deployment('web', 2, requesting('100m')), second);
  await member.clock.advance(16_000);
  expect((await reasonsOf(member)).ScalingActive).toBe('False AmbiguousSelector');
});

test('what Pods use is answered as metrics.k8s.io answers it', async () => {
  const member = await startTestMember();
  await createIn(member, deployment('web', 2, requesting('100m')), deployment('other', 1));
  await use(member, '30m');
  await member.clock.settle();
  const list = await member.client.resource(PodMetricsKind).list({ namespace: 'default', labelSelector: 'app=web' });
  expect(list.items.map(({ containers }) => containers)).toEqual(
    [0, 1].map(() => [{ name: 'web', usage: { cpu: '30m', memory: '1Mi' } }]),
  );
  await expect(member.client.resource(PodMetricsKind).get({ ...web, name: 'nobody' })).rejects.toThrow(
    'pods.metrics.k8s.io "nobody" not found',
  );
});

test('LoadBalancer Services and Ingresses get an address each, and give it back', async () => {
  const member = await startTestMember();
  const { client, clock } = member;
  const service = (name: string, more: object = {}): Service =>
    ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace: 'default', name },
      spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80 }], ...more },
    }) as Service;
  const ingress = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: web,
    spec: { ingressClassName: 'nginx', defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
  };
  await createIn(
    member,
    service('web'),
    service('asked', { loadBalancerIP: '10.201.1.77' }),
    service('classed', { loadBalancerClass: 'example.com/own' }),
    ingress,
  );
  await clock.settle();
  const get = (name: string) => client.resource(Services).get({ ...web, name });
  const found = async (name: string) => (await get(name)).status?.loadBalancer?.ingress;
  expect(await found('web')).toEqual([{ ip: '10.201.1.1', ipMode: 'VIP' }]);
  expect(await found('asked')).toEqual([{ ip: '10.201.1.77', ipMode: 'VIP' }]);
  expect(await found('classed')).toBeUndefined();
  expect((await client.resource(Ingresses).get(web)).status?.loadBalancer?.ingress).toEqual([{ ip: '10.201.1.2' }]);

  const plain = await get('web');
  await client.resource(Services).update({ ...plain, spec: { ...plain.spec, type: 'ClusterIP' } });
  await clock.settle();
  expect([(await get('web')).metadata.finalizers, await found('web')]).toEqual([undefined, undefined]);
  await client.resource(Services).delete({ ...web, name: 'asked' });
  await clock.settle();
  await expect(get('asked')).rejects.toThrow('not found');
});

test('an address that is given back goes to whoever waits for one', async () => {
  const member = await startTestMember();
  const { client, clock } = member;
  const ingress = (name: string) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { namespace: 'default', name },
    spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
  });
  const names = Array.from({ length: 254 }, (_, i) => `web-${i}`);
  await createIn(member, ...names.map(ingress));
  await clock.settle();
  await createIn(member, ingress('late'));
  await clock.settle();
  const found = async () =>
    (await client.resource(Ingresses).get({ ...web, name: 'late' })).status?.loadBalancer?.ingress;
  expect(await found()).toBeUndefined();
  await client.resource(Ingresses).delete({ ...web, name: 'web-7' });
  await clock.settle();
  expect(await found()).toEqual([{ ip: '10.201.1.8' }]);
});
