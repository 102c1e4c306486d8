/** The main job, step by step as the documents go (golden 00-06, 20, 21), without Pods. */
import { afterEach, describe, expect, it } from 'vitest';
import { type Flow, startFlow } from '#harness/flow.ts';
import type { Anything } from '#harness/kubectl.ts';
import { eventsOf, migratedFlow, migratePolicy } from '#harness/migrated.ts';
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
  withoutRunData,
  worksOf,
} from '#harness/samples.ts';

let flow: Flow;
afterEach(() => flow.stop());

async function migrated() {
  const started = await migratedFlow();
  flow = started.flow;
  return started;
}

/** Ids as words, so that an object can be compared as a whole. */
const wording = (object: Anything, ids: Readonly<Record<string, string>>): Anything =>
  JSON.parse(Object.entries(ids).reduce((text, [word, id]) => text.replaceAll(id, word), JSON.stringify(object)));

describe('migration (02)', () => {
  it('binds, renders and marks as the reference does', async () => {
    const { control, member1, before } = await migrated();
    await quiet(flow);
    const template = await control.get(nginx);
    const policy = await control.get(migratePolicy);
    const binding = await control.get(bindingOf(nginx));
    const [work] = await worksOf(flow, nginx);
    const ids = {
      TEMPLATE: template.metadata.uid,
      POLICY: policy.metadata.labels['propagationpolicy.karmada.io/permanent-id'],
      BINDING: binding.metadata.labels['resourcebinding.karmada.io/permanent-id'],
      WORK: work.metadata.labels['work.karmada.io/permanent-id'],
    };
    const claim = {
      'propagationpolicy.karmada.io/name': 'migrate-pp',
      'propagationpolicy.karmada.io/namespace': 'default',
    };
    const { 'resourcetemplate.flotilla.io/seen': _seen, ...bindingAnnotations } = binding.metadata.annotations;
    expect(bindingAnnotations).toEqual({
      ...claim,
      'policy.karmada.io/applied-placement': '{"clusterAffinity":{"clusterNames":["member1"]}}',
    });
    expect(binding.metadata).toMatchObject({ finalizers: ['karmada.io/binding-controller'], generation: 2 });
    expect(wording(binding.spec, ids)).toEqual({
      clusters: [{ name: 'member1', replicas: 2 }],
      conflictResolution: 'Overwrite',
      placement: onMembers('member1'),
      replicas: 2,
      resource: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        name: 'nginx-deploy',
        namespace: 'default',
        resourceVersion: binding.spec.resource.resourceVersion,
        uid: 'TEMPLATE',
      },
      schedulerName: 'default-scheduler',
    });
    expect(work.metadata.name).toBe('nginx-deploy-64858d5cb7');
    expect(work.metadata.namespace).toBe('karmada-es-member1');
    const bindingMarks = {
      'resourcebinding.karmada.io/name': 'nginx-deploy-deployment',
      'resourcebinding.karmada.io/namespace': 'default',
    };
    const { 'work.flotilla.io/stated-fields': stated, ...workAnnotations } = work.metadata.annotations;
    expect(stated).toBeDefined();
    expect(workAnnotations).toEqual({ ...bindingMarks, 'work.karmada.io/conflict-resolution': 'overwrite' });
    expect(work.spec).toMatchObject({ preserveResourcesOnDeletion: false, suspendDispatching: false });
    const [manifest] = work.spec.workload.manifests;
    const recorded =
      'kubectl.kubernetes.io/last-applied-configuration,propagationpolicy.karmada.io/name,propagationpolicy.karmada.io/namespace,resourcebinding.karmada.io/name,resourcebinding.karmada.io/namespace,resourcetemplate.karmada.io/generation,resourcetemplate.karmada.io/managed-annotations,resourcetemplate.karmada.io/managed-labels,resourcetemplate.karmada.io/uid,work.karmada.io/conflict-resolution,work.karmada.io/name,work.karmada.io/namespace';
    const { 'kubectl.kubernetes.io/last-applied-configuration': _last, ...manifestAnnotations } =
      manifest.metadata.annotations;
    expect(wording(manifestAnnotations, ids)).toEqual({
      ...claim,
      ...bindingMarks,
      'resourcetemplate.karmada.io/generation': '2',
      'resourcetemplate.karmada.io/managed-annotations': recorded,
      'resourcetemplate.karmada.io/managed-labels':
        'karmada.io/managed,propagationpolicy.karmada.io/permanent-id,resourcebinding.karmada.io/permanent-id,work.karmada.io/permanent-id',
      'resourcetemplate.karmada.io/uid': 'TEMPLATE',
      'work.karmada.io/conflict-resolution': 'overwrite',
      'work.karmada.io/name': 'nginx-deploy-64858d5cb7',
      'work.karmada.io/namespace': 'karmada-es-member1',
    });
    const labels = {
      'karmada.io/managed': 'true',
      'propagationpolicy.karmada.io/permanent-id': 'POLICY',
      'resourcebinding.karmada.io/permanent-id': 'BINDING',
      'work.karmada.io/permanent-id': 'WORK',
    };
    expect(wording(manifest.metadata.labels, ids)).toEqual(labels);
    expect(manifest.spec).toEqual(template.spec);
    const live = await member1.get(nginx);
    expect(wording(live.metadata.labels, ids)).toEqual(labels);
    expect(live.metadata.annotations).toEqual(manifest.metadata.annotations);
    expect(live.metadata.uid).toBe(before[0].metadata.uid);
    expect(JSON.stringify(live.spec)).toBe(JSON.stringify(before[0].spec));
    const service = await member1.get(nginxService);
    expect(service.spec).toEqual(before[1].spec);
    const [serviceWork] = await worksOf(flow, nginxService);
    expect(serviceWork.metadata.name).toBe('nginx-svc-577499b66');
    expect(serviceWork.spec.workload.manifests[0].spec.clusterIP).toBeUndefined();
  });

  it('never takes default/kubernetes', async () => {
    const { control, member1 } = await migrated();
    const kubernetes = { ...named(nginxService, 'kubernetes'), spec: { ports: [{ port: 443 }] } };
    await member1.create(kubernetes);
    await control.create(kubernetes);
    await quiet(flow);
    expect((await control.get(kubernetes)).metadata.labels ?? {}).not.toHaveProperty(
      'propagationpolicy.karmada.io/permanent-id',
    );
    expect(await control.find(bindingOf(kubernetes))).toBeUndefined();
    expect((await member1.get(kubernetes)).metadata.labels ?? {}).not.toHaveProperty('karmada.io/managed');
  });

  it('says so in events, in the reference’s words', async () => {
    await migrated();
    expect(new Set(await eventsOf(flow, 'nginx-deploy'))).toEqual(
      new Set([
        'Deployment Normal GetReplicasSucceed resource-detector: Get replicas of resource template successfully.',
        'Deployment Normal ApplyPolicySucceed resource-detector: Apply policy(default/migrate-pp) succeed',
        'Deployment Normal ScheduleBindingSucceed default-scheduler: Binding has been scheduled successfully. Result: {member1:2}',
        'Deployment Normal SyncWorkSucceed binding-controller: Sync work of ResourceBinding(default/nginx-deploy-deployment) successful.',
        'Deployment Normal SyncSucceed execution-controller: Successfully applied resource(default/nginx-deploy) to cluster member1',
      ]),
    );
    expect(new Set(await eventsOf(flow, 'nginx-deploy-64858d5cb7'))).toEqual(
      new Set([
        'Work Normal WorkDispatching execution-controller: Work is being dispatched to member clusters.',
        'Work Normal SyncSucceed execution-controller: Sync work(karmada-es-member1/nginx-deploy-64858d5cb7) to cluster(member1) successful.',
        'Work Normal ReflectStatusSucceed work-status-controller: Reflect status for object(Deployment/default/nginx-deploy) succeed.',
        'Work Normal InterpretHealthSucceed work-status-controller: Interpret health of object(Deployment/default/nginx-deploy) as unhealthy.',
      ]),
    );
  });
});

