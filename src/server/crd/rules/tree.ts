/** The rules of a schema and of all schemas below it; nothing where none has any. Compiled once for each schema. */
import type { Schema } from '#kube/schema/schema.ts';
import { compileRules, type RulesOf } from './compile.ts';

export interface RuleTree {
  readonly schema: Schema;
  /** It is the schema of a whole object. */
  readonly resource: boolean;
  readonly own: RulesOf | undefined;
  readonly items: RuleTree | undefined;
  readonly fields: ReadonlyMap<string, RuleTree>;
  readonly rest: RuleTree | undefined;
}

const trees = new WeakMap<Schema, RuleTree | null>();
const resourceTrees = new WeakMap<Schema, RuleTree | null>();

export function ruleTree(schema: Schema, resource: boolean): RuleTree | undefined {
  const known = resource ? resourceTrees : trees;
  let tree = known.get(schema);
  if (tree === undefined) {
    tree = make(schema, resource) ?? null;
    known.set(schema, tree);
  }
  return tree ?? undefined;
}

const below = (schema: Schema | undefined) => schema && ruleTree(schema, schema.embeddedResource === true);

function make(schema: Schema, resource: boolean): RuleTree | undefined {
  const own = (schema.validations?.length ?? 0) > 0 ? compileRules(schema, resource) : undefined;
  const fields = new Map<string, RuleTree>();
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const tree = below(property);
    if (tree) fields.set(name, tree);
  }
  const [items, rest] = [below(schema.items), below(schema.additionalProperties)];
  return own || items || rest || fields.size > 0 ? { schema, resource, own, items, fields, rest } : undefined;
}
