/** Going back: the object is as it was, with every field back in the hands it was in; and what is never taken at all. */
import { describe, expect, it } from 'vitest';
import type { Anything } from '#harness/kubectl.ts';
import { applied, bindingOf, policyFor, withoutRunData, worksOf } from '#harness/samples.ts';
import type { Ground } from './takeover-ground.ts';
import { rich } from './takeover-samples.ts';

/** Who owns what, but for the status: a member's controllers go on writing that. */
const owners = (live: Anything) =>
  live.metadata.managedFields
    .filter((entry: Anything) => entry.subresource !== 'status')
    .map(({ time: _time, ...entry }: Anything) => entry);

/** What people have said of it; the member's controllers keep their own annotation and status. */
function said(live: Anything): Anything {
  const { generation: _g, annotations, ...metadata } = withoutRunData(live).metadata;
  const { 'deployment.kubernetes.io/revision': _r, ...theirs } = annotations ?? {};
  return { spec: live.spec, metadata: { ...metadata, annotations: theirs } };
}

export function endCases(here: () => Ground): void {
  describe.each(['apply', 'serverApply', 'create'] as const)('a rollback of what the member got by %s', (way) => {
    it('gives back the original and every field to its owner', async () => {
      const ground = here();
      const { control, member, place, until } = ground;
      const object = place(rich);
      await member[way](object);
      await until('the member has rolled it out', () => ground.rolledOut(object));
      const before = await member.get(object);
      const policy = place(policyFor('pp', [rich], { preserveResourcesOnDeletion: true }));
      await control.apply(object);
      await control.apply(policy);
      await applied(ground.plane, object);
      expect((await member.get(object)).metadata.labels['karmada.io/managed']).toBe('true');
      await control.delete(object);
      await until('the binding is gone', async () => (await control.find(bindingOf(object))) === undefined);
      await until('the Works are gone', async () => (await worksOf(ground.plane, object)).length === 0);
      const after = await member.get(object);
      expect(said(after)).toEqual(said(before));
      expect(after.metadata.uid).toBe(before.metadata.uid);
      expect(owners(after)).toEqual(owners(before));
      const originals = await control.list('apps/v1', 'ControllerRevision', 'karmada-es-member1');
      expect(originals.filter(({ data }) => data.metadata.namespace === object.metadata.namespace)).toEqual([]);
    });
  });

  describe('conflictResolution Abort', () => {
    it('touches nothing that is not ours', async () => {
      const ground = here();
      const { control, member, place, until } = ground;
      const object = place(rich);
      await member.apply(object);
      await until('the member has rolled it out', () => ground.rolledOut(object));
      const before = await member.get(object);
      await control.apply(object);
      await control.apply(place(policyFor('pp', [rich], { conflictResolution: 'Abort' })));
      const message = await until('the refusal is told', async () => {
        const binding = await control.find(bindingOf(object));
        return binding?.status?.aggregatedStatus?.[0]?.appliedMessage as string | undefined;
      });
      expect(message).toContain(
        'already exists in the cluster member1 and the work.karmada.io/conflict-resolution strategy value is empty',
      );
      expect(await member.get(object)).toEqual(before);
    });
  });
}
