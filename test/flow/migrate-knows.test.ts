/** A plan reckons with what the control plane has already, and what it says is what happens. */
import { afterEach, expect, it } from 'vitest';
import { knownKind } from '#app/kinds.ts';
import type { Flow } from '#harness/flow.ts';
import { type Anything, kubectl } from '#harness/kubectl.ts';
import { applying, type Planned, planned, shop } from '#harness/migration.ts';
import { handsOn, policyFor } from '#harness/samples.ts';
import { changesIn } from '#migrate/changes/changes.ts';
import { toldChanges } from '#migrate/changes/told.ts';
import type { PlannedObject } from '#migrate/model.ts';
import { startFleet } from '../simulation/fleet.ts';

let flow: Flow;
afterEach(() => flow?.stop());

const Deployments = knownKind({ group: 'apps', version: 'v1', kind: 'Deployment' })!;

const named = (kind: string, name: string): Anything =>
  shop.find((each) => each.kind === kind && each.metadata.name === name)!;

async function running(inControl: readonly Anything[], inMember: readonly Anything[] = shop) {
  ({ flow } = await startFleet(11));
  const { member1, control } = handsOn(flow);
  for (const object of inMember) await flow.drive(member1.apply(object));
  await flow.until('clusters are ready', async () => {
    const clusters = await kubectl(flow.control).list('cluster.karmada.io/v1alpha1', 'Cluster');
    return clusters.every((each) =>
      each.status?.conditions?.some((one: Anything) => one.type === 'Ready' && one.status === 'True'),
    );
  });
  for (const object of inControl) await flow.drive(control.apply(object));
  await flow.pass(30_000);
}

const find = ({ plan }: Planned, kind: string, name: string): PlannedObject =>
  plan.objects.find((each) => each.kind === kind && each.name === name)!;

const override = (name: string, target: Anything, overriders: Anything): Anything => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'ClusterOverridePolicy',
  metadata: { name },
  spec: {
    resourceSelectors: [
      { apiVersion: target.apiVersion, kind: target.kind, namespace: 'shop', name: target.metadata.name },
    ],
    overrideRules: [{ targetCluster: { clusterNames: ['member1'] }, overriders }],
  },
});
const plaintext = (operator: string, path: string, value?: unknown) => ({ plaintext: [{ operator, path, value }] });
const namespace: Anything = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
const image = '.spec.template.spec.containers[name="main"].image';

it('applies override policies that are there already: verdicts are what happens then', async () => {
  const [front, back, admin, one] = [
    named('Deployment', 'front'),
    named('Deployment', 'back'),
    named('Deployment', 'admin'),
    named('ConfigMap', 'one'),
  ];
  const patient = { ...back, spec: { ...back.spec, minReadySeconds: 7 } };
  await running(
    [
      override('image', front, plaintext('replace', '/spec/template/spec/containers/0/image', 'mirror/x')),
      override('impatient', back, plaintext('remove', '/spec/minReadySeconds')),
      override('label', admin, { labelsOverrider: [{ operator: 'add', value: { zone: 'a' } }] }),
      override('broken', one, plaintext('remove', '/data/nothing')),
    ],
    shop.map((each) => (each === back ? patient : each)),
  );
  const { member1 } = handsOn(flow);
  const made = await planned(flow);
  expect(find(made, 'Deployment', 'front')).toMatchObject({
    verdict: { is: 'restart', fields: [{ path: image }] },
    overrides: [{ policy: 'ClusterOverridePolicy image', clusters: ['member1'], fields: [image] }],
  });
  expect(find(made, 'Deployment', 'back')).toMatchObject({
    verdict: { is: 'change', fields: ['.spec.minReadySeconds'] },
    overrides: [{ policy: 'ClusterOverridePolicy impatient', fields: ['.spec.minReadySeconds'] }],
  });
  expect(find(made, 'Deployment', 'admin')).toMatchObject({
    verdict: { is: 'adopt' },
    overrides: [{ policy: 'ClusterOverridePolicy label', fields: ['.metadata.labels.zone'] }],
  });
  expect(find(made, 'ConfigMap', 'one').verdict).toMatchObject({
    is: 'blocked',
    reason: expect.stringContaining('ClusterOverridePolicy broken'),
  });
  expect(find(made, 'ConfigMap', 'two')).not.toHaveProperty('overrides');
  const before = await Promise.all([front, back, admin].map((each) => member1.get(each)));
  const outcome = await flow.drive(applying(flow, made, { settings: { allowedRestarts: ['Deployment/shop/front'] } }));
  expect(outcome).toMatchObject({ is: 'applied' });
  await flow.pass(10_000);
  const [frontNow, backNow, adminNow] = await Promise.all([front, back, admin].map((each) => member1.get(each)));
  expect(frontNow.spec.template.spec.containers[0].image).toBe('mirror/x');
  // As its defaults are.
  expect(backNow.spec.minReadySeconds ?? 0).toBe(0);
  expect(backNow.spec.template).toEqual(before[1].spec.template);
  expect([adminNow.spec, adminNow.metadata.labels.zone]).toEqual([before[2].spec, 'a']);
  // What the plan told is what has happened, with values; only a controller's count of rollouts comes on top.
  for (const [i, now] of [frontNow, backNow, adminNow].entries()) {
    const { verdict, changes = [] } = find(made, 'Deployment', now.metadata.name);
    const restarting = verdict.is === 'restart' ? verdict.fields.map(({ path }) => path) : [];
    const run = { live: before[i] as never, answer: now as never, kind: Deployments };
    const happened = toldChanges(now as never, changesIn(run), new Set(restarting)).changes;
    expect(changes.length).toBeGreaterThan(0);
    expect(happened.filter(({ path }) => !path.endsWith('deployment.kubernetes.io/revision'))).toEqual(changes);
  }
  expect(find(made, 'Deployment', 'front').changes).toMatchObject([{ before: 'x', after: 'mirror/x', restarts: true }]);
});

