/** After adoption: what people do to the template reaches the member, what they do to the member is drift or theirs. */
import { describe, expect, it } from 'vitest';
import { applied, nginx, policyFor, worksOf } from '#harness/samples.ts';
import type { Ground } from './takeover-ground.ts';
import { container, withContainer } from './takeover-samples.ts';

export function editCases(here: () => Ground): void {
  const migrated = async (way: 'apply' | 'serverApply' | 'create') => {
    const ground = here();
    const object = ground.place(nginx);
    await ground.member.apply(object);
    await ground.control[way](object);
    await ground.control.apply(ground.place(policyFor('pp', [nginx])));
    await applied(ground.plane, object);
    await ground.settled(object);
    return { ...ground, object };
  };

  describe.each(['apply', 'serverApply', 'create'] as const)('a template made by %s', (way) => {
    it('is followed by scale, set image, set env, label and edit', async () => {
      const { plane, control, member, object, settled } = await migrated(way);
      await control.scale(object, 5);
      await settled(object);
      expect((await member.get(object)).spec.replicas).toBe(5);

      await control.setImage(object, 'nginx', 'nginx:1.28');
      await control.setEnv(object, 'nginx', 'A', '1');
      await settled(object);
      let live = await member.get(object);
      expect(container(live).image).toBe('nginx:1.28');
      expect(container(live).env).toEqual([{ name: 'A', value: '1' }]);
      expect(container(live).ports).toEqual([{ containerPort: 80, protocol: 'TCP' }]);

      await control.label(object, 'team', 'a');
      await control.restart(object, '2026-01-01T00:00:00Z');
      await settled(object);
      live = await member.get(object);
      expect(live.metadata.labels.team).toBe('a');
      expect(live.spec.template.metadata.annotations['kubectl.kubernetes.io/restartedAt']).toBe('2026-01-01T00:00:00Z');

      // Edited: something added, something removed, something set and set back to its default.
      await control.edit(object, (now) =>
        withContainer(now, (each) => ({ ...each, imagePullPolicy: 'Never', env: undefined, command: ['nginx'] })),
      );
      await settled(object);
      live = await member.get(object);
      expect(container(live).imagePullPolicy).toBe('Never');
      expect(container(live).env).toBeUndefined();
      expect(container(live).command).toEqual(['nginx']);

      await control.edit(object, (now) => withContainer(now, (each) => ({ ...each, imagePullPolicy: 'IfNotPresent' })));
      await control.label(object, 'team', null);
      await control.scale(object, 1);
      await settled(object);
      live = await member.get(object);
      expect(container(live).imagePullPolicy).toBe('IfNotPresent');
      expect(live.metadata.labels.team).toBeUndefined();
      expect(live.spec.replicas).toBe(1);
      expect((await worksOf(plane, object)).length).toBe(1);
    });
  });

  describe('drift in the member', () => {
    it('of stated fields is put right, of others it stays', async () => {
      const { member, object, settled, until } = await migrated('apply');
      await member.setEnv(object, 'nginx', 'OWN', '1');
      await member.label(object, 'own', 'yes');
      await member.setImage(object, 'nginx', 'nginx:hacked');
      await member.label(object, 'karmada.io/managed', null);
      // Before anything else is done: it is the drift itself that is seen.
      await until('the image is put right', async () => container(await member.get(object)).image === 'nginx:latest');
      await until(
        'the mark is put right',
        async () => (await member.get(object)).metadata.labels['karmada.io/managed'] === 'true',
      );
      await settled(object);
      const live = await member.get(object);
      expect(container(live)).toMatchObject({ image: 'nginx:latest', env: [{ name: 'OWN', value: '1' }] });
      expect(live.metadata.labels).toMatchObject({ own: 'yes', 'karmada.io/managed': 'true' });
    });
  });
}
