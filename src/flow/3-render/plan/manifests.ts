/** Each target's manifest: replicas and completions assigned, then overridden. Clusters that get the same share one. */
import type { Cluster } from '#apis/cluster/cluster.ts';
import type { Selectable } from '#apis/policy/matching.ts';
import { type PolicyRule, rulesIn } from '#apis/policy/overrides/select.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { KindFinder } from '#client/kinds.ts';
import type { Interpreter } from '#interpreter/interpreter.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import { gvkOf } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { divideCompletions } from './completions.ts';
import { prune } from './prune.ts';
import { plain, type Rendered, withOverrides } from './rendered.ts';
import { statedFields } from './stated.ts';
import { isDivided, isWorkload, targetsOf } from './targets.ts';

/** The rules for a template in any cluster, and the clusters that they choose among. */
export interface OverrideRules {
  readonly rulesFor: (template: Selectable) => readonly PolicyRule[];
  readonly clusters: { readonly get: (name: string) => Cluster | undefined };
}

export interface ManifestsContext {
  readonly interpreter: Interpreter;
  readonly kindOf: KindFinder;
  readonly overrides: OverrideRules;
}

export interface Manifests {
  readonly rendered: ReadonlyMap<string, Rendered>;
  /** By cluster: why it has none. */
  readonly failures: ReadonlyMap<string, Error>;
}

export async function manifestsFor(
  { interpreter, kindOf, overrides }: ManifestsContext,
  binding: Binding,
  template: UnstructuredObject,
): Promise<Manifests> {
  const pruned = prune(template);
  const kind = kindOf(gvkOf(template));
  const stated = statedFields(template, kind);
  const rules = overrides.rulesFor(template);
  const override = overriding(kind, rules);
  const completions = completionsFor(binding, pruned);
  const bases = new Map<string, Rendered | Error>();
  const rendered = new Map<string, Rendered>();
  const failures = new Map<string, Error>();
  for (const { name, replicas } of targetsOf(binding.spec)) {
    const revised = isWorkload(binding.spec) ? replicas : undefined;
    const share = completions?.get(name);
    const id = `${revised}/${share}`;
    let base = bases.get(id);
    if (!base) {
      const manifest = revised === undefined ? pruned : await interpreter.reviseReplica(pruned, revised).catch(asError);
      base = manifest instanceof Error ? manifest : plain(withCompletions(manifest, share), stated);
      bases.set(id, base);
    }
    if (base instanceof Error) {
      failures.set(name, base);
      continue;
    }
    const result = rules.length === 0 ? base : override(base, name, overrides.clusters.get(name));
    if (result instanceof Error) failures.set(name, result);
    else rendered.set(name, result);
  }
  return { rendered, failures };
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

const withCompletions = (manifest: UnstructuredObject, completions: number | undefined): UnstructuredObject =>
  completions === undefined ? manifest : { ...manifest, spec: { ...(manifest.spec as object), completions } };

function completionsFor(binding: Binding, manifest: UnstructuredObject): ReadonlyMap<string, number> | undefined {
  const { completions } = (manifest.spec ?? {}) as { readonly completions?: number };
  if (manifest.kind !== 'Job' || completions === undefined || !isDivided(binding.spec)) return undefined;
  return divideCompletions(completions, targetsOf(binding.spec));
}

/** Applies the rules for a cluster to a manifest, once for all clusters that get the same of both. */
function overriding(kind: KindDefinition, rules: readonly PolicyRule[]) {
  const known = new Map<Rendered, Map<string, Rendered | Error>>();
  return (base: Rendered, name: string, cluster: Cluster | undefined): Rendered | Error => {
    if (!cluster) return new Error(`its overrides are not known while the Cluster ${name} is not there`);
    const ofBase = known.get(base) ?? new Map<string, Rendered | Error>();
    known.set(base, ofBase);
    const chosen = rulesIn(rules, cluster);
    const id = chosen.map((rule) => rules.indexOf(rule)).join();
    const result = ofBase.get(id) ?? applied(base, chosen, kind);
    ofBase.set(id, result);
    return result;
  };
}

/** Whatever goes wrong with one cluster's overrides is no reason to hold back the others. */
function applied(base: Rendered, rules: readonly PolicyRule[], kind: KindDefinition): Rendered | Error {
  try {
    return withOverrides(base, rules, kind);
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}
