/** `promote` against what the reference made of the same object: its files before and after, and what it printed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withClaim } from '#apis/policy/claim.ts';
import type { JsonObject, UnstructuredObject } from '#kube/meta/object.ts';
import { parseYamlDocuments } from '#kube/yaml/yaml.ts';
import { promotedPolicy } from '#migrate/promote/policy.ts';
import { promotedTemplate } from '#migrate/promote/template.ts';
import { goldenFolder, goldenPresent } from './reference.ts';

const read = (path: string) => readFileSync(join(goldenFolder, path), 'utf8');
const itemOf = (path: string): UnstructuredObject => {
  const { items } = JSON.parse(read(path)) as { readonly items: readonly UnstructuredObject[] };
  return items[0]!;
};
const policyOf = (template: UnstructuredObject) =>
  promotedPolicy({ template, cluster: 'member1', policyName: '', along: 'nothing' });

/** Without what its API server and policy wrote. */
function asSent(object: UnstructuredObject): UnstructuredObject {
  const { apiVersion, kind, metadata, spec } = withClaim(object, undefined);
  const { namespace, name, annotations } = metadata;
  return { apiVersion, kind, metadata: { namespace, name, annotations }, spec } as UnstructuredObject;
}

describe.skipIf(!goldenPresent)('promote, as the reference has it', () => {
  test('makes the same template of the same object', () => {
    const made = promotedTemplate(itemOf('30-promote-preset/member1-deployments.json'));
    expect(made).toEqual(asSent(itemOf('31-promoted/karmada-deployments.json')));
  });

  test('makes the same policy, by the same name', () => {
    const policy = policyOf(itemOf('30-promote-preset/member1-deployments.json'));
    const { metadata, spec } = itemOf('31-promoted/karmada-propagationpolicies.json');
    expect(policy.metadata).toEqual({ namespace: metadata.namespace, name: metadata.name });
    // What webhooks and schemas fill in, and nothing else, is there besides.
    const defaults = { preemption: 'Never', priority: 0, schedulerName: 'default-scheduler' };
    const [selector] = policy.spec.resourceSelectors;
    const resourceSelectors = [{ ...selector, namespace: 'default' }];
    expect({ ...policy.spec, ...defaults, resourceSelectors }).toEqual(spec as JsonObject);
  });

  test('prints the same with -o yaml, of an object that is managed by now', () => {
    const template = promotedTemplate(itemOf('31-promoted/member1-deployments.json'));
    expect([template, policyOf(template)]).toEqual(
      parseYamlDocuments(read('30-promote-preset/promote-dry-run-yaml.txt')),
    );
  });
});
