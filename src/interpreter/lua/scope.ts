/** Which variable a name means: one scope for each function, in it one level for each block. */
import type { Local, Upvalue } from './ast.ts';

/** More would make frames of a size that recursion multiplies; the reference's limit is of the same order. */
const mostLocals = 200;

export interface Scope {
  readonly outer: Scope | undefined;
  readonly vararg: boolean;
  readonly upvalues: Upvalue[];
  /** The most slots in use at once. */
  slots: number;
  readonly active: Local[];
}

export const newScope = (outer: Scope | undefined, vararg: boolean): Scope => ({
  outer,
  vararg,
  upvalues: [],
  slots: 0,
  active: [],
});

/** A local from here to the end of its block; undefined when there are too many. */
export function declare(scope: Scope, name: string): Local | undefined {
  if (scope.active.length >= mostLocals) return undefined;
  const local: Local = { name, slot: scope.active.length, captured: false };
  scope.active.push(local);
  scope.slots = Math.max(scope.slots, scope.active.length);
  return local;
}

export type Resolved = { readonly type: 'local'; readonly local: Local } | { readonly type: 'upvalue'; index: number };

/** Undefined for a global. */
export function resolve(scope: Scope, name: string): Resolved | undefined {
  const local = scope.active.findLast((each) => each.name === name);
  if (local) return { type: 'local', local };
  const index = upvalueOf(scope, name);
  return index === undefined ? undefined : { type: 'upvalue', index };
}

function upvalueOf(scope: Scope, name: string): number | undefined {
  if (!scope.outer) return undefined;
  const found = resolve(scope.outer, name);
  if (!found) return undefined;
  if (found.type === 'local') found.local.captured = true;
  const upvalue: Upvalue = found.type === 'local' ? { local: found.local } : { outer: found.index };
  const known = scope.upvalues.findIndex((each) =>
    'local' in each
      ? 'local' in upvalue && each.local === upvalue.local
      : 'outer' in upvalue && each.outer === upvalue.outer,
  );
  return known >= 0 ? known : scope.upvalues.push(upvalue) - 1;
}
