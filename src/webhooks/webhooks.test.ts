import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customKinds } from '#apis/kinds.ts';
import type { AdmissionRequest, AdmissionResponse } from '#kube/admission/review.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { webhooks } from './webhooks.ts';

const table = webhooks({ random: seededRandom(1) });
const kindOf = (resource: string) => customKinds.find((kind) => kind.resource === resource)!;

async function ask(path: string, object: object, oldObject?: object): Promise<AdmissionResponse> {
  const webhook = table.find((each) => each.path === path)!;
  const { kind, group } = kindOf(webhook.resource);
  const request = {
    uid: 'u',
    kind: { group, version: 'v1alpha1', kind },
    operation: oldObject ? 'UPDATE' : 'CREATE',
    object: { kind, ...object } as KubeObject,
    ...(oldObject ? { oldObject: { kind, ...oldObject } as KubeObject } : {}),
    dryRun: false,
  } as unknown as AdmissionRequest;
  return webhook.review(request);
}

const metadata = { namespace: 'default', name: 'x' };

describe('what is not of its kind’s shape', () => {
  const paths = table.filter(({ resource }) => resource !== '*').map(({ path }) => path);
  const fields = fc.constantFrom(
    'resourceSelectors',
    'placement',
    'failover',
    'workload',
    'clusterAffinities',
    'spreadConstraints',
    'clusterTolerations',
    'replicaScheduling',
    'application',
    'manifests',
    'weightPreference',
    'overrideRules',
    'overriders',
    'imageOverrider',
    'fieldOverrider',
    'labelsOverrider',
    'plaintext',
    'json',
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<unknown>(null, 0, '', 'Divided', true),
      fc.array(tie('value'), { maxLength: 2 }),
      fc.dictionary(fields, tie('value'), { maxKeys: 3, noNullPrototype: true }),
    ),
  }));

  it.each(paths)('makes %s answer all the same', async (path) => {
    await fc.assert(
      fc.asyncProperty(value, value, async (spec, old) => {
        expect(await ask(path, { metadata, spec })).toHaveProperty('allowed');
        expect(await ask(path, { metadata, spec }, { metadata, spec: old })).toHaveProperty('allowed');
        expect(await ask(path, { metadata })).toHaveProperty('allowed');
      }),
      { numRuns: 300 },
    );
  });
});

describe('a policy', () => {
  const resourceSelectors = [{ apiVersion: 'apps/v1', kind: 'Deployment' }];
  const labels = { 'propagationpolicy.karmada.io/permanent-id': 'x' };
  const validated = (spec: object, more: object = {}) =>
    ask('/validate-propagationpolicy', {
      metadata: { ...metadata, labels, ...more },
      spec: { resourceSelectors: [{ ...resourceSelectors[0], namespace: 'default' }], ...spec },
    });

  it.each([
    { placement: 'anywhere' },
    { placement: ['member1'] },
    { placement: 5 },
    { placement: { spreadConstraints: ['region'] } },
    { resourceSelectors: ['Deployment'] },
  ])('with %j is not made into another one: validation is to refuse it as it came', async (spec) => {
    const answer = await ask('/mutate-propagationpolicy', { metadata, spec: { resourceSelectors, ...spec } });
    expect(answer).toEqual({ allowed: true });
  });

  it.each([
    [{ priority: 2 ** 31 }, 'spec.priority: Invalid value: 2147483648: must be between -2147483648 and 2147483647'],
    [
      { placement: { spreadConstraints: [{ spreadByField: 'cluster', minGroups: 1, maxGroups: 2 ** 60 }] } },
      'spec.placement.spreadConstraints[0].maxGroups: Invalid value: 1152921504606847000: must be between ',
    ],
  ])('with %j is refused, for Go could not read it', async (spec, why) => {
    expect(await validated(spec)).toMatchObject({ allowed: false, message: expect.stringContaining(why) });
    expect(await validated(spec, { deletionTimestamp: '2026-01-01T00:00:00Z' })).toEqual({ allowed: true });
  });

  it('takes the largest and the smallest number there is', async () => {
    expect(await validated({ priority: 2 ** 31 - 1 })).toEqual({ allowed: true });
    expect(await validated({ priority: -(2 ** 31) })).toEqual({ allowed: true });
  });
});

describe('a Work', () => {
  const work = (...manifests: readonly unknown[]) => ({ metadata, spec: { workload: { manifests } } });
  const good = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };

  it.each<[unknown, string]>([
    [{}, "Object 'Kind' is missing"],
    [{ kind: 'ConfigMap' }, "Object 'apiVersion' is missing"],
    [{ apiVersion: 'v1', kind: 'ConfigMap' }, 'metadata.name is missing'],
    [{ ...good, metadata: { name: '' } }, 'metadata.name is missing'],
  ])('with the manifest %j is refused', async (manifest, why) => {
    expect(await ask('/mutate-work', work(good, manifest))).toMatchObject({
      allowed: false,
      message: expect.stringMatching(new RegExp(`^spec\\.workload\\.manifests\\[1\\]: .*${why}`)),
    });
  });

  it('is given its id, and its manifest the marks', async () => {
    const answer = (await ask('/mutate-work', work({ ...good, status: {} }))) as { readonly object: KubeObject };
    expect(answer.object).toMatchObject({
      metadata: { labels: { 'work.karmada.io/permanent-id': expect.any(String) } },
      spec: { workload: { manifests: [{ ...good, metadata: { labels: { 'karmada.io/managed': 'true' } } }] } },
    });
    expect(answer.object).not.toHaveProperty('spec.workload.manifests.0.status');
  });
});
