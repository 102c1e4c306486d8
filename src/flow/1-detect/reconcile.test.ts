import { expect, it } from 'vitest';
import { claimFor, withClaim } from '#apis/policy/claim.ts';
import type { PropagationPolicy } from '#apis/policy/propagation-policy.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { TemplateSource } from '#client/template-reader.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { notFound } from '#kube/status/errors.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { type DetectContext, reconcileTemplate } from './reconcile.ts';

const policy = {
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'PropagationPolicy',
  metadata: { namespace: 'default', name: 'pp', labels: { 'propagationpolicy.karmada.io/permanent-id': 'id' } },
  spec: { placement: {}, resourceSelectors: [{ apiVersion: 'v1', kind: 'ConfigMap' }] },
} as unknown as PropagationPolicy;

const template: KubeObject = withClaim(
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'default', name: 'a', uid: 'u' } },
  claimFor(policy),
);

const contextWith = (more: object): DetectContext =>
  ({
    policies: { viewFor: () => ({ claimed: () => policy, namespaced: [policy], clusterWide: [] }) },
    interpreter: { getReplicas: async () => undefined },
    events: { event: () => {} },
    told: { matched: () => {}, applied: () => {}, preempted: () => {} },
    awaited: { overridesFor: () => {}, priorityOf: () => undefined },
    clock: simulatedClock(),
    random: seededRandom(1),
    gates: { PropagationPolicyPreemption: true },
    skippedNamespaces: [],
    touched: { fresh: new Set(), waiting: new Set() },
    ...more,
  }) as unknown as DetectContext;

/** The cache has the template, and no binding of it. */
async function bindingsMade(live: () => Promise<KubeObject>): Promise<number> {
  let made = 0;
  const source = { resource: { get: () => template, live: { get: live } } } as unknown as TemplateSource;
  const context = contextWith({
    bindings: () => ({ get: () => undefined, create: async (binding: Binding) => made++ && binding }),
  });
  await reconcileTemplate(context, source, keyOf(template));
  return made;
}

it('makes a binding anew for a template that is there', async () => {
  expect(await bindingsMade(async () => template)).toBe(1);
});

it('makes none for a template of which only the cache does not know that it has gone', async () => {
  const away = async () => Promise.reject(notFound({ group: '', resource: 'configmaps' }, 'a'));
  expect(await bindingsMade(away)).toBe(0);
  const { metadata } = template;
  expect(await bindingsMade(async () => ({ ...template, metadata: { ...metadata, uid: 'another' } }))).toBe(0);
  expect(await bindingsMade(async () => ({ ...template, metadata: { ...metadata, deletionTimestamp: 'now' } }))).toBe(
    0,
  );
});

it('remembers no word of the user on a template that went meanwhile', async () => {
  let held: KubeObject | undefined = { ...template, metadata: { ...template.metadata, labels: {}, annotations: {} } };
  const touched = { fresh: new Set(['u']), waiting: new Set<string>() };
  const update = async () => {
    held = undefined;
    throw notFound({ group: '', resource: 'configmaps' }, 'a');
  };
  await expect(
    reconcileTemplate(
      contextWith({ touched }),
      { resource: { get: () => held, update } } as unknown as TemplateSource,
      keyOf(template),
    ),
  ).rejects.toThrow('not found');
  expect(touched.fresh.size).toBe(0);
});
