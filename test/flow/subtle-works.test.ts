/** The behaviours that are easy to miss (compatibility.md section 14), by its numbers: Works, members and clusters. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Work } from '#apis/work/work.ts';
import { bindingStatus } from '#flow/6-aggregate/plan.ts';
import { type Flow, startFlow } from '#harness/flow.ts';
import type { Anything } from '#harness/kubectl.ts';
import { migratedFlow } from '#harness/migrated.ts';
import {
  applied,
  bindingOf,
  handsOn,
  named,
  nginx,
  nginxService,
  onMembers,
  policyFor,
  quiet,
  worksOf,
} from '#harness/samples.ts';
import { nativeSource } from '#interpreter/native/native.ts';
import type { AdmissionRequest } from '#kube/admission/review.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { mutateWork } from '#webhooks/work/mutate.ts';

let flow: Flow | undefined;
afterEach(async () => {
  await flow?.stop();
  flow = undefined;
});

const duplicated = policyFor('pp', [nginx], { placement: onMembers('member1', 'member2') });
const task = (fromCluster: string, purgeMode: string, more: Anything = {}): Anything => ({
  fromCluster,
  purgeMode,
  reason: 'TaintUntolerated',
  producer: 'test',
  ...more,
});

/** The scheduler is held back, and the test says where the template goes and what it leaves. */
const place = (started: Flow, clusters: readonly string[], tasks: readonly Anything[]) =>
  handsOn(started).control.edit(bindingOf(nginx), (now) => ({
    ...now,
    spec: {
      ...now.spec,
      suspension: { scheduling: true },
      clusters: clusters.map((name) => ({ name, replicas: 2 })),
      gracefulEvictionTasks: tasks,
    },
  }));
const clustersOf = (works: readonly Anything[]) =>
  works.map(({ metadata }): string => metadata.namespace.replace('karmada-es-', '')).sort();

describe('6. Directly/Immediately purge', () => {
  it.each(['Directly', 'Immediately'])('%s: syncing of all targets waits until the old Work is gone', async (mode) => {
    flow = await startFlow({ members: ['member1', 'member2', 'member3'] });
    const { control } = handsOn(flow);
    await control.apply(nginx);
    await control.apply(duplicated);
    await applied(flow, nginx);
    const old = (await worksOf(flow, nginx)).find(({ metadata }) => metadata.namespace === 'karmada-es-member1');
    const held = {
      ...old,
      metadata: { ...old.metadata, finalizers: [...old.metadata.finalizers, 'example.com/hold'] },
    };
    await control.edit(old, () => held);
    await place(flow, ['member2', 'member3'], [task('member1', mode, { suppressDeletion: true })]);
    await control.setImage(nginx, 'nginx', 'nginx:1.28');
    await flow.pass(20_000);
    const imageIn = (work: Anything) => work.spec.workload.manifests[0].spec.template.spec.containers[0].image;
    const waiting = await worksOf(flow, nginx);
    expect(clustersOf(waiting)).toEqual(['member1', 'member2']);
    expect(waiting.map(imageIn)).toEqual(['nginx:latest', 'nginx:latest']);
    await control.edit(old, (now) => ({
      ...now,
      metadata: {
        ...now.metadata,
        finalizers: now.metadata.finalizers.filter((each: string) => each !== 'example.com/hold'),
      },
    }));
    const after = await flow.until('the others have it', async () => {
      const works = await worksOf(flow!, nginx);
      return clustersOf(works).join() === 'member2,member3' && works;
    });
    expect(after.map(imageIn)).toEqual(['nginx:1.28', 'nginx:1.28']);
  });
});

