/** What quota knows of a resource: what an object uses, and which names of a quota speak of it. */
import type { ResourceQuota, ScopedResourceSelectorRequirement } from '../types.ts';
import { type Amounts, count } from './amounts.ts';

/** Whether so many seconds after a time (RFC 3339) are over. */
export type IsPast = (time: string, seconds: number) => boolean;

export interface QuotaEvaluator {
  /** Whether an operation can change what is used; `subresource` is '' for the resource itself. */
  readonly handles: (operation: string, subresource: string, object: unknown, old: unknown) => boolean;
  /** Those of the names in a quota that speak of this resource. */
  readonly matching: (names: readonly string[]) => readonly string[];
  readonly usage: (object: unknown, isPast: IsPast) => Amounts;
  readonly inScope: (selector: ScopedResourceSelectorRequirement, object: unknown) => boolean;
  /** What the object does not say and would have to under these names of a quota. */
  readonly missing?: (required: readonly string[], object: unknown) => string | undefined;
}

/** `count/deployments.apps`. */
export const countName = (group: string, resource: string): string =>
  group === '' ? `count/${resource}` : `count/${resource}.${group}`;

export const noScope = () => false;

/** A resource of which only the objects are counted, under an older name, too, where it has one. */
export function countEvaluator(group: string, resource: string, alias?: string): QuotaEvaluator {
  const names = [countName(group, resource), ...(alias ? [alias] : [])];
  return {
    handles: (operation, subresource) => operation === 'CREATE' && subresource === '',
    matching: (wanted) => wanted.filter((name) => names.includes(name)),
    usage: () => Object.fromEntries(names.map((name) => [name, count(1)])),
    inScope: noScope,
  };
}

export function scopeSelectors({ spec }: ResourceQuota): readonly ScopedResourceSelectorRequirement[] {
  const scopes = (spec.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists' }) as const);
  return [...scopes, ...(spec.scopeSelector?.matchExpressions ?? [])];
}

/** In, NotIn, Exists and DoesNotExist over one value that may not be there. */
export function selects(
  { operator, values = [] }: ScopedResourceSelectorRequirement,
  value: string | undefined,
): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}
