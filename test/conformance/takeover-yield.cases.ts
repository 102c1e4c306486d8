/** What others in the member have set: kept at adoption, given up later, or theirs for good. */
import { describe, expect, it } from 'vitest';
import type { Anything } from '#harness/kubectl.ts';
import { applied, nginx, policyFor } from '#harness/samples.ts';
import type { Ground } from './takeover-ground.ts';
import { container, withContainer } from './takeover-samples.ts';

const template = withContainer(nginx, (each) => ({
  ...each,
  env: [
    { name: 'A', value: '1' },
    { name: 'B', value: '2' },
  ],
}));

const restartedAt = (live: Anything) => live.spec.template.metadata.annotations['kubectl.kubernetes.io/restartedAt'];

/** Whether the number of replicas is ours. */
const owned = (live: Anything): boolean =>
  live.metadata.managedFields.some(
    (each: Anything) => each.manager === 'flotilla' && each.fieldsV1['f:spec']?.['f:replicas'] !== undefined,
  );

export function yieldCases(here: () => Ground): void {
  const adopt = async (object: Anything) => {
    const { control, place } = here();
    await control.apply(object);
    await control.apply(place(policyFor('pp', [nginx])));
    await applied(here().plane, object);
    await here().settled(object);
  };

  describe('a Deployment that others have touched', () => {
    const touched = async () => {
      const { member, place } = here();
      const object = place(template);
      await member.apply(object);
      const sidecar = { spec: { template: { spec: { containers: [{ name: 'sidecar', image: 'envoy:1' }] } } } };
      await member.patch(object, sidecar, 'injector');
      await member.restart(object, '2026-01-01T00:00:00Z');
      await member.scale(object, 3);
      return object;
    };

    it('keeps replicas, sidecar and restartedAt, and its Pod template to the byte', async () => {
      const { control, member, settled } = here();
      const object = await touched();
      const before = await member.get(object);
      await adopt(object);
      const after = await member.get(object);
      expect(JSON.stringify(after.spec)).toBe(JSON.stringify(before.spec));
      expect(after.metadata.labels['karmada.io/managed']).toBe('true');
      expect(after.spec.replicas).toBe(3);

      // Later the template drops env B: the member's B goes, everything else stays.
      await control.apply(withContainer(object, (each) => ({ ...each, env: [{ name: 'A', value: '1' }] })));
      await settled(object);
      const later = await member.get(object);
      expect(container(later).env).toEqual([{ name: 'A', value: '1' }]);
      expect(container(later, 'sidecar').image).toBe('envoy:1');
      expect(later.spec.replicas).toBe(3);
      expect(restartedAt(later)).toBe('2026-01-01T00:00:00Z');
    });

    it('takes the number of replicas once the template says another, and for good', async () => {
      const { control, member, settled, until } = here();
      const object = await touched();
      await adopt(object);
      await control.scale(object, 5);
      await settled(object);
      expect((await member.get(object)).spec.replicas).toBe(5);
      await control.scale(object, 2);
      await settled(object);
      expect((await member.get(object)).spec.replicas).toBe(2);
      // A person's scale in the member is drift now.
      await member.scale(object, 7);
      await until('it is put right', async () => (await member.get(object)).spec.replicas === 2);
    });
  });

  describe('fields that come to be yielded', () => {
    const migrate = async () => {
      const object = here().place(nginx);
      await here().member.apply(object);
      await adopt(object);
      return object;
    };

    it('are released to an autoscaler, also when it writes through scale', async () => {
      const { control, member, settled, until } = here();
      const object = await migrate();
      await member.scale(object, 6, 'kube-controller-manager');
      await until('it is released', async () => !owned(await member.get(object)));
      await settled(object);
      expect((await member.get(object)).spec.replicas).toBe(6);
      await control.setImage(object, 'nginx', 'nginx:1.28');
      await settled(object);
      expect((await member.get(object)).spec.replicas).toBe(6);
      await member.scale(object, 4, 'kube-controller-manager');
      await settled(object);
      const live = await member.get(object);
      expect(live.spec.replicas).toBe(4);
      expect(container(live).image).toBe('nginx:1.28');
    });

    it('are released to whoever owns them when the template gets the retain label', async () => {
      const { control, member, settled } = here();
      const object = await migrate();
      await control.label(object, 'resourcetemplate.karmada.io/retain-replicas', 'true');
      await settled(object);
      expect((await member.get(object)).spec.replicas).toBe(2);
      // First the template's number changes, so that the field is given up by us and not taken from us.
      await control.scale(object, 3);
      await settled(object);
      let live = await member.get(object);
      expect(live.spec.replicas).toBe(2);
      expect(owned(live)).toBe(false);
      await member.scale(object, 9);
      await control.scale(object, 4);
      await settled(object);
      live = await member.get(object);
      expect(live.spec.replicas).toBe(9);
    });
  });
}
