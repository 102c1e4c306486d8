/** The guides to policies and failover: their examples are accepted, and the table of policies has every field there is. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { PropagationPolicyKind } from '#apis/policy/propagation-policy.ts';
import { type Flow, startFlow } from '#harness/flow.ts';
import { root } from '#harness/program.ts';
import { handsOn } from '#harness/samples.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { parseYaml } from '#kube/yaml/yaml.ts';

const read = (name: string) => readFileSync(join(root, 'docs/guide', name), 'utf8');
const guide = read('policies.md');

let flow: Flow | undefined;
afterEach(() => flow?.stop());

it.each([
  ['policies', guide],
  ['failover', read('failover.md')],
])('shows what can be applied: %s', async (_, text) => {
  flow = await startFlow();
  const { control } = handsOn(flow);
  const examples = Array.from(text.matchAll(/```yaml\n([\s\S]*?)```/g), ([, example]) => parseYaml(example!));
  expect(examples.length).toBeGreaterThan(2);
  for (const example of examples) await control.apply(example);
});

/** Those below a field that the whole row is about. */
const within =
  /^(labelSelector|fieldSelector|clusterTolerations|overflowAffinities|workloadAffinity|schedulePriority|application|cluster|targetCluster|staticWeightList|dispatchingOnClusters)$/;

function fieldsOf(schema: Schema, path: readonly string[] = []): readonly string[] {
  const properties = schema.properties ?? schema.items?.properties ?? {};
  return Object.entries(properties).flatMap(([name, each]) => {
    const at = [...path, name];
    return within.test(name) || !(each.properties ?? each.items?.properties) ? [at.join('.')] : fieldsOf(each, at);
  });
}

it('says of every field what it does', () => {
  const rows = guide.split('\n').filter((line) => line.startsWith('| `'));
  const told = new Set<string>();
  for (const row of rows) {
    let last = '';
    for (const [, name] of row.split(' | ')[0]!.matchAll(/`([^`]+)`/g)) {
      last = name!.startsWith('.') ? `${last.slice(0, last.lastIndexOf('.'))}${name}` : name!;
      told.add(last);
    }
  }
  const asAffinity = (field: string) => field.replace('clusterAffinities.', 'clusterAffinity.');
  const known = fieldsOf(PropagationPolicyKind.schema.properties!.spec!);
  expect(known.length).toBeGreaterThan(25);
  const untold = known.filter((field) => {
    const affinity = field.startsWith('placement.clusterAffinities.') && told.has(asAffinity(field));
    return !told.has(field) && !affinity;
  });
  expect(untold).toEqual([]);
});
