/** What an expression may name: variables, functions, types, and inside a loop its own variables. */

import type { FunctionDeclaration } from '../library/declare.ts';
import { type CelType, celTypes, typeName } from '../types.ts';

export interface Declarations {
  readonly variables: ReadonlyMap<string, CelType>;
  readonly functions: ReadonlyMap<string, FunctionDeclaration>;
  readonly types: ReadonlyMap<string, CelType>;
  readonly struct: (name: string) => CelType | undefined;
}

const a = celTypes.param('A');
const b = celTypes.param('B');

/** Types every environment names. */
export const standardTypes: readonly CelType[] = [
  celTypes.bool,
  celTypes.bytes,
  celTypes.double,
  celTypes.duration,
  celTypes.int,
  celTypes.list(a),
  celTypes.map(a, b),
  celTypes.null,
  celTypes.string,
  celTypes.timestamp,
  celTypes.type,
  celTypes.uint,
  celTypes.optional(celTypes.param('T')),
];

export const typeTable = (types: readonly CelType[]): ReadonlyMap<string, CelType> =>
  new Map(types.map((type) => [typeName(type), type]));

/** Variables of loops around the place that is checked, the innermost first. */
export interface Scope {
  readonly name: string;
  readonly type: CelType;
  readonly outer: Scope | undefined;
}

export interface Found {
  /** Without a leading dot. */
  readonly name: string;
  readonly type: CelType;
  /** Where it names a type. */
  readonly names?: CelType;
}

export function lookUp(declarations: Declarations, scope: Scope | undefined, written: string): Found | undefined {
  const name = written.startsWith('.') ? written.slice(1) : written;
  for (let inner = scope; inner; inner = inner.outer) if (inner.name === name) return { name, type: inner.type };
  const variable = declarations.variables.get(name);
  if (variable) return { name, type: variable };
  const named = declarations.types.get(name) ?? declarations.struct(name);
  return named && { name, type: celTypes.typeOf(named), names: named };
}

const keywords: ReadonlySet<string> = new Set(
  (
    'true false null in as break const continue else for function if import let loop package namespace return ' +
    'var void while'
  ).split(' '),
);

export const isKeyword = (name: string): boolean => keywords.has(name);

/** A field; one whose name is a keyword may be written as it is, though it is declared with underscores. */
export const fieldOf = (type: CelType & { kind: 'object' }, name: string): CelType | undefined =>
  type.fields?.get(name) ?? (keywords.has(name) ? type.fields?.get(`__${name}__`) : undefined);
