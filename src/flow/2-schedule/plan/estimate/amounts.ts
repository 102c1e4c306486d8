/** Amounts of resources as numbers: CPU in thousandths, all else in whole units, rounded up as Kubernetes counts them. */
import { milliValue, parseQuantity, type Quantity, quantityValue } from '#kube/quantity/quantity.ts';

export type Amounts = ReadonlyMap<string, number>;
type QuantityTexts = Readonly<Record<string, string | number>> | undefined;

export const amountOf = (resource: string, quantity: Quantity): number =>
  resource === 'cpu' ? milliValue(quantity) : quantityValue(quantity);

/** What a request asks for; what it asks none of is left out. Throws RangeError on what is no quantity. */
export function requestedAmounts(request: QuantityTexts): Amounts {
  const amounts = new Map<string, number>();
  for (const [resource, text] of Object.entries(request ?? {})) {
    const amount = amountOf(resource, parseQuantity(text));
    if (amount > 0) amounts.set(resource, amount);
  }
  return amounts;
}

/** How many times a request fits; Infinity for one that asks for nothing. */
export function timesFit(free: Amounts, request: Amounts): number {
  let times = Number.POSITIVE_INFINITY;
  for (const [resource, amount] of request) {
    times = Math.min(times, Math.floor(Math.max(0, free.get(resource) ?? 0) / amount));
  }
  return times;
}

/** What is left after `request` was taken `times` times. */
export function without(free: Amounts, request: Amounts, times: number): Amounts {
  if (times === 0 || request.size === 0) return free;
  const left = new Map(free);
  for (const [resource, amount] of request) left.set(resource, (left.get(resource) ?? 0) - amount * times);
  return left;
}
