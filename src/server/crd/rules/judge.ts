/** The way into this room for objects that are written. */
import type { KubeObject } from '#kube/meta/object.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { evaluateRules, type RuleFindings } from './evaluate.ts';
import { ruleTree } from './tree.ts';

const nothing: RuleFindings = { causes: [], warnings: [], remaining: 0 };

export function judge(schema: Schema, object: KubeObject, old: KubeObject | undefined): RuleFindings {
  const tree = ruleTree(schema, true);
  if (!tree) return nothing;
  return evaluateRules(tree, { value: object, ...(old ? { before: old, ratchets: true } : {}) });
}
