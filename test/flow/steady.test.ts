/** What is settled stays settled: restarts, drift, and those who keep changing what we wrote. */
import { afterEach, describe, expect, it } from 'vitest';
import { type Deployment, Deployments } from '#apis/kubernetes/types.ts';
import { type Flow, startFlow } from '#harness/flow.ts';
import type { Anything } from '#harness/kubectl.ts';
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
import type { ApiHandler } from '#kube/request/request.ts';
import { unsupportedMediaType } from '#kube/status/errors.ts';

let flow: Flow;
afterEach(() => flow.stop());

const containerOf = (live: Anything) => live.spec.template.spec.containers[0];
const described = (from = 0) =>
  flow.writes
    .slice(from)
    .map(
      ({ server, component, request }) =>
        `${component} ${request.verb} ${server} ${request.path.resource}/${request.path.subresource ?? ''} ${request.path.name}`,
    );

describe('a restart', () => {
  it('writes nothing once all is settled', async () => {
    flow = await startFlow();
    const { control, member1 } = handsOn(flow);
    for (const object of [nginx, nginxService]) {
      await member1.apply(object);
      await control.apply(object);
    }
    await control.apply(policyFor('pp', [nginx, nginxService], { placement: onMembers('member1', 'member2') }));
    await applied(flow, nginx);
    await applied(flow, nginxService);
    // A status that came back since, an edit that has been carried out, and a namespace of its own.
    await control.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    await control.label(nginx, 'team', 'a');
    await quiet(flow);
    for (let round = 0; round < 2; round++) {
      await flow.stopComponents();
      const before = flow.writes.length;
      await flow.startComponents();
      await flow.pass(30_000);
      expect(described(before)).toEqual([]);
    }
  });

  it('nor does the passing of time', async () => {
    flow = await startFlow();
    const { control } = handsOn(flow);
    await control.apply(nginx);
    await control.apply(policyFor('pp', [nginx]));
    await applied(flow, nginx);
    await quiet(flow);
    const before = flow.writes.length;
    await flow.pass(60_000);
    expect(described(before)).toEqual([]);
  });
});

