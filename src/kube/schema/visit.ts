/** Walks over a value for rules that few schemas have: compiled once, and nothing at all where no schema below has one. */
import type { StatusCause } from '../status/status.ts';
import { isFields } from './copy.ts';
import type { Trail } from './path.ts';
import type { Schema } from './schema.ts';

export type Visit = (value: unknown, trail: Trail, causes: StatusCause[]) => void;

/** `rule`: what is to be done at a value with this schema; below it the walk goes on by itself. */
export function visitor(rule: (schema: Schema) => Visit | undefined): (schema: Schema) => Visit | undefined {
  const compiled = new WeakMap<Schema, Visit | null>();
  const visitOf = (schema: Schema): Visit | undefined => {
    const known = compiled.get(schema);
    if (known !== undefined) return known ?? undefined;
    // A recursive schema finds this while it is being compiled, and the real one when it is called.
    compiled.set(schema, (value, trail, causes) => compiled.get(schema)?.(value, trail, causes));
    const visit = compile(schema, rule(schema), visitOf);
    compiled.set(schema, visit ?? null);
    return visit;
  };
  return visitOf;
}

function compile(
  schema: Schema,
  own: Visit | undefined,
  visitOf: (schema: Schema) => Visit | undefined,
): Visit | undefined {
  const items = schema.items && visitOf(schema.items);
  const rest = schema.additionalProperties && visitOf(schema.additionalProperties);
  const fields = new Map<string, Visit | undefined>();
  let isAny = items !== undefined || rest !== undefined;
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const visit = visitOf(property);
    fields.set(name, visit);
    if (visit) isAny = true;
  }
  if (!isAny) return own;
  return (value, trail, causes) => {
    own?.(value, trail, causes);
    if (Array.isArray(value)) {
      if (items) visitItems(items, value as readonly unknown[], trail, causes);
    } else if (isFields(value)) {
      for (const name in value) {
        const visit = fields.has(name) ? fields.get(name) : rest;
        if (!visit) continue;
        trail.push(name);
        visit(value[name], trail, causes);
        trail.pop();
      }
    }
  };
}

function visitItems(visit: Visit, items: readonly unknown[], trail: Trail, causes: StatusCause[]): void {
  for (let index = 0; index < items.length; index++) {
    trail.push(index);
    visit(items[index], trail, causes);
    trail.pop();
  }
}