describe('rollback (04, 05) and the end of the policies (06)', () => {
  it('keeps what runs and gives back all that was taken', async () => {
    const { control, member1, before } = await migrated();
    await quiet(flow);
    await control.patch(migratePolicy, { spec: { preserveResourcesOnDeletion: true } });
    await quiet(flow);
    for (const work of [...(await worksOf(flow, nginx)), ...(await worksOf(flow, nginxService))])
      expect(work.spec.preserveResourcesOnDeletion).toBe(true);
    await control.delete(nginx);
    await control.delete(nginxService);
    await flow.until(
      'the bindings are gone',
      async () =>
        (await control.find(bindingOf(nginx))) === undefined &&
        (await control.find(bindingOf(nginxService))) === undefined,
    );
    await quiet(flow);
    expect(await worksOf(flow, nginx)).toEqual([]);
    for (const [i, object] of [nginx, nginxService].entries()) {
      const after = await member1.get(object);
      const original = before[i];
      const plain = (each: Anything) => {
        const { generation: _, ...metadata } = withoutRunData(each).metadata;
        return { ...withoutRunData(each), metadata };
      };
      expect(plain(after)).toEqual(plain(original));
      expect(after.metadata.uid).toBe(original.metadata.uid);
      const owners = (each: Anything) =>
        each.metadata.managedFields.map(({ time: _time, ...entry }: Anything) => entry);
      expect(owners(after)).toEqual(owners(original));
    }
    expect(await control.list('apps/v1', 'ControllerRevision', 'karmada-es-member1')).toEqual([]);
    await control.delete(migratePolicy);
    await flow.until('the policy is gone', async () => (await control.find(migratePolicy)) === undefined);
    expect(await member1.get(nginx)).toBeDefined();
  });

  it('without the flag the members lose what their templates lose', async () => {
    const { control, member1 } = await migrated();
    await control.delete(nginx);
    await flow.until('it is gone', async () => (await member1.find(nginx)) === undefined);
    expect(await member1.get(nginxService)).toBeDefined();
  });

  it('deleting the policy keeps bindings, Works and workloads, and frees the template', async () => {
    const { control, member1 } = await migrated();
    await quiet(flow);
    await control.delete(migratePolicy);
    await flow.until('the policy is gone', async () => (await control.find(migratePolicy)) === undefined);
    await quiet(flow);
    const template = await control.get(nginx);
    expect(template.metadata.labels ?? {}).not.toHaveProperty('propagationpolicy.karmada.io/permanent-id');
    expect(template.metadata.annotations).not.toHaveProperty('propagationpolicy.karmada.io/name');
    const binding = await control.get(bindingOf(nginx));
    expect(binding.metadata.labels).not.toHaveProperty('propagationpolicy.karmada.io/permanent-id');
    expect(binding.spec.clusters).toEqual([{ name: 'member1', replicas: 2 }]);
    expect((await worksOf(flow, nginx)).length).toBe(1);
    expect((await member1.get(nginx)).metadata.labels['karmada.io/managed']).toBe('true');

    // Another one claims it.
    await control.apply(policyFor('next-pp', [nginx], { placement: onMembers('member1', 'member2') }));
    await flow.until('it is in member2 too', async () => handsOn(flow).member2.find(nginx));
  });
});