describe('7. Work pruning + managed-keys recording must be identical in controller and webhook', () => {
  it('the webhook changes nothing of what was rendered, and nobody writes it again', async () => {
    flow = await startFlow();
    const { control } = handsOn(flow);
    const meta = (name: string, more: Anything = {}) => ({ namespace: 'default', name, ...more });
    const pod = nginx.spec.template;
    const templates: readonly Anything[] = [
      { ...nginx, metadata: { ...nginx.metadata, annotations: { 'deployment.kubernetes.io/revision': '3', a: 'b' } } },
      nginxService,
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: meta('headless'),
        spec: { clusterIP: 'None', ports: [{ port: 80 }] },
      },
      {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: meta('job'),
        spec: { ttlSecondsAfterFinished: 9, template: { spec: { ...pod.spec, restartPolicy: 'Never' } } },
      },
      {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: meta('sa'),
        secrets: [{ name: 'sa-token-x' }, { name: 'own' }],
      },
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: meta('token', {
          annotations: { 'kubernetes.io/service-account.name': 'sa', 'kubernetes.io/service-account.uid': 'u' },
        }),
        type: 'kubernetes.io/service-account-token',
      },
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: meta('pvc', { annotations: { 'volume.kubernetes.io/selected-node': 'n' } }),
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      },
    ];
    for (const template of templates) await control.apply(template);
    await control.apply(policyFor('pp', templates));
    for (const template of templates) await applied(flow, template);
    await quiet(flow);
    const works = (await control.list('work.karmada.io/v1alpha1', 'Work')).filter(
      ({ metadata }) => metadata.labels['resourcebinding.karmada.io/permanent-id'],
    );
    expect(works.length).toBe(templates.length);
    const review = mutateWork(() => 'another');
    for (const work of works as readonly Work[]) {
      expect(review({ object: work, operation: 'UPDATE' } as unknown as AdmissionRequest)).toEqual({ allowed: true });
      expect(work.metadata.generation).toBeLessThanOrEqual(2);
    }
  });
});

describe('8. Member metadata retention needs the recorded managed-labels/annotations', () => {
  it('to delete removed keys, and none of the member’s own', async () => {
    flow = await startFlow();
    const { control, member1 } = handsOn(flow);
    const labelled = (labels: Anything) => ({ ...nginx, metadata: { ...nginx.metadata, labels, annotations: labels } });
    await control.apply(labelled({ kept: 'a', gone: 'b' }));
    await control.apply(policyFor('pp', [nginx]));
    await applied(flow, nginx);
    await member1.label(nginx, 'own', 'c');
    await member1.annotate(nginx, 'own', 'c');
    await quiet(flow);
    const recorded = (await member1.get(nginx)).metadata.annotations['resourcetemplate.karmada.io/managed-labels'];
    expect(recorded.split(',')).toEqual(expect.arrayContaining(['gone', 'kept']));
    await control.apply(labelled({ kept: 'd' }));
    await flow.until('it is gone', async () => (await member1.get(nginx)).metadata.labels.gone === undefined);
    const { labels, annotations } = (await member1.get(nginx)).metadata;
    expect([labels, annotations]).toMatchObject([
      { kept: 'd', own: 'c' },
      { kept: 'd', own: 'c' },
    ]);
    expect(annotations).not.toHaveProperty('gone');
    expect(annotations['resourcetemplate.karmada.io/managed-labels'].split(',')).not.toContain('gone');
  });
});

describe('9. Managed label gate', () => {
  it('unmanaged member objects are neither updated (unless overwrite) nor deleted', async () => {
    flow = await startFlow();
    const { control, member1 } = handsOn(flow);
    const own = await member1.apply({ ...nginx, spec: { ...nginx.spec, replicas: 7 } });
    await control.apply(nginx);
    await control.apply(policyFor('pp', [nginx], { conflictResolution: 'Abort' }));
    const condition = await flow.until('the Work tells why', async () => {
      const [work] = await worksOf(flow!, nginx);
      return work?.status?.conditions?.find((each: Anything) => each.type === 'Applied');
    });
    expect(condition).toMatchObject({ status: 'False', reason: 'AppliedFailed' });
    expect(await member1.get(nginx)).toEqual(own);
    await control.delete(nginx);
    await flow.until('the Work is gone', async () => (await worksOf(flow!, nginx)).length === 0);
    expect((await member1.get(nginx)).metadata.uid).toBe(own.metadata.uid);

    const taken = named(nginx, 'taken');
    const before = await member1.apply({ ...taken, spec: { ...taken.spec, replicas: 7 } });
    await control.apply(taken);
    await control.apply(policyFor('overwriting', [taken]));
    await applied(flow, taken);
    expect((await member1.get(taken)).metadata).toMatchObject({
      uid: before.metadata.uid,
      labels: { 'karmada.io/managed': 'true' },
    });
  });
});

