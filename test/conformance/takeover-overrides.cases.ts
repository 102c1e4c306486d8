/** What overrides set and take in the member, whoever had made the object there, and that it comes back with their end. */
import { describe, expect, it } from 'vitest';
import type { Anything } from '#harness/kubectl.ts';
import { applied, policyFor } from '#harness/samples.ts';
import type { Ground } from './takeover-ground.ts';
import { container, rich } from './takeover-samples.ts';

const first = '/spec/template/spec/containers/0';

/** A probe, an item of a list with keys and a label go; an image, a field that defaults fill in and an item of a list come. */
const different: Anything = {
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'OverridePolicy',
  metadata: { namespace: 'default', name: 'different' },
  spec: {
    resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: rich.metadata.name }],
    overrideRules: [
      {
        overriders: {
          imageOverrider: [{ component: 'Registry', operator: 'replace', value: 'mirror.example' }],
          labelsOverrider: [{ operator: 'remove', value: { team: '' } }],
          argsOverrider: [{ containerName: 'nginx', operator: 'add', value: ['-q'] }],
          plaintext: [
            { path: `${first}/livenessProbe`, operator: 'remove' },
            { path: `${first}/env/0`, operator: 'remove' },
            { path: '/spec/minReadySeconds', operator: 'add', value: 3 },
          ],
        },
      },
    ],
  },
};

export function overrideCases(here: () => Ground): void {
  describe.each(['apply', 'serverApply', 'create'] as const)('an override of what the member got by %s', (way) => {
    it('takes and sets with the adoption, and gives back what the template says', async () => {
      const { plane, control, member, place, settled } = here();
      const [object, override] = [place(rich), place(different)];
      await member[way](object);
      await control.apply(override);
      await control.apply(object);
      await control.apply(place(policyFor('pp', [rich])));
      await applied(plane, object);
      await settled(object);
      const live = await member.get(object);
      expect(container(live)).not.toHaveProperty('livenessProbe');
      expect(container(live)).toMatchObject({
        image: 'mirror.example/nginx:1.27',
        args: ['-q'],
        env: [{ name: 'B', value: '2' }],
      });
      expect(container(live).env).toHaveLength(1);
      expect(live.spec.minReadySeconds).toBe(3);
      expect(live.metadata.labels).not.toHaveProperty('team');
      expect(live.metadata.labels.tier).toBe('web');

      await control.delete(override);
      await here().until(
        'the template’s image is back',
        async () => container(await member.get(object)).image === 'nginx:1.27',
      );
      await settled(object);
      const back = await member.get(object);
      const { livenessProbe, env, args } = container(back);
      expect(livenessProbe).toMatchObject({ httpGet: { path: '/', port: 80 }, periodSeconds: 20 });
      expect([env, args]).toEqual([rich.spec.template.spec.containers[0].env, undefined]);
      expect(back.spec.minReadySeconds ?? 0).toBe(0);
      expect(back.metadata.labels.team).toBe('a');
    });
  });
}
