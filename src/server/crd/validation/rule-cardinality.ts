/** How many values of a schema one object may have: the product of the limits on the way, or as many as fit. */
import type { Props } from './props.ts';

/** `Infinity` where a list or map on the way has no limit. */
export type Cardinality = bigint | typeof Infinity;

/** Go's uint64. */
export const mostCost = 2n ** 64n - 1n;

export const times = (left: bigint, right: bigint): bigint => (left * right > mostCost ? mostCost : left * right);

/** Of what stands directly below `props`. */
export function childCardinality(props: Props, own: Cardinality | undefined): Cardinality | undefined {
  if (typeof own !== 'bigint') return own;
  const isMap = props.type === 'object' && props.additionalProperties !== undefined;
  if (!isMap && props.type !== 'array') return own;
  const limit = isMap ? props.maxProperties : props.maxItems;
  return typeof limit === 'number' ? times(own, BigInt(Math.max(0, Math.trunc(limit)))) : Infinity;
}
