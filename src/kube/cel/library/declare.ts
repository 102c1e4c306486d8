/** How functions are declared: overloads by the types they take, and what runs for each. */

import type { Macro } from '../syntax/macros.ts';
import type { CelType } from '../types.ts';
import type { CelValue, Evaluated } from '../value/value.ts';

/** Never called with errors, and only with values the declared types accept. */
export type Run = (...values: CelValue[]) => Evaluated;

export interface Overload {
  readonly id: string;
  /** Called on its first argument: `text.size()`. */
  readonly member: boolean;
  readonly args: readonly CelType[];
  readonly result: CelType;
  readonly run?: Run;
}

export interface FunctionDeclaration {
  readonly name: string;
  readonly overloads: readonly Overload[];
  /** One implementation for all overloads, which looks at its values itself. */
  readonly run?: Run;
  /** Its values are not looked at before it runs: the implementation answers for what it does not take. */
  readonly unguarded?: boolean;
}

export interface CelLibrary {
  readonly functions: readonly FunctionDeclaration[];
  readonly macros?: readonly Macro[];
  /** Types that names in an expression stand for. */
  readonly types?: readonly CelType[];
  /** Objects an expression may make: `JSONPatch{op: "add"}`. */
  readonly struct?: (name: string) => CelType | undefined;
}

/** An implementation names the values it takes; the guard before every call makes sure of them. */
type Typed = (...values: never[]) => Evaluated;

const asRun = (run: Typed): Run => run as unknown as Run;

export const overload = (id: string, args: readonly CelType[], result: CelType, run?: Typed): Overload => ({
  id,
  member: false,
  args,
  result,
  ...(run ? { run: asRun(run) } : {}),
});

export const method = (id: string, args: readonly CelType[], result: CelType, run?: Typed): Overload => ({
  ...overload(id, args, result, run),
  member: true,
});

export const declare = (name: string, ...overloads: readonly Overload[]): FunctionDeclaration => ({ name, overloads });

export const declareWith = (name: string, run: Typed, ...overloads: readonly Overload[]): FunctionDeclaration => ({
  name,
  overloads,
  run: asRun(run),
});

/** Libraries as one table: overloads of one function may come from several. */
export function mergeFunctions(libraries: readonly CelLibrary[]): ReadonlyMap<string, FunctionDeclaration> {
  const merged = new Map<string, FunctionDeclaration>();
  for (const declaration of libraries.flatMap((library) => library.functions)) {
    const known = merged.get(declaration.name);
    merged.set(
      declaration.name,
      known ? { ...known, ...declaration, overloads: [...known.overloads, ...declaration.overloads] } : declaration,
    );
  }
  return merged;
}