describe('11. FullyApplied counts graceful-eviction source clusters as targets', () => {
  const works = (applied1: string) =>
    [
      ['member1', applied1],
      ['member2', 'True'],
    ].map(([cluster, status]) => ({
      metadata: { namespace: `karmada-es-${cluster}`, name: 'w' },
      status: { conditions: [{ type: 'Applied', status }] },
    })) as unknown as readonly Work[];

  it.each([
    ['Gracefully', 'True', 'True'],
    ['Gracefully', 'False', 'False'],
    // A cluster that is left directly is no target: its Work is one too many until it is gone.
    ['Directly', 'True', 'False'],
  ])('left %s, applied %s: %s', (mode, inMember1, full) => {
    const resource = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'w' };
    const spec = { resource, clusters: [{ name: 'member2' }], gracefulEvictionTasks: [task('member1', mode)] };
    const binding = { metadata: {}, spec, status: {} } as never;
    const { conditions } = bindingStatus(binding, works(inMember1), '2026-01-01T00:00:00Z');
    expect(conditions).toMatchObject([{ type: 'FullyApplied', status: full }]);
  });
});

describe('12. Deployment observedGeneration', () => {
  const template = { ...nginx, metadata: { ...nginx.metadata, generation: 3 }, status: { observedGeneration: 2 } };
  const items = (...generations: readonly number[]) =>
    generations.map((resourceTemplateGeneration, i) => ({
      clusterName: `member${i}`,
      applied: true,
      status: { replicas: 1, generation: 8, observedGeneration: 8, resourceTemplateGeneration },
    }));

  it.each([
    ['only advances when all members carry the latest generation of the template', [3, 3], 3],
    ['waits for the last one', [3, 2], 2],
  ] as const)('%s', async (_what, generations, observedGeneration) => {
    const aggregate = nativeSource('apps/v1', 'Deployment')!.aggregateStatus!;
    expect(await aggregate(template as UnstructuredObject, items(...generations))).toMatchObject({
      observedGeneration,
    });
  });
});

describe('18. Fitting is vacuous', () => {
  it('graceful eviction with empty clusters and observed generation counts as healthy', async () => {
    const started = await migratedFlow();
    flow = started.flow;
    const { control } = handsOn(flow);
    const { generation } = (await place(flow, [], [task('member1', 'Gracefully')])).metadata;
    await flow.pass(10_000);
    const dated = await control.get(bindingOf(nginx));
    expect(dated.metadata.generation).toBe(generation + 1);
    expect(dated.spec.gracefulEvictionTasks).toMatchObject([
      { fromCluster: 'member1', creationTimestamp: expect.any(String) },
    ]);
    expect(clustersOf(await worksOf(flow, nginx))).toEqual(['member1']);
    await control.say(bindingOf(nginx), { schedulerObservedGeneration: dated.metadata.generation });
    await flow.until('member1 has been let go', async () => (await worksOf(flow!, nginx)).length === 0);
    expect((await control.get(bindingOf(nginx))).spec).not.toHaveProperty('gracefulEvictionTasks');
  });
});

describe('19. Cluster deletion', () => {
  it('waits for both execution namespace and all bindings’ spec.clusters', async () => {
    flow = await startFlow();
    const { control } = handsOn(flow);
    const cluster: Anything = {
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name: 'member2' },
    };
    const held: Anything = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: 'karmada-es-member2', name: 'held', finalizers: ['example.com/hold'] },
    };
    await control.apply(nginx);
    await control.apply(duplicated);
    await control.apply(held);
    await applied(flow, nginx);
    await quiet(flow);
    await flow.stopComponents('karmada-scheduler');
    await control.delete(cluster);
    await flow.pass(10_000);
    expect((await control.get(cluster)).metadata.deletionTimestamp).toBeDefined();
    expect((await control.get(bindingOf(nginx))).spec.clusters.length).toBe(2);
    await flow.startComponents();
    await flow.until('the binding has left it', async () => {
      const { clusters } = (await control.get(bindingOf(nginx))).spec;
      return clusters.length === 1 && clusters[0].name === 'member1';
    });
    await flow.pass(10_000);
    expect((await control.get(cluster)).metadata.deletionTimestamp).toBeDefined();
    expect((await control.get(held)).metadata.deletionTimestamp).toBeDefined();
    await control.edit(held, (now) => ({ ...now, metadata: { ...now.metadata, finalizers: [] } }));
    await flow.until('the cluster is gone', async () => (await control.find(cluster)) === undefined);
  });
});