describe('two on one object', () => {
  it('two policies: the number of writes stays constant for a minute', async () => {
    flow = await startFlow();
    const { control } = handsOn(flow);
    await control.apply(nginx);
    await control.apply(policyFor('one', [nginx], { priority: 5 }));
    await control.apply(
      policyFor('two', [nginx], { priority: 5, preemption: 'Always', placement: onMembers('member2') }),
    );
    await control.apply(policyFor('three', [nginx], { priority: 5, preemption: 'Always' }));
    await flow.pass(5_000);
    const before = flow.writes.length;
    await flow.pass(60_000);
    expect(described(before)).toEqual([]);
  });

  it('a rival in the member that answers at once: after a while both keep still for a minute', async () => {
    flow = await startFlow({ members: ['member1'] });
    const { control, member1 } = handsOn(flow);
    await control.apply(nginx);
    await control.apply(policyFor('pp', [nginx]));
    await applied(flow, nginx);
    await quiet(flow);
    const wanted = { spec: { template: { spec: { containers: [{ name: 'nginx', image: 'nginx:rival' }] } } } };
    let answers = 0;
    const rival = await flow
      .member('member1')
      .resource<Deployment>(Deployments)
      .watch(
        {},
        {
          event: ({ object }) => {
            if (containerOf(object).image === 'nginx:rival') return;
            answers++;
            void member1.patch(nginx, wanted, 'rival-operator').catch(() => {});
          },
          end: () => {},
        },
      );
    // Held back for 1, 2, 4 to 64 seconds; the next time is for 128.
    await flow.pass(135_000);
    const [before, answered] = [flow.writes.length, answers];
    await flow.pass(60_000);
    expect(described(before)).toEqual([]);
    expect(answers).toBe(answered);
    expect(answers).toBeLessThan(20);
    rival.stop();
  });

  it('two Works: one of them holds the object, and the writes stay constant', async () => {
    flow = await startFlow({ members: ['member1'] });
    const { control, member1 } = handsOn(flow);
    await control.apply(nginx);
    await control.apply(policyFor('pp', [nginx]));
    await applied(flow, nginx);
    await quiet(flow);
    const [work] = await worksOf(flow, nginx);
    const [manifest] = work.spec.workload.manifests;
    await control.create({
      apiVersion: 'work.karmada.io/v1alpha1',
      kind: 'Work',
      metadata: { namespace: 'karmada-es-member1', name: 'by-hand' },
      spec: {
        workload: {
          manifests: [
            {
              ...manifest,
              metadata: { name: 'nginx-deploy', namespace: 'default' },
              spec: { ...manifest.spec, replicas: 7 },
            },
          ],
        },
      },
    });
    await flow.pass(30_000);
    const before = flow.writes.length;
    await flow.pass(60_000);
    expect(described(before)).toEqual([]);
    expect((await member1.get(nginx)).spec.replicas).toBe(2);
    const refused = await control.get({ ...work, metadata: { namespace: 'karmada-es-member1', name: 'by-hand' } });
    expect(refused.status.conditions.find((each: Anything) => each.type === 'Applied').message).toBe(
      'Failed to apply all manifests (0/1): resource(kind=Deployment, default/nginx-deploy) in the cluster member1 is held by the Work karmada-es-member1/nginx-deploy-64858d5cb7',
    );
    // Once the other is gone, its turn comes.
    await control.delete(nginx);
    await flow.until('the other has it', async () => (await member1.find(nginx))?.spec.replicas === 7);
  });

  it('a member’s webhook that changes what we write is not fought', async () => {
    flow = await startFlow({ members: ['member1'], before: (_member, handler) => mutating(handler) });
    const { control, member1 } = handsOn(flow);
    await control.apply(nginx);
    await control.apply(policyFor('pp', [nginx]));
    await applied(flow, nginx);
    await quiet(flow);
    expect(containerOf(await member1.get(nginx)).image).toBe('mirror/nginx:latest');
    const before = flow.writes.length;
    await member1.label(nginx, 'own', 'yes');
    await flow.pass(60_000);
    expect(described(before)).toEqual([]);
  });
});

/** Has every image come from a mirror, as an admission webhook of the member would. */
function mutating(handler: ApiHandler): ApiHandler {
  const mirrored = (body: Anything): Anything => {
    const [first] = body?.spec?.template?.spec?.containers ?? [];
    if (!first?.image || first.image.startsWith('mirror/')) return body;
    const containers = [{ ...first, image: `mirror/${first.image}` }];
    return {
      ...body,
      spec: { ...body.spec, template: { ...body.spec.template, spec: { ...body.spec.template.spec, containers } } },
    };
  };
  return {
    ...handler,
    handle: (request) => handler.handle({ ...request, ...(request.body ? { body: mirrored(request.body) } : {}) }),
  };
}

