/** A plan is rehearsed on a copy of its clusters: what it would do is found there, and the real ones are only read. */
import { afterEach, describe, expect, it } from 'vitest';
import { type ClusterTaintPolicy, ClusterTaintPolicyKind } from '#apis/policy/cluster-taint-policy.ts';
import { startSandbox } from '#app/rehearsal/sandbox.ts';
import type { ApiClient } from '#client/api-client.ts';
import { restMapper } from '#client/mapper/mapper.ts';
import type { Flow } from '#harness/flow.ts';
import { type Anything, kubectl } from '#harness/kubectl.ts';
import { applying, evidenceNow, folderContent, type Planned, planned, shop, verified } from '#harness/migration.ts';
import { handsOn } from '#harness/samples.ts';
import { interpreterOf } from '#interpreter/interpreter.ts';
import { nativeSource } from '#interpreter/native/native.ts';
import { readOnly } from '#migrate/rehearse/read-only.ts';
import { type RehearseOptions, rehearse } from '#migrate/rehearse/rehearse.ts';
import { isClean, type Rehearsal, restartsOf } from '#migrate/rehearse/report.ts';
import { takeControlSnapshot, takeSnapshot } from '#migrate/rehearse/snapshot.ts';
import { startFleet } from '../simulation/fleet.ts';

let flow: Flow;
afterEach(() => flow?.stop());

async function running(to: readonly string[]): Promise<Planned> {
  ({ flow } = await startFleet(7));
  const { member1 } = handsOn(flow);
  for (const object of shop) await flow.drive(member1.apply(object));
  await flow.until('clusters are ready', async () => {
    const clusters = await kubectl(flow.control).list('cluster.karmada.io/v1alpha1', 'Cluster');
    return clusters.every((each) =>
      each.status?.conditions?.some((one: Anything) => one.type === 'Ready' && one.status === 'True'),
    );
  });
  await flow.pass(30_000);
  return planned(flow, { to });
}

/** All that the member and the control plane hold, whoever wrote it; time hardly passes while a plan is rehearsed. */
async function held() {
  const clients = [flow.control, flow.member('member1')];
  const all = [];
  for (const client of clients) {
    const source = { client, mapper: restMapper(client, { clock: flow.clock }) };
    all.push(await flow.drive(takeSnapshot({ source, cluster: client.name, scope: {}, told: () => {} })));
  }
  return all;
}

const noFlags = { 'karmada-controller-manager': [], 'karmada-scheduler': [] };

async function rehearsed(
  made: Planned,
  more: Partial<Pick<RehearseOptions, 'flags' | 'lose' | 'evicts'>> = {},
): Promise<Rehearsal> {
  const { to, scope } = made.plan.spec;
  const clusters = [];
  for (const cluster of to) {
    const client = readOnly(flow.member(cluster));
    const source = { client, mapper: restMapper(client, { clock: flow.clock }) };
    clusters.push(await flow.drive(takeSnapshot({ source, cluster, scope, told: () => {} })));
  }
  return rehearse({
    content: await folderContent(made),
    control: await flow.drive(takeControlSnapshot(readOnly(flow.control), to)),
    clusters,
    now: flow.clock.now(),
    rate: 50,
    startSandbox,
    interpreter: interpreterOf([nativeSource]),
    flags: noFlags,
    evicts: false,
    told: () => {},
    ...more,
  });
}

const ready = (operator: 'In' | 'NotIn') => [{ conditionType: 'Ready', operator, statusValues: ['True'] }];
const lostTaint: ClusterTaintPolicy = {
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'ClusterTaintPolicy',
  metadata: { name: 'lost' },
  spec: {
    addOnConditions: ready('NotIn'),
    removeOnConditions: ready('In'),
    taints: [{ key: 'example.com/lost', effect: 'NoExecute' }],
  },
};

/** Writes foretold and sent: at most a quarter apart. */
const mostApart = 1.25;
const writing = ['create', 'update', 'patch', 'apply', 'delete', 'deleteCollection'] as const;

/** A client whose writes are counted, dry runs among them. */
function counted(inner: ApiClient) {
  let writes = 0;
  const resource: ApiClient['resource'] = (ref) => {
    const of = inner.resource(ref) as unknown as Record<string, (...args: readonly unknown[]) => unknown>;
    const counting = writing.map((verb) => [
      verb,
      (...args: readonly unknown[]) => {
        writes++;
        return of[verb]!(...args);
      },
    ]);
    return { ...of, ...Object.fromEntries(counting) } as never;
  };
  return { client: { ...inner, resource } as ApiClient, writes: () => writes };
}

