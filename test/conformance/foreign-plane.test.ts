/** A migration and its rollback on a real kube-apiserver as the control plane, with another one as the member. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Anything } from '#harness/kubectl.ts';
import { absentBinaries } from '#harness/real-binaries.ts';
import { bindingOf, named, nginx, policyFor } from '#harness/samples.ts';
import { until } from '#harness/until.ts';
import { findCondition } from '#kube/conditions/conditions.ts';
import { type ForeignPlane, startForeignPlane } from './foreign-plane.ts';

const count = 10;
const objects = Array.from({ length: count }, (_, i) => named(nginx, `web-${i}`));
const policy = policyFor('migrate-pp', [{ apiVersion: 'apps/v1', kind: 'Deployment' }]);
const patienceMs = 60_000;

/** Kept from the components' logs for a wait that fails. */
async function untilOn<T>(plane: ForeignPlane, what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  try {
    return await until(what, look, patienceMs);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${plane.logs().slice(-4_000)}`);
  }
}

describe.skipIf(absentBinaries().length > 0)('a real kube-apiserver as the control plane', () => {
  let plane: ForeignPlane;
  beforeAll(async () => {
    plane = await startForeignPlane();
    await plane.startComponents();
    await plane.says(['join', 'member1', '--cluster-kubeconfig', plane.memberKubeconfig]);
  }, 180_000);
  afterAll(() => plane?.stop(), 60_000);

  const podUids = async () =>
    (await plane.member.list('v1', 'Pod', 'default')).map(({ metadata }) => metadata.uid as string).sort();

  it('migrates what runs, restarts no Pod, and gives it back', { timeout: 300_000 }, async () => {
    const { control, member } = plane;
    await untilOn(plane, 'the cluster is ready', async () => {
      const cluster = await control.get({
        apiVersion: 'cluster.karmada.io/v1alpha1',
        kind: 'Cluster',
        metadata: { name: 'member1' },
      });
      return findCondition(cluster.status?.conditions, 'Ready')?.status === 'True';
    });
    for (const object of objects) await member.apply(object);
    const before = await untilOn(plane, 'all Pods are there', async () => {
      const uids = await podUids();
      return uids.length === 2 * count && uids;
    });

    for (const object of objects) await control.apply(object);
    await control.apply(policy);
    const stored = await control.get(policy);
    expect(stored.metadata.labels['propagationpolicy.karmada.io/permanent-id'], 'set by the webhook').toBeDefined();
    await untilOn(plane, 'everything is taken over', async () => {
      const bindings: readonly Anything[] = await control.list('work.karmada.io/v1alpha2', 'ResourceBinding');
      const full = bindings.filter(
        ({ status }) => findCondition(status?.conditions, 'FullyApplied')?.status === 'True',
      );
      return full.length === count;
    });
    for (const object of objects) expect((await member.get(object)).metadata.labels['karmada.io/managed']).toBe('true');
    expect(await podUids()).toEqual(before);
    const [first] = objects as [Anything];
    await untilOn(plane, 'the status is on the template', async () => {
      const { status } = await control.get(first);
      return status?.replicas === 2;
    });

    await control.setImage(first, 'nginx', 'nginx:1.28');
    await untilOn(plane, 'an edit is carried out', async () => {
      const live = await member.get(first);
      return live.spec.template.spec.containers[0].image === 'nginx:1.28';
    });

    await control.patch(policy, { spec: { preserveResourcesOnDeletion: true } });
    for (const object of objects) await control.delete(object);
    await untilOn(plane, 'the bindings are gone', async () => {
      const left = await Promise.all(objects.map((object) => control.find(bindingOf(object))));
      return left.every((each) => each === undefined);
    });
    await untilOn(
      plane,
      'the Works are gone',
      async () => (await control.list('work.karmada.io/v1alpha1', 'Work')).length === 0,
    );
    for (const object of objects) {
      const live = await member.get(object);
      expect(live.metadata.labels ?? {}).not.toHaveProperty('karmada.io/managed');
      expect(live.metadata.managedFields.map(({ manager }: Anything) => manager)).not.toContain('flotilla');
    }
    const after = new Set(await podUids());
    expect(before.filter((uid: string) => !after.has(uid)).length, 'only the edited one rolled').toBeLessThanOrEqual(2);
    // A member's controllers write all the time: what was computed from an older state is computed anew, and no failure.
    expect(plane.logs()).not.toContain('rejected our request');
    await plane.says(['unjoin', 'member1', '--cluster-kubeconfig', plane.memberKubeconfig]);
  });
});
