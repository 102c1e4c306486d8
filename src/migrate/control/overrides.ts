/** The override policies of the control plane: which rules a template gets in a cluster, and what they change of it. */
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import type { Selectable } from '#apis/policy/matching.ts';
import { RuleFailed } from '#apis/policy/overrides/override.ts';
import { type AnyOverridePolicy, type PolicyRule, rulesFor, rulesIn } from '#apis/policy/overrides/select.ts';
import { prune } from '#flow/3-render/plan/prune.ts';
import { plain, withOverrides } from '#flow/3-render/plan/rendered.ts';
import { compare } from '#kube/apply/typed/compare.ts';
import { formatPath } from '#kube/fields/element.ts';
import { leaves, pathsOf, union } from '#kube/fields/fieldset.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import { apiVersionOf } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import type { Override } from '../model.ts';
import { titled } from '../model.ts';
import { bySelected } from './selected.ts';

/** For a template in a cluster, in the order in which they apply. */
export type OverrideRules = (template: Selectable, cluster: string) => readonly PolicyRule[];

/** A cluster that is not joined yet: all that can be told of it is its name. */
const unjoined = (name: string): Cluster =>
  ({ apiVersion: apiVersionOf(ClusterKind), kind: ClusterKind.kind, metadata: { name }, spec: {} }) as Cluster;

export function overrideRules(
  policies: readonly AnyOverridePolicy[],
  clusters: ReadonlyMap<string, Cluster>,
): OverrideRules {
  const selecting = bySelected(policies);
  return (template, cluster) => {
    const candidates = selecting(template);
    if (candidates.length === 0) return [];
    return rulesIn(rulesFor(candidates, template), clusters.get(cluster) ?? unjoined(cluster));
  };
}

/** What each policy changes after those before it; without those that change nothing. */
function changesBy(
  template: UnstructuredObject,
  rules: readonly PolicyRule[],
  kind: KindDefinition,
): readonly Omit<Override, 'clusters'>[] {
  let manifest = prune(template);
  return [...Map.groupBy(rules, ({ policy }) => policy)].flatMap(([policy, own]) => {
    const before = manifest;
    manifest = withOverrides(plain(before, 'whole'), own, kind).manifest;
    const { added, modified, removed } = compare(kind.schema, before, manifest);
    const fields = pathsOf(leaves(union(union(added, modified), removed))).map(formatPath);
    return fields.length > 0 ? [{ policy: titled(policy), fields }] : [];
  });
}

export interface Overridden {
  readonly overrides: readonly Override[];
  /** By cluster: why its overrides cannot be applied. */
  readonly failures: ReadonlyMap<string, string>;
}

/** Which policy changes what of a template in these clusters. */
export function overridesOf(
  rulesFor: OverrideRules,
  template: UnstructuredObject,
  clusters: readonly string[],
  kind: KindDefinition,
): Overridden {
  const failures = new Map<string, string>();
  const changes = clusters.flatMap((cluster) => {
    const rules = rulesFor(template, cluster);
    try {
      return rules.length > 0 ? changesBy(template, rules, kind).map((change) => ({ ...change, cluster })) : [];
    } catch (error) {
      if (!(error instanceof RuleFailed)) throw error;
      failures.set(cluster, error.message);
      return [];
    }
  });
  const alike = Map.groupBy(changes, ({ policy, fields }) => [policy, ...fields].join('\n'));
  const overrides = [...alike.values()].map((same) => {
    const { policy, fields } = same[0]!;
    return { policy, clusters: same.map(({ cluster }) => cluster), fields };
  });
  return { overrides, failures };
}
