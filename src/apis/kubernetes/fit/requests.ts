/** What a Pod takes of a node, and what a node has: amounts as the scheduler counts them. Pure. */

import { milliValue, parseQuantity, type Quantity, quantityValue } from '#kube/quantity/quantity.ts';
import { effectiveAmounts } from '../native/defaults/pod-resources.ts';
import type { Fields } from '../native/value.ts';
import type { PodSpec } from '../types.ts';

/** By resource name: CPU in thousandths, everything else in whole units. */
export type Amounts = ReadonlyMap<string, number>;

const none: Amounts = new Map();

const amountOf = (name: string, quantity: Quantity): number =>
  name === 'cpu' ? milliValue(quantity) : quantityValue(quantity);

/** All containers together or the largest init container, what the Pod as a whole asks for, and its overhead. */
export function podRequests(spec: PodSpec): Amounts {
  const { resources, overhead } = spec;
  const hasRequests = (container: { readonly resources?: { readonly requests?: unknown } }) =>
    container.resources?.requests !== undefined;
  const isSaid = spec.containers.some(hasRequests) || spec.initContainers?.some(hasRequests);
  if (!isSaid && !resources?.requests && !overhead) return none;
  const amounts = new Map<string, number>();
  for (const [name, quantity] of Object.entries(effectiveAmounts(spec as unknown as Fields, 'requests'))) {
    amounts.set(name, amountOf(name, quantity));
  }
  for (const [name, text] of Object.entries(resources?.requests ?? {})) {
    amounts.set(name, amountOf(name, parseQuantity(text)));
  }
  for (const [name, text] of Object.entries(overhead ?? {})) {
    amounts.set(name, (amounts.get(name) ?? 0) + amountOf(name, parseQuantity(text)));
  }
  return amounts;
}

/** Amounts of a table like `status.allocatable`. */
export function amountsOf(table: Readonly<Record<string, string | number>> | undefined): Amounts {
  if (!table) return none;
  return new Map(Object.entries(table).map(([name, text]) => [name, amountOf(name, parseQuantity(text))]));
}