describe('drift in a member', () => {
  it('of stated fields is put right, of others it stays', async () => {
    flow = await startFlow({ members: ['member1'] });
    const { control, member1 } = handsOn(flow);
    await member1.apply(nginx);
    await control.apply(nginx);
    await control.apply(policyFor('pp', [nginx]));
    await applied(flow, nginx);
    await quiet(flow);
    await member1.setImage(nginx, 'nginx', 'nginx:hacked');
    await member1.setEnv(nginx, 'nginx', 'OWN', '1');
    await member1.label(nginx, 'own', 'yes');
    await member1.label(nginx, 'karmada.io/managed', null);
    await quiet(flow);
    const live = await member1.get(nginx);
    expect(containerOf(live).image).toBe('nginx:latest');
    expect(containerOf(live).env).toEqual([{ name: 'OWN', value: '1' }]);
    expect(live.metadata.labels).toMatchObject({ own: 'yes', 'karmada.io/managed': 'true' });
  });

  it('again and again by the same hand is held back, and the Work names hand and field', async () => {
    flow = await startFlow({ members: ['member1'] });
    const { control, member1 } = handsOn(flow);
    await control.apply(nginx);
    await control.apply(policyFor('pp', [nginx]));
    await applied(flow, nginx);
    await quiet(flow);
    const fightOn = async () => {
      const live = await member1.get(nginx);
      if (containerOf(live).image !== 'nginx:rival')
        await member1.patch(
          nginx,
          { spec: { template: { spec: { containers: [{ name: 'nginx', image: 'nginx:rival' }] } } } },
          'rival-operator',
        );
    };
    const before = flow.writes.length;
    for (let i = 0; i < 120; i++) {
      await fightOn();
      await flow.pass(500);
    }
    const reverts = flow.writes.slice(before).filter((each) => each.server === 'member1');
    // Five at once, then after 1, 2, 4, 8, 16 and 32 seconds.
    expect(reverts.length).toBeGreaterThanOrEqual(5);
    expect(reverts.length).toBeLessThanOrEqual(11);
    const [work] = await worksOf(flow, nginx);
    const message = work.status.conditions.find((each: Anything) => each.type === 'Applied').message;
    expect(message).toBe(
      'Manifest has been successfully applied; "rival-operator" keeps changing .spec.template.spec.containers[name="nginx"].image back: stop it there, or take the field out of the template',
    );
    // The rival gives up: it is put right, and after a while nothing is said any more.
    await flow.pass(11 * 60_000);
    expect(containerOf(await member1.get(nginx)).image).toBe('nginx:latest');
    await control.label(nginx, 'edited', 'yes');
    await quiet(flow);
    const [calm] = await worksOf(flow, nginx);
    expect(calm.status.conditions.find((each: Anything) => each.type === 'Applied').message).toBe(
      'Manifest has been successfully applied',
    );
  });
});

describe('a member without server-side apply', () => {
  it('is written by updates, and the Work says so', async () => {
    const old = (handler: ApiHandler): ApiHandler => ({
      ...handler,
      handle: async (request) => {
        if (request.patchType === 'apply')
          throw unsupportedMediaType('the body of the request was in an unknown format');
        return handler.handle(request);
      },
    });
    flow = await startFlow({ members: ['member1'], before: (_member, handler) => old(handler) });
    const { control, member1 } = handsOn(flow);
    await member1.apply(nginx);
    await member1.setEnv(nginx, 'nginx', 'OWN', '1');
    await control.apply({ ...nginx, metadata: { ...nginx.metadata, labels: { team: 'a' } } });
    await control.apply(policyFor('pp', [nginx], { preserveResourcesOnDeletion: true }));
    await applied(flow, nginx);
    await quiet(flow);
    let live = await member1.get(nginx);
    expect(live.metadata.labels).toMatchObject({ team: 'a', 'karmada.io/managed': 'true' });
    expect(containerOf(live).env).toEqual([{ name: 'OWN', value: '1' }]);
    const [work] = await worksOf(flow, nginx);
    expect(work.status.conditions.find((each: Anything) => each.type === 'Applied').message).toBe(
      'Manifest has been successfully applied; written by a full update, for it cannot be applied: the cluster has no server-side apply',
    );
    await control.label(nginx, 'team', null);
    await control.scale(nginx, 4);
    await quiet(flow);
    live = await member1.get(nginx);
    expect(live.metadata.labels.team).toBeUndefined();
    expect(live.spec.replicas).toBe(4);
    await control.delete(nginx);
    await flow.until('the binding is gone', async () => (await control.find(bindingOf(nginx))) === undefined);
    live = await member1.get(nginx);
    expect(live.metadata.labels ?? {}).toEqual({});
    expect(Object.keys(live.metadata.annotations)).toEqual(['kubectl.kubernetes.io/last-applied-configuration']);
  });
});

