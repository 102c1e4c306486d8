/** A Pod's quality of service, from what its containers ask for. */
import { addQuantity, parseQuantity, type Quantity } from '#kube/quantity/quantity.ts';
import { type Fields, fieldsOf, isFields, itemsOf } from '../value.ts';

type Amounts = Map<string, Quantity>;
const counted = ['cpu', 'memory'];

/** Guaranteed: every container has limits for CPU and memory, and requests no less. BestEffort: nobody has any. */
export function qosClass(spec: Fields): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const holders = isFields(spec.resources) ? [spec] : [...itemsOf(spec.containers), ...itemsOf(spec.initContainers)];
  const requests: Amounts = new Map();
  const limits: Amounts = new Map();
  let limited = true;
  for (const holder of holders) {
    const resources = fieldsOf(holder.resources);
    addAmounts(requests, fieldsOf(resources.requests));
    const found = addAmounts(limits, fieldsOf(resources.limits));
    if (found < counted.length) limited = false;
  }
  if (requests.size === 0 && limits.size === 0) return 'BestEffort';
  const covered = [...requests].every(([name, amount]) => limits.get(name)?.nano === amount.nano);
  return limited && covered && requests.size === limits.size ? 'Guaranteed' : 'Burstable';
}

function addAmounts(total: Amounts, amounts: Fields): number {
  let found = 0;
  for (const name of counted) {
    const text = amounts[name];
    if (typeof text !== 'string' && typeof text !== 'number') continue;
    const amount = parseQuantity(text);
    if (amount.nano <= 0n) continue;
    const before = total.get(name);
    total.set(name, before === undefined ? amount : addQuantity(before, amount));
    found++;
  }
  return found;
}