it('refuses to go on where override policies have changed since', async () => {
  await running([]);
  const made = await planned(flow);
  const front = named('Deployment', 'front');
  const late = override('late', front, plaintext('replace', '/spec/template/spec/containers/0/image', 'mirror/x'));
  await flow.drive(handsOn(flow).control.apply(late));
  await expect(flow.drive(applying(flow, made))).rejects.toThrow(
    `Deployment shop/front would be taken over otherwise: Pods would restart for ${image}`,
  );
});

it('refuses to go on where override policies set other values since', async () => {
  const [front, admin] = [named('Deployment', 'front'), named('Deployment', 'admin')];
  const mirrored = (to: string) =>
    override('image', front, plaintext('replace', '/spec/template/spec/containers/0/image', to));
  const labelled = (zone: string) =>
    override('label', admin, { labelsOverrider: [{ operator: 'add', value: { zone } }] });
  await running([mirrored('mirror/x'), labelled('a')]);
  const made = await planned(flow);
  const { control } = handsOn(flow);
  const settings = { allowedRestarts: ['Deployment/shop/front'] };
  await flow.drive(control.apply(mirrored('elsewhere/x')));
  await expect(flow.drive(applying(flow, made, { settings }))).rejects.toThrow(
    `Deployment shop/front would get other values than the plan says: ${image}`,
  );
  await flow.drive(control.apply(mirrored('mirror/x')));
  await flow.drive(control.apply(labelled('b')));
  await expect(flow.drive(applying(flow, made, { settings }))).rejects.toThrow(
    'Deployment shop/admin would get other values than the plan says: .metadata.labels.zone',
  );
});

it('tells whose the templates would be, and quotas that do not suffice', async () => {
  const front = named('Deployment', 'front');
  const inShop = (name: string, { apiVersion, kind }: Anything, spec: Anything = {}): Anything => {
    const policy = policyFor(name, [], { resourceSelectors: [{ apiVersion, kind }], ...spec });
    return { ...policy, metadata: { ...policy.metadata, namespace: 'shop' } };
  };
  const quota = {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'FederatedResourceQuota',
    metadata: { namespace: 'shop', name: 'most' },
    spec: { overall: { cpu: '60m', memory: '1Gi' } },
  };
  await running([namespace, inShop('wide', front, { priority: 3 }), inShop('aa', named('ConfigMap', 'one')), quota]);
  const made = await planned(flow);
  expect(find(made, 'Deployment', 'front').verdict).toMatchObject({
    is: 'conflict',
    reason: expect.stringMatching(/^PropagationPolicy shop\/wide selects it too, with priority 3,/),
  });
  // By kind alone it comes after the plan's, which names its objects.
  expect(find(made, 'ConfigMap', 'one').verdict).toEqual({ is: 'adopt' });
  expect(made.plan.notes).toEqual([
    expect.stringMatching(/^FederatedResourceQuota shop\/most leaves cpu=60m and the plan needs cpu=100m:/),
  ]);
});

it('tells what the selected objects would be without, and takes it in when it is asked to', async () => {
  await running([]);
  const scope = { namespaces: ['shop'], kinds: ['deployments', 'hpa'] };
  const to = ['member1', 'member2'];
  const made = await planned(flow, { scope, to });
  const lacksOf = (plan: Planned, kind: string, name: string) =>
    (find(plan, kind, name).lacks ?? []).map((each) => `${each.is}: ${each.kind} ${each.name} ${each.because}`);
  expect(lacksOf(made, 'Deployment', 'front')).toEqual([
    'left-out: Ingress front sends requests to Service shop/front',
    'left-out: PodDisruptionBudget front selects Pods of Deployment shop/front',
    'left-out: Service front selects Pods of Deployment shop/front',
  ]);
  expect(lacksOf(made, 'HorizontalPodAutoscaler', 'scaled')).toEqual([]);
  const closed = await planned(flow, { scope: { ...scope, labelSelector: 'app notin (x)' }, to, withClosure: true });
  const brought = closed.plan.objects.filter(({ because }) => because).map(({ kind, name }) => `${kind} ${name}`);
  expect(brought).toEqual([
    'Service back',
    'Service front',
    'Service search',
    'Ingress front',
    'PodDisruptionBudget front',
  ]);
  expect(find(closed, 'Ingress', 'front')).toMatchObject({
    verdict: { is: 'adopt' },
    because: 'sends requests to Service shop/front',
  });
  expect(closed.plan.objects.flatMap(({ lacks = [] }) => lacks)).toEqual([]);
  expect(closed.plan.spec.scope).toEqual({ ...scope, labelSelector: 'app notin (x)', closure: true });
});