describe('the journal', () => {
  const adopt = async (object: Anything) => {
    flow = await startFlow({ members: ['member1'] });
    const { control, member1 } = handsOn(flow);
    const before = await member1.apply(object);
    await control.apply(object);
    await control.apply(policyFor('pp', [object]));
    await quiet(flow);
    return before;
  };

  it('keeps the original before the first write', async () => {
    const before = await adopt(nginx);
    const { control } = handsOn(flow);
    const [work] = await worksOf(flow, nginx);
    const journal = await control.get({ apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata: work.metadata });
    expect(journal.data).toEqual(before);
    expect(journal.metadata.annotations).toMatchObject({
      'adoption.flotilla.io/uid': before.metadata.uid,
      'adoption.flotilla.io/resource-version': before.metadata.resourceVersion,
    });
    const first = flow.writes.findIndex(({ server }) => server === 'member1');
    const kept = flow.writes.findIndex(({ request }) => request.path.resource === 'controllerrevisions');
    expect(kept).toBeGreaterThanOrEqual(0);
    expect(kept).toBeLessThan(first);
  });

  it('keeps a Secret in a Secret', async () => {
    const before = await adopt({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace: 'default', name: 's' },
      data: { a: 'YQ==' },
    });
    const { control } = handsOn(flow);
    const [journal] = (await control.list('v1', 'Secret', 'karmada-es-member1')).filter(
      (each) => each.type === 'adoption.flotilla.io/original',
    );
    expect(JSON.parse(Buffer.from(journal.data.original, 'base64').toString())).toEqual(before);
    expect(await control.list('apps/v1', 'ControllerRevision', 'karmada-es-member1')).toEqual([]);
  });

  it('refuses what is too large to be kept, and says so', async () => {
    const big = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: 'default', name: 'big' },
      data: { blob: 'é'.repeat(524_250) },
    };
    flow = await startFlow({ members: ['member1'] });
    const { control, member1 } = handsOn(flow);
    const before = await member1.create(big);
    await control.create(big);
    await control.apply(policyFor('pp', [big]));
    const binding = await flow.until('it is refused', async () => {
      const found = await control.find(bindingOf(big));
      return found?.status?.aggregatedStatus?.[0]?.appliedMessage && found;
    });
    expect(binding.status.aggregatedStatus[0].appliedMessage).toMatch(
      /the original is 10\d{5} bytes and at most 1048576 can be kept/,
    );
    expect(await member1.get(big)).toEqual(before);
  });

  it('is there for a migration by hand, and goes with the rollback', async () => {
    await adopt(nginx);
    const { control, member1 } = handsOn(flow);
    const policy = policyFor('pp', [nginx]);
    await control.delete(policy);
    await flow.until('the policy is gone', async () => (await control.find(policy)) === undefined);
    expect((await control.list('apps/v1', 'ControllerRevision', 'karmada-es-member1')).length).toBe(1);
    await control.patch({ ...bindingOf(nginx) }, { spec: { preserveResourcesOnDeletion: true } });
    await control.delete(nginx);
    await flow.until('the binding is gone', async () => (await control.find(bindingOf(nginx))) === undefined);
    expect((await member1.get(nginx)).metadata.labels ?? {}).toEqual({});
    expect(await control.list('apps/v1', 'ControllerRevision', 'karmada-es-member1')).toEqual([]);
  });

  it('is brought up to date when the object changes before it is written at last', async () => {
    let refuse = true;
    const stubborn = (handler: ApiHandler): ApiHandler => ({
      ...handler,
      handle: async (request) => {
        if (refuse && request.patchType === 'apply') throw new Error('the connection broke');
        return handler.handle(request);
      },
    });
    flow = await startFlow({ members: ['member1'], before: (_member, handler) => stubborn(handler) });
    const { control, member1 } = handsOn(flow);
    await member1.apply(nginx);
    await control.apply(nginx);
    await control.apply(policyFor('pp', [nginx]));
    await flow.until(
      'it is kept',
      async () => (await control.list('apps/v1', 'ControllerRevision', 'karmada-es-member1'))[0],
    );
    await member1.scale(nginx, 9);
    refuse = false;
    await applied(flow, nginx);
    await quiet(flow);
    const [journal] = await control.list('apps/v1', 'ControllerRevision', 'karmada-es-member1');
    expect(journal.data.spec.replicas).toBe(9);
    expect((await member1.get(nginx)).spec.replicas).toBe(9);
    expect(named(nginx, 'x').metadata.name).toBe('x');
  });
});
