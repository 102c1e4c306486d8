/** What a schema says about the size of something reached from a variable. */

import { type CelType, unwrapOptional } from '../types.ts';
import type { Range } from './estimate.ts';

/**
 * The path starts with a variable; then field names, `@items`, `@keys`, `@values`. Upstream takes every variable for the
 * one the schema is of, whatever it is called, and so must an estimate that refuses the same rules. undefined: nothing is
 * said.
 */
export function sizeAtPath(root: CelType | undefined, path: readonly string[] | undefined): Range | undefined {
  if (!root || !path || path.length === 0) return undefined;
  let type: CelType | undefined = root;
  for (const part of path.slice(1)) type = type && below(type, part);
  return type?.sizes && { min: 0n, max: BigInt(type.sizes.maxElements) };
}

/** The variable whose schema tells sizes. */
export const sizeRoot = (variables: ReadonlyMap<string, CelType>): CelType | undefined =>
  [...variables.values()].map(unwrapOptional).find(({ sizes }) => sizes !== undefined);

function below(type: CelType, part: string): CelType | undefined {
  switch (part) {
    case '@items':
    case '@values':
      return type.kind === 'list' ? type.element : type.kind === 'map' ? type.value : undefined;
    case '@keys':
      return type.kind === 'map' ? type.key : undefined;
    default:
      return type.kind === 'object' ? type.fields?.get(part) : undefined;
  }
}
