/**
 * A manifest as one cluster is to hold it, with what is stated in it: what overrides set is, and what they took away is
 * told apart, so that it goes from the member too (ARCHITECTURE.md, "Takeover by ownership", rule 1).
 */
import { overridden } from '#apis/policy/overrides/override.ts';
import { appliedRecord } from '#apis/policy/overrides/record.ts';
import type { PolicyRule } from '#apis/policy/overrides/select.ts';
import { compare, touched } from '#kube/apply/typed/compare.ts';
import { fieldSetOf } from '#kube/apply/typed/field-set.ts';
import { fieldPathOf } from '#kube/apply/typed/path.ts';
import { atOrBelow, emptyFieldSet, type FieldSet, fieldSet, intersect, union } from '#kube/fields/fieldset.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { prune } from './prune.ts';

export interface Rendered {
  /** Pruned, with replicas, completions and overrides, without our marks. */
  readonly manifest: UnstructuredObject;
  /** `whole` when it cannot be told. */
  readonly stated: FieldSet | 'whole';
  /** What overrides took from the manifest. */
  readonly removed: FieldSet;
  /** What the Work says of the overrides. */
  readonly annotations: Readonly<Record<string, string>>;
}

const noAnnotations: Rendered['annotations'] = {};

/** Without overrides. */
export const plain = (manifest: UnstructuredObject, stated: FieldSet | 'whole'): Rendered => ({
  manifest,
  stated,
  removed: emptyFieldSet,
  annotations: noAnnotations,
});

/** `base` with the rules applied. Throws RuleFailed. */
export function withOverrides(base: Rendered, rules: readonly PolicyRule[], { schema }: KindDefinition): Rendered {
  if (rules.length === 0) return base;
  const result = overridden(base.manifest, rules);
  // An override may bring back what no manifest has; the Work webhook would take it out again.
  const manifest = prune(result.manifest);
  const annotations = appliedRecord(rules);
  const { apiVersion, kind } = base.manifest;
  if (manifest.apiVersion !== apiVersion || manifest.kind !== kind) {
    return { manifest, stated: 'whole', removed: emptyFieldSet, annotations };
  }
  const changes = compare(schema, base.manifest, manifest);
  if (base.stated === 'whole') return { manifest, stated: 'whole', removed: changes.removed, annotations };
  const present = fieldSetOf(schema, manifest);
  const places = fieldSet(...result.placed.map(({ document, keys }) => fieldPathOf(schema, document, keys)));
  const set = union(intersect(touched(changes), present), atOrBelow(present, places));
  return { manifest, stated: union(base.stated, set), removed: changes.removed, annotations };
}
