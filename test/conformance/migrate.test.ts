/** A real cluster is migrated by plan: planned, applied, verified and rolled back, where its binaries are in the cache. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Anything, kubectl } from '#harness/kubectl.ts';
import { applying, evidenceNow, planned, shop, verified } from '#harness/migration.ts';
import { absentBinaries } from '#harness/real-binaries.ts';
import { asKept, ours, rollingBack } from '#harness/rolled-back.ts';
import { until } from '#harness/until.ts';
import { isAdopted, titleOf } from '#migrate/model.ts';
import { realMigrationGround } from './real-ground.ts';

const patienceMs = 120_000;

/** Where its binaries are to be built first: `npm run test:conformance`. */
describe.skipIf(absentBinaries().length > 0)('a real cluster', () => {
  let ground: Awaited<ReturnType<typeof realMigrationGround>>;
  beforeAll(async () => {
    ground = await realMigrationGround();
  }, patienceMs);
  afterAll(() => ground?.stop(), patienceMs);

  it(
    'comes under management and goes back, and no Pod is another',
    async () => {
      const member = kubectl(ground.member('member1'));
      for (const object of shop) await member.create(object);
      const pods = () => member.list('v1', 'Pod', 'shop');
      // Nothing schedules them there: they are, and stay what they are.
      await until('its Pods are there', async () => (await pods()).length >= 8, patienceMs);
      const uids = async () => new Set((await pods()).map(({ metadata }) => metadata.uid));
      const before = { uids: await uids(), objects: await Promise.all(shop.map((object) => member.get(object))) };

      const made = await planned(ground);
      const adopted = made.plan.objects.filter(isAdopted);
      expect(adopted.map(({ verdict }) => verdict.is)).toEqual(adopted.map(() => 'adopt'));
      expect(new Set(adopted.map(titleOf)).size).toBe(shop.length);
      const evidence = await evidenceNow(ground, made);
      expect(await applying(ground, made, { settings: { timeoutMs: patienceMs } })).toMatchObject({ is: 'applied' });
      expect(await verified(ground, made, evidence)).toMatchObject({ proven: true, unmanaged: [] });
      expect(await uids()).toEqual(before.uids);

      const { objects } = await rollingBack(ground, made);
      expect(objects.map(({ is }) => is)).toEqual(shop.map(() => 'restored'));
      expect(await uids()).toEqual(before.uids);
      for (const [i, object] of shop.entries()) {
        const live = await member.get(object);
        expect(ours(live), `${object.kind} ${object.metadata.name}`).toEqual([]);
        expect(asKept(live)).toEqual(asKept(before.objects[i]!));
      }
    },
    patienceMs,
  );

  it(
    'holds after it what the plan said that overrides take away, and has it back when it is given back',
    async () => {
      const [member, control] = [kubectl(ground.member('member1')), kubectl(ground.control)];
      const [front, back] = ['front', 'back'].map(
        (name) => shop.find((each) => each.kind === 'Deployment' && each.metadata.name === name)!,
      );
      await member.patch(front, { spec: { template: { spec: { terminationGracePeriodSeconds: 5 } } } }, 'kubectl-edit');
      await member.patch(back, { spec: { minReadySeconds: 7 } }, 'kubectl-edit');
      const paths = { front: '/spec/template/spec/terminationGracePeriodSeconds', back: '/spec/minReadySeconds' };
      for (const [name, path] of Object.entries(paths))
        await control.apply({
          apiVersion: 'policy.karmada.io/v1alpha1',
          kind: 'ClusterOverridePolicy',
          metadata: { name },
          spec: {
            resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name }],
            overriders: { plaintext: [{ operator: 'remove', path }] },
          },
        });
      const made = await planned(ground);
      const verdictOf = (name: string) =>
        made.plan.objects.find((each) => each.kind === 'Deployment' && each.name === name)?.verdict;
      expect(verdictOf('front')).toMatchObject({
        is: 'restart',
        fields: [{ path: '.spec.template.spec.terminationGracePeriodSeconds', managers: ['kubectl-edit'] }],
      });
      expect(verdictOf('back')).toEqual({ is: 'change', fields: ['.spec.minReadySeconds'] });
      const before = await member.get(back);
      const { template } = before.spec;
      expect(await applying(ground, made, { settings: { timeoutMs: patienceMs } })).toMatchObject({
        is: 'applied',
        leftOut: [{ object: { name: 'front' } }],
      });
      await until(
        'it is taken away',
        async () => (await member.get(back)).spec.minReadySeconds === undefined,
        patienceMs,
      );
      expect((await member.get(back)).spec.template).toEqual(template);
      expect((await member.get(front)).spec.template.spec.terminationGracePeriodSeconds).toBe(5);

      const { objects } = await rollingBack(ground, made);
      expect(objects.filter(({ is }) => is === 'failed' || is === 'waiting')).toEqual([]);
      const given = await member.get(back);
      expect(given.spec).toEqual(before.spec);
      expect(ours(given)).toEqual([]);
      const owner = given.metadata.managedFields.find((each: Anything) => each.manager === 'kubectl-edit');
      expect(owner.fieldsV1['f:spec']).toEqual({ 'f:minReadySeconds': {} });
    },
    patienceMs,
  );
});