describe('conflictResolution Abort (20, 21)', () => {
  const refusal =
    'resource(kind=Deployment, default/nginx-deploy) already exists in the cluster member1 and the work.karmada.io/conflict-resolution strategy value is empty, Karmada will not manage this resource';

  it('touches nothing and says why in the words compatible clients know', async () => {
    flow = await startFlow();
    const { control, member1 } = handsOn(flow);
    const before = await member1.apply(nginx);
    await control.apply(nginx);
    await control.apply(policyFor('nginx-pp', [nginx], { conflictResolution: 'Abort' }));
    const binding = await flow.until('the refusal is told', async () => {
      const found = await control.get(bindingOf(nginx));
      return found.status?.aggregatedStatus?.[0]?.appliedMessage && found;
    });
    await quiet(flow);
    const full = `Failed to apply all manifests (0/1): ${refusal}`;
    expect(binding.status.aggregatedStatus).toEqual([
      { appliedMessage: full, clusterName: 'member1', health: 'Unknown' },
    ]);
    expect(binding.status.conditions.find((each: Anything) => each.type === 'FullyApplied')).toMatchObject({
      status: 'False',
      reason: 'FullyAppliedFailed',
      message: 'Failed to apply all works, see status.aggregatedStatus for details',
    });
    const [work] = await worksOf(flow, nginx);
    expect(work.status.conditions.map(({ lastTransitionTime: _time, ...each }: Anything) => each)).toEqual([
      {
        type: 'Dispatching',
        status: 'True',
        reason: 'Dispatching',
        message: 'Work is being dispatched to member clusters.',
      },
      { type: 'Applied', status: 'False', reason: 'AppliedFailed', message: full },
    ]);
    expect(await member1.get(nginx)).toEqual(before);
    expect(await eventsOf(flow, 'nginx-deploy')).toContain(
      `Deployment Warning SyncFailed execution-controller: Failed to create or update resource(default/nginx-deploy) in member cluster(member1): ${refusal}`,
    );
    expect(await eventsOf(flow, 'nginx-deploy-64858d5cb7')).toContain(
      `Work Warning SyncFailed execution-controller: Failed to sync work(karmada-es-member1/nginx-deploy-64858d5cb7) to cluster(member1), err: ${refusal}`,
    );

    await control.delete(nginx);
    await flow.until('the Works are gone', async () => (await worksOf(flow, nginx)).length === 0);
    expect(await member1.get(nginx)).toEqual(before);
  });

  it('goes on once the member’s own object is gone, or the template says overwrite', async () => {
    flow = await startFlow();
    const { control, member1 } = handsOn(flow);
    const other = named(nginx, 'other');
    for (const object of [nginx, other]) {
      await member1.apply(object);
      await control.apply(object);
    }
    await control.apply(policyFor('pp', [nginx, other], { conflictResolution: 'Abort' }));
    await flow.until('both are refused', async () => {
      const works = [...(await worksOf(flow, nginx)), ...(await worksOf(flow, other))];
      return (
        works.length === 2 &&
        works.every((work) => work.status?.conditions?.some((each: Anything) => each.reason === 'AppliedFailed'))
      );
    });
    await quiet(flow);
    await member1.delete(nginx);
    await applied(flow, nginx);
    expect((await member1.get(nginx)).metadata.labels['karmada.io/managed']).toBe('true');
    await control.annotate(other, 'work.karmada.io/conflict-resolution', 'overwrite');
    await applied(flow, other);
  });
});
