/**
 * Resources of the whole Pod (spec.resources): once something is said there, requests and huge page limits that are
 * not said follow from the containers.
 */
import { addQuantity, compareQuantity, formatQuantity, parseQuantity, type Quantity } from '#kube/quantity/quantity.ts';
import { type Fields, fieldsOf, isFields, itemsOf, withMissing } from '../value.ts';

type Amounts = Readonly<Record<string, Quantity>>;

const isHugePages = (name: string): boolean => name.startsWith('hugepages-');
const isPodLevel = (name: string): boolean => name === 'cpu' || name === 'memory' || isHugePages(name);

export function podLevelResources(spec: Fields): Fields {
  if (!isFields(spec.resources)) return spec;
  const resources = spec.resources;
  const requests = fieldsOf(resources.requests);
  let limits = fieldsOf(resources.limits);
  if (size(limits) === 0 && size(requests) === 0) return spec;
  const pages = texts(effectiveAmounts(spec, 'limits'), (name) => isHugePages(name) && requests[name] === undefined);
  limits = withMissing(limits, pages);
  if (size(limits) === 0) return spec;
  const fromContainers = texts(effectiveAmounts(spec, 'requests'), (name) => isPodLevel(name) && !isHugePages(name));
  const fromLimits = Object.fromEntries(Object.entries(limits).filter(([name]) => isPodLevel(name)));
  const next = withMissing(withMissing(requests, fromContainers), fromLimits);
  if (next === requests && limits === resources.limits) return spec;
  return { ...spec, resources: { ...resources, limits, ...(size(next) > 0 ? { requests: next } : {}) } };
}

const size = (value: Fields): number => Object.keys(value).length;

function texts(amounts: Amounts, wanted: (name: string) => boolean): Fields {
  const kept: Record<string, string> = {};
  for (const [name, amount] of Object.entries(amounts)) if (wanted(name)) kept[name] = formatQuantity(amount);
  return kept;
}

/** What the scheduler counts: all containers and sidecars together, or an init container with the sidecars before it. */
export function effectiveAmounts(spec: Fields, side: 'limits' | 'requests'): Amounts {
  let total: Amounts = {};
  for (const container of itemsOf(spec.containers)) total = sum(total, amountsOf(container, side));
  let sidecars: Amounts = {};
  let largestInit: Amounts = {};
  for (const container of itemsOf(spec.initContainers)) {
    const amounts = amountsOf(container, side);
    if (container.restartPolicy === 'Always') {
      total = sum(total, amounts);
      sidecars = sum(sidecars, amounts);
      largestInit = largest(largestInit, sidecars);
    } else {
      largestInit = largest(largestInit, sum(amounts, sidecars));
    }
  }
  return largest(total, largestInit);
}

function amountsOf(container: Fields, side: 'limits' | 'requests'): Amounts {
  const amounts: Record<string, Quantity> = {};
  for (const [name, text] of Object.entries(fieldsOf(fieldsOf(fieldsOf(container).resources)[side]))) {
    amounts[name] = parseQuantity(text as string);
  }
  return amounts;
}

function sum(left: Amounts, right: Amounts): Amounts {
  return combine(left, right, addQuantity);
}

function largest(left: Amounts, right: Amounts): Amounts {
  return combine(left, right, (one, other) => (compareQuantity(one, other) >= 0 ? one : other));
}

function combine(left: Amounts, right: Amounts, both: (one: Quantity, other: Quantity) => Quantity): Amounts {
  const result: Record<string, Quantity> = { ...left };
  for (const [name, amount] of Object.entries(right)) {
    const other = result[name];
    result[name] = other === undefined ? amount : both(other, amount);
  }
  return result;
}