describe('migrate rehearse', () => {
  it('is clean where nothing restarts and nothing is left, and only reads the real clusters', async () => {
    const made = await running(['member1']);
    const before = await held();
    const rehearsal = await rehearsed(made);
    expect(await held()).toEqual(before);
    expect(rehearsal).toMatchObject({ refused: [], unmanaged: [], left: [], objects: 25 });
    expect(rehearsal.notes).toEqual(['autoscalers of member1 that do not scale here, for there are no metrics: 1']);
    expect(isClean(rehearsal)).toBe(true);
    expect(restartsOf(rehearsal)).toEqual([]);
    expect(rehearsal.steps.map(({ step, outcome }) => [step, outcome])).toEqual([
      ['apply', 'applied'],
      ['verify', 'proven'],
      ['rollback', 'all given back'],
    ]);
    expect(rehearsal.loaded.pods).toBeGreaterThan(10);
    const [applied] = rehearsal.steps;
    // Each of the objects as a template and as the member's own, and more.
    expect(applied!.calls['karmada-apiserver']!.patch).toBeGreaterThanOrEqual(25);
    expect(applied!.calls.member1!.patch).toBeGreaterThanOrEqual(25);
    expect(applied!.seconds).toBeGreaterThan(1);
  });

  it('loses a cluster as things are configured, and foretells what then happens: restarts, verdict, writes', async () => {
    const made = await running(['member1', 'member2']);
    const rehearsal = await rehearsed(made);
    expect(rehearsal).toMatchObject({ refused: [], unmanaged: [], left: [], clusters: ['member1', 'member2'] });
    expect(rehearsal.steps.map(({ step }) => step)).toEqual(['apply', 'verify', 'failover', 'rollback']);
    expect(rehearsal.steps[2]!.outcome).toMatch(
      /^member2 lost: 0 moved, \d+ stay in member2, out of reach: eviction is off \(--enable-no-execute-taint-eviction\)$/,
    );
    expect(rehearsal.notes).toContainEqual(expect.stringMatching(/^copies that rollback leaves in other clusters/));
    expect(isClean(rehearsal)).toBe(true);

    const before = await evidenceNow(flow, made);
    const since = flow.writes.length;
    const [control, member1] = [counted(flow.control), counted(flow.member('member1'))];
    const clients = { control: control.client, member: member1.client };
    expect((await flow.drive(applying(flow, made, { clients }))).is).toBe('applied');
    const sent = (server: string) => flow.writes.slice(since).filter((each) => each.server === server).length;
    const real = {
      'karmada-apiserver': sent('karmada-apiserver') + control.writes(),
      member1: sent('member1') + member1.writes(),
    };
    const { proven, differences } = await verified(flow, made, before);
    expect([proven, rehearsal.steps[1]!.outcome]).toEqual([true, 'proven']);
    expect(differences.filter(({ is }) => is === 'restart')).toEqual(restartsOf(rehearsal));
    for (const [server, writes] of Object.entries(real)) {
      const { create = 0, patch = 0, update = 0, delete: gone = 0 } = rehearsal.steps[0]!.calls[server]!;
      const foretold = create + patch + update + gone;
      const apart = Math.max(writes / foretold, foretold / writes);
      expect(apart, `${server}: ${foretold} foretold, ${writes} sent`).toBeLessThan(mostApart);
    }
  });

  it('says where everything would go that leaves a lost cluster, and what has no other place', async () => {
    const made = await running(['member1', 'member2']);
    const second = await rehearsed(made, { evicts: true });
    expect(second.loss).toMatchObject({ cluster: 'member2', evicts: true, unreachable: 0, stranded: [] });
    expect(second.loss!.moved).toContainEqual({
      object: 'Deployment shop/front',
      from: { member1: 2, member2: 2 },
      to: { member1: 2 },
    });
    expect(restartsOf(second)).toEqual([]);
    const first = await rehearsed(made, { evicts: true, lose: 'member1' });
    expect(first.loss!.moved.find(({ object }) => object === 'Deployment shop/front')?.to).toEqual({ member2: 2 });
    expect(first.loss!.stranded.map(({ object }) => object)).toContain('StatefulSet shop/db');
  });

  it('evicts by itself where the control plane does, and refuses flags that no component understands', async () => {
    const made = await running(['member1', 'member2']);
    await flow.drive(flow.control.resource<ClusterTaintPolicy>(ClusterTaintPolicyKind).create(lostTaint));
    const flags = { ...noFlags, 'karmada-controller-manager': ['--enable-no-execute-taint-eviction=true'] };
    const { loss } = await rehearsed(made, { flags });
    expect(loss).toMatchObject({ evicts: false, unreachable: 0 });
    expect(loss!.moved.map(({ object }) => object)).toContain('Deployment shop/front');
    await expect(rehearsed(made, { flags: { ...noFlags, 'karmada-scheduler': ['--plugins=what'] } })).rejects.toThrow(
      'karmada-scheduler: ',
    );
  });

  it('finds the restart that an edited image means, and that apply refuses it', async () => {
    const made = await running(['member1']);
    const front = made.plan.objects.find(({ kind, name }) => kind === 'Deployment' && name === 'front')!;
    const path = `${made.folder}/${front.file}`;
    const text = (await made.disk.readText(path))!;
    const [before, after] = text.split('name: front');
    await made.disk.write(path, [before, after!.replace('image: x', 'image: z')].join('name: front'), { mode: 0o644 });
    const rehearsal = await rehearsed(made);
    expect(isClean(rehearsal)).toBe(false);
    expect(rehearsal.refused).toEqual([
      { object: 'Deployment shop/front', why: expect.stringContaining('Pods would restart for .spec.template') },
    ]);
    const restarts = restartsOf(rehearsal);
    expect(new Set(restarts.map(({ object, cluster }) => `${object} in ${cluster}`))).toEqual(
      new Set(['Deployment shop/front in member1']),
    );
    expect(restarts.filter(({ what }) => what.endsWith('is gone'))).toHaveLength(2);
    const [applied] = rehearsal.steps;
    expect(applied!.found).toEqual(expect.arrayContaining(restarts.slice(0, 1)));
  });

  it('does nothing of a plan that the cluster has left behind', async () => {
    const made = await running(['member1']);
    const { member1 } = handsOn(flow);
    const [, , , , one] = shop;
    await flow.drive(member1.apply({ ...one, data: { name: 'other' } }));
    const rehearsal = await rehearsed(made);
    expect(rehearsal.steps).toEqual([]);
    expect(rehearsal.refused).toEqual([{ object: 'ConfigMap shop/one', why: 'was changed: .data.name' }]);
    expect(isClean(rehearsal)).toBe(false);
  });
});
