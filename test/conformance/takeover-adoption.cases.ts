/** Adoption: nothing restarts, and what leaves the template later leaves the member whole. */
import { describe, expect, it } from 'vitest';
import type { Anything } from '#harness/kubectl.ts';
import { applied, policyFor } from '#harness/samples.ts';
import type { Ground } from './takeover-ground.ts';
import { container, rich, withContainer, without, withPodSpec } from './takeover-samples.ts';

/**
 * What runs in the member: the Deployment's revision, and who its ReplicaSets and Pods are. Not its generation: that
 * counts changes of annotations too.
 */
async function running({ member }: Ground, object: Anything): Promise<Anything> {
  const { uid, annotations, namespace } = (await member.get(object)).metadata;
  const revision = annotations?.['deployment.kubernetes.io/revision'];
  const identities = async (apiVersion: string, kind: string) =>
    (await member.list(apiVersion, kind, namespace)).map((each) => `${each.metadata.name} ${each.metadata.uid}`).sort();
  return { uid, revision, sets: await identities('apps/v1', 'ReplicaSet'), pods: await identities('v1', 'Pod') };
}

const removals: readonly (readonly [string, Anything, (live: Anything) => void])[] = [
  [
    'an env',
    withContainer(rich, (each) => ({ ...each, env: [{ name: 'A', value: '1' }] })),
    (live) => expect(container(live).env).toEqual([{ name: 'A', value: '1' }]),
  ],
  [
    'a container',
    withPodSpec(rich, (spec) => ({ ...spec, containers: [spec.containers[0]] })),
    (live) => expect(live.spec.template.spec.containers.map((each: Anything) => each.name)).toEqual(['nginx']),
  ],
  [
    'a probe',
    withContainer(rich, (each) => without(each, 'livenessProbe')),
    (live) => expect(container(live).livenessProbe).toBeUndefined(),
  ],
  [
    'a securityContext',
    withContainer(rich, (each) => without(each, 'securityContext')),
    (live) => expect(container(live).securityContext).toBeUndefined(),
  ],
  [
    'a volume and its mount',
    withContainer(
      withPodSpec(rich, (spec) => ({ ...spec, volumes: [spec.volumes[1]] })),
      (each) => without(each, 'volumeMounts'),
    ),
    (live) => {
      expect(live.spec.template.spec.volumes.map((each: Anything) => each.name)).toEqual(['config']);
      expect(container(live).volumeMounts).toBeUndefined();
    },
  ],
  [
    'a label',
    { ...rich, metadata: { ...rich.metadata, labels: { tier: 'web' } } },
    (live) => {
      expect(live.metadata.labels.tier).toBe('web');
      expect(live.metadata.labels.team).toBeUndefined();
    },
  ],
];

const ways = ['apply', 'serverApply', 'create'] as const;

export function adoptionCases(here: () => Ground): void {
  describe.each(ways)('a Deployment that the member got by %s', (memberWay) => {
    it.each(ways)('is adopted by a template made by %s, and nothing restarts', async (way) => {
      const ground = here();
      const { control, member, place } = ground;
      const object = place(rich);
      await member[memberWay](object);
      const rolledOut = async () => ground.rolledOut(object);
      await ground.until('the member has rolled it out', rolledOut);
      const original = await member.get(object);
      const before = await running(ground, object);
      await control[way](object);
      await control.apply(place(policyFor('pp', [rich])));
      await applied(ground.plane, object);
      await ground.settled(object);
      const live = await member.get(object);
      expect(JSON.stringify(live.spec)).toBe(JSON.stringify(original.spec));
      expect(live.metadata.labels['karmada.io/managed']).toBe('true');
      await ground.until('its controllers have seen it', rolledOut);
      expect(await running(ground, object)).toEqual(before);
    });
  });

  describe.each(['apply', 'serverApply'] as const)('removed from a template made by %s', (way) => {
    it.each(removals)('%s leaves the member too', async (_what, changed, check) => {
      const ground = here();
      const { control, member, place } = ground;
      const original = await member.apply(place(rich));
      await control[way](place(rich));
      await control.apply(place(policyFor('pp', [rich])));
      await applied(ground.plane, place(rich));
      expect((await member.get(place(rich))).spec).toEqual(original.spec);
      await control[way](place(changed));
      await ground.settled(place(rich));
      const live = await member.get(place(rich));
      check(live);
      expect(container(live).image).toBe('nginx:1.27');
      expect(container(live).resources).toEqual({ requests: { cpu: '500m' } });
    });
  });
}
