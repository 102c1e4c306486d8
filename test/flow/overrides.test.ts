/** Templates that differ by cluster: what override policies set there, take away, and give back when they go. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Flow, startFlow } from '#harness/flow.ts';
import type { Anything } from '#harness/kubectl.ts';
import { applied, bindingOf, handsOn, nginx, onMembers, policyFor, quiet, worksOf } from '#harness/samples.ts';

let flow: Flow;
beforeEach(async () => {
  flow = await startFlow();
});
afterEach(() => flow.stop());

const overrideFor = (name: string, rules: readonly Anything[], spec: Anything = {}): Anything => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'OverridePolicy',
  metadata: { namespace: 'default', name },
  spec: {
    resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: nginx.metadata.name }],
    overrideRules: rules,
    ...spec,
  },
});
const clusterOverrideFor = (name: string, rules: readonly Anything[], spec: Anything = {}): Anything => ({
  ...overrideFor(name, rules, spec),
  kind: 'ClusterOverridePolicy',
  metadata: { name },
});
const only = (...clusterNames: readonly string[]) => ({ targetCluster: { clusterNames } });
const cluster = (name: string): Anything => ({
  apiVersion: 'cluster.karmada.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name },
});
const everywhere = { placement: onMembers('member1', 'member2') };
const imageOf = ({ spec }: Anything): string => spec.template.spec.containers[0].image;
const withContainer = (more: Anything): Anything => {
  const [container] = nginx.spec.template.spec.containers;
  const template = { ...nginx.spec.template, spec: { containers: [{ ...container, ...more }] } };
  return { ...nginx, spec: { ...nginx.spec, template } };
};
const messagesOf = async (reason: string) => {
  await flow.pass(1_000);
  const events = await handsOn(flow).control.list('v1', 'Event', 'default');
  return events.filter((event) => event.reason === reason).map((event) => event.message as string);
};
const workIn = async (name: string) =>
  (await worksOf(flow, nginx)).find(({ metadata }) => metadata.namespace === `karmada-es-${name}`);

describe('an image that is another one in one cluster', () => {
  const mirror = overrideFor('mirror', [
    {
      ...only('member2'),
      overriders: { imageOverrider: [{ component: 'Registry', operator: 'replace', value: 'mirror.example' }] },
    },
  ]);

  it('is taken over as it runs, and is the template’s when the policy goes', async () => {
    const { control, member1, member2 } = handsOn(flow);
    const [first, second] = [
      await member1.apply(nginx),
      await member2.apply(withContainer({ image: 'mirror.example/nginx:latest' })),
    ];
    await control.apply(mirror);
    await control.apply(nginx);
    await control.apply(policyFor('pp', [nginx], everywhere));
    await applied(flow, nginx);
    await quiet(flow);
    expect((await member1.get(nginx)).spec).toEqual(first.spec);
    expect((await member2.get(nginx)).spec).toEqual(second.spec);
    expect((await workIn('member2'))!.metadata.annotations['policy.karmada.io/applied-overrides']).toBe(
      '[{"policyName":"mirror","overriders":{"imageOverrider":[{"component":"Registry","operator":"replace","value":"mirror.example"}]}}]',
    );
    expect(await messagesOf('ApplyOverridePolicySucceed')).toEqual([
      'Apply override policy(default/mirror) for cluster(member2) succeed.',
    ]);

    await control.patch(mirror, {
      spec: { overrideRules: [{ ...mirror.spec.overrideRules[0], ...only('member1') }] },
    });
    await flow.until('the rule has moved to member1', async () => {
      const images = [imageOf(await member1.get(nginx)), imageOf(await member2.get(nginx))];
      return images.join() === 'mirror.example/nginx:latest,nginx:latest';
    });
    // Also a policy that ended while nobody looked is taken back.
    await flow.stopComponents('karmada-controller-manager');
    await control.delete(mirror);
    await flow.startComponents();
    await flow.until('it is as the template has it', async () => imageOf(await member1.get(nginx)) === 'nginx:latest');
    for (const work of await worksOf(flow, nginx)) {
      expect(work.metadata.annotations).not.toHaveProperty(['policy.karmada.io/applied-overrides']);
    }
  });

  it('follows the labels of the cluster', async () => {
    const { control, member2 } = handsOn(flow);
    const [rule] = mirror.spec.overrideRules;
    const labelSelector = { matchLabels: { mirrored: 'yes' } };
    await control.apply(clusterOverrideFor('mirror', [{ ...rule, targetCluster: { labelSelector } }]));
    await control.apply(nginx);
    await control.apply(policyFor('pp', [nginx], everywhere));
    await applied(flow, nginx);
    expect(imageOf(await member2.get(nginx))).toBe('nginx:latest');
    await control.label(cluster('member2'), 'mirrored', 'yes');
    await flow.until('member2 has the other image', async () => imageOf(await member2.get(nginx)) !== 'nginx:latest');
    expect((await workIn('member1'))!.metadata.annotations).not.toHaveProperty([
      'policy.karmada.io/applied-cluster-overrides',
    ]);
  });
});

it('what an override takes goes from the member, whoever set it, and comes back with its end', async () => {
  const { control, member1 } = handsOn(flow);
  const probed = withContainer({ livenessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 7 } });
  const template = { ...probed, metadata: { ...probed.metadata, labels: { team: 'a', tier: 'web' } } };
  await member1.apply(template);
  const without = overrideFor('without', [
    {
      overriders: {
        labelsOverrider: [{ operator: 'remove', value: { team: '' } }],
        plaintext: [{ path: '/spec/template/spec/containers/0/livenessProbe', operator: 'remove' }],
      },
    },
  ]);
  await control.apply(without);
  await control.apply(template);
  await control.apply(policyFor('pp', [nginx]));
  await applied(flow, nginx);
  await quiet(flow);
  const bare = await member1.get(nginx);
  expect(bare.metadata.labels).toMatchObject({ tier: 'web' });
  expect(bare.metadata.labels).not.toHaveProperty('team');
  expect(bare.spec.template.spec.containers[0]).not.toHaveProperty('livenessProbe');
  // Adopted in one write: its generation counts annotations too.
  expect(bare.metadata.generation).toBe(2);

  await member1.label(nginx, 'team', 'b');
  await flow.until('the label is gone again', async () => !(await member1.get(nginx)).metadata.labels.team);
  await control.delete(without);
  await flow.until('it is as the template has it', async () => {
    const { metadata, spec } = await member1.get(nginx);
    return metadata.labels.team === 'a' && spec.template.spec.containers[0].livenessProbe?.periodSeconds === 7;
  });
});

it('an error in one cluster holds back that cluster alone, and is told', async () => {
  const { control, member1, member2 } = handsOn(flow);
  const replacing = (path: string) =>
    overrideFor('scaled', [
      { ...only('member2'), overriders: { plaintext: [{ path, operator: 'replace', value: 5 }] } },
    ]);
  await control.apply(replacing('/spec/nothing'));
  await control.apply(nginx);
  await control.apply(policyFor('pp', [nginx], everywhere));
  await flow.until('member1 has it', () => member1.find(nginx));
  await flow.until('it is told', async () => (await messagesOf('SyncWorkFailed')).length > 0);
  expect(await member2.find(nginx)).toBeUndefined();
  expect(new Set(await messagesOf('SyncWorkFailed'))).toEqual(
    new Set([
      'OverridePolicy default/scaled: spec.overrideRules[0].overriders.plaintext[0]: there is nothing to replace at /spec/nothing (in member2)',
    ]),
  );
  expect(new Set(await messagesOf('ApplyOverridePolicyFailed'))).toEqual(
    new Set(['Apply override policy(default/scaled) for cluster(member2) failed.']),
  );
  const told = await control.list('v1', 'Event', 'default');
  expect(
    new Set(told.filter(({ reason }) => reason === 'SyncWorkFailed').map((each) => each.involvedObject.kind)),
  ).toEqual(new Set(['ResourceBinding', 'Deployment']));
  await control.apply(replacing('/spec/replicas'));
  await applied(flow, nginx);
  expect((await member2.get(nginx)).spec.replicas).toBe(5);
  expect((await member1.get(nginx)).spec.replicas).toBe(2);
  expect((await control.get(bindingOf(nginx))).spec.clusters).toEqual([
    { name: 'member1', replicas: 2 },
    { name: 'member2', replicas: 2 },
  ]);
});

it('ClusterOverridePolicies also change the namespaces in clusters', async () => {
  const { control, member1, member2 } = handsOn(flow);
  const shop = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'a' } } };
  await control.create(shop);
  await flow.until('it is in both', async () => (await member1.find(shop)) && member2.find(shop));
  const labelled = clusterOverrideFor(
    'meshed',
    [{ ...only('member2'), overriders: { labelsOverrider: [{ operator: 'add', value: { mesh: 'on', team: 'b' } }] } }],
    { resourceSelectors: [{ apiVersion: 'v1', kind: 'Namespace', name: 'shop' }] },
  );
  const labelsIn = async (member: typeof member1) => {
    const { mesh, team } = (await member.get(shop)).metadata.labels;
    return [mesh, team];
  };
  await control.apply(labelled);
  await flow.until('member2 has the labels', async () => (await labelsIn(member2)).join() === 'on,b');
  await quiet(flow);
  expect(await labelsIn(member1)).toEqual([undefined, 'a']);
  expect(await messagesOf('ApplyOverridePolicySucceed')).toEqual([
    'Apply cluster override policy(meshed) for cluster(member2) succeed.',
  ]);
  await control.delete(labelled);
  await flow.until('they are gone', async () => (await labelsIn(member2)).join() === ',a');
});