it('looks at what the other clusters have: their own stays theirs', async () => {
  await running([]);
  const { member2 } = handsOn(flow);
  const [one, two] = [named('ConfigMap', 'one'), named('ConfigMap', 'two')];
  for (const object of [namespace, one, { ...two, data: { name: 'other' } }]) await flow.drive(member2.apply(object));
  const made = await planned(flow, { to: ['member1', 'member2'] });
  expect(find(made, 'ConfigMap', 'one')).toMatchObject({
    verdict: { is: 'adopt' },
    notes: ['member2 has the same already: that one is taken over too'],
  });
  expect(find(made, 'ConfigMap', 'two')).toMatchObject({
    verdict: { is: 'adopt' },
    overwrites: [{ cluster: 'member2', fields: ['.data.name'] }],
  });
  expect(find(made, 'ConfigMap', 'three')).not.toHaveProperty('notes');
  expect(find(made, 'Namespace', 'shop').verdict).toEqual({ is: 'adopt' });
  const leftOut = [{ object: { name: 'two' }, why: expect.stringContaining('--overwrite ConfigMap/shop/two') }];
  expect(await flow.drive(applying(flow, made))).toMatchObject({ is: 'applied', leftOut });
  const { data, metadata } = await member2.get(two);
  expect([data.name, metadata.labels]).toEqual(['other', undefined]);
  expect((await member2.get(one)).metadata.labels['karmada.io/managed']).toBe('true');
  const overwriting = { settings: { overwritten: ['ConfigMap/shop/two'] } };
  expect(await flow.drive(applying(flow, made, overwriting))).toMatchObject({ is: 'applied', leftOut: [] });
  await flow.pass(5_000);
  expect((await member2.get(two)).data.name).toBe('two');
});

it('knows what others hold, and what other clusters cannot do', async () => {
  const front = named('Deployment', 'front');
  const [container] = front.spec.template.spec.containers;
  const reading = {
    ...container,
    envFrom: ['one', 'two'].map((name) => ({ configMapRef: { name } })),
  };
  const spec = { ...front.spec.template.spec, containers: [reading], priorityClassName: 'high' };
  const reader = { ...front, spec: { ...front.spec, template: { ...front.spec.template, spec } } };
  const high = { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'high' }, value: 7 };
  const [one, two] = [named('ConfigMap', 'one'), named('ConfigMap', 'two')];
  const theirs = (name: string, clusterNames: readonly string[], object: Anything): Anything => {
    const policy = policyFor(name, [object], { placement: { clusterAffinity: { clusterNames } } });
    return { ...policy, metadata: { ...policy.metadata, namespace: 'shop' } };
  };
  const hook = {
    apiVersion: 'config.karmada.io/v1alpha1',
    kind: 'ResourceInterpreterWebhookConfiguration',
    metadata: { name: 'ours' },
    webhooks: [
      {
        name: 'deployments.example.com',
        clientConfig: { url: 'https://localhost:1/interpret' },
        interpreterContextVersions: ['v1alpha1'],
        rules: [{ apiGroups: ['apps'], apiVersions: ['v1'], kinds: ['Deployment'], operations: ['Retain'] }],
      },
    ],
  };
  await running(
    [namespace, one, two, theirs('one', ['member1'], one), theirs('two', ['member1', 'member2'], two)],
    [high, ...shop.map((each) => (each === front ? reader : each))],
  );
  // It is not there to be asked, and would hold up everything.
  await flow.drive(handsOn(flow).control.create(hook));
  const made = await planned(flow, {
    scope: { namespaces: ['shop'], kinds: ['deployments', 'services', 'pdb', 'ingresses'] },
    to: ['member1', 'member2'],
  });
  expect(find(made, 'Deployment', 'front').lacks).toEqual([
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: 'shop',
      name: 'one',
      because: 'is used by Pods of Deployment shop/front',
      is: 'held',
      clusters: ['member2'],
      why: 'PropagationPolicy shop/one',
    },
    expect.objectContaining({ kind: 'PriorityClass', name: 'high', is: 'left-out', clusters: ['member2'] }),
  ]);
  expect(made.plan.notes).toEqual([
    'Deployment: webhook deployments.example.com of ResourceInterpreterWebhookConfiguration ours has a say in how it is written; the plan cannot ask it',
  ]);
  const closed = await planned(flow, {
    scope: { namespaces: ['shop'], kinds: ['deployments'] },
    to: ['member1', 'member2'],
    withClosure: true,
  });
  expect(find(closed, 'PriorityClass', 'high')).toMatchObject({ verdict: { is: 'adopt' }, wave: 1 });
  expect(closed.plan.objects.flatMap(({ lacks = [] }) => lacks).map(({ is, name }) => [is, name])).toEqual([
    ['held', 'one'],
  ]);
});
