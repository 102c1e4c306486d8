/** The bounds of a LimitRange on what a container, a Pod or a claim asks for, in kube-apiserver's words. Pure. */
import { effectiveAmounts } from '#apis/kubernetes/native/defaults/pod-resources.ts';
import type { Fields } from '#apis/kubernetes/native/value.ts';
import type { LimitRangeItem, PersistentVolumeClaim, Pod } from '#apis/kubernetes/types.ts';
import { compareQuantity, formatQuantity, parseQuantity, type Quantity } from '#kube/quantity/quantity.ts';

type Amounts = Readonly<Record<string, Quantity>>;

/** What somebody asks for. */
interface Asked {
  readonly requests: Amounts;
  readonly limits: Amounts;
}

const none: Amounts = {};

const amounts = (table: Readonly<Record<string, string | number>> | undefined): Amounts =>
  table ? Object.fromEntries(Object.entries(table).map(([name, text]) => [name, parseQuantity(text)])) : none;

type Check = (type: string, name: string, bound: Quantity, asked: Asked) => string | undefined;

const exceeds = (left: Quantity, right: Quantity) => compareQuantity(left, right) > 0;

const minimum: Check = (type, name, bound, { requests, limits }) => {
  const text = `minimum ${name} usage per ${type} is ${formatQuantity(bound)}`;
  const [request, limit] = [requests[name], limits[name]];
  if (!request) return `${text}.  No request is specified`;
  if (exceeds(bound, request)) return `${text}, but request is ${formatQuantity(request)}`;
  return limit && exceeds(bound, limit) ? `${text}, but limit is ${formatQuantity(limit)}` : undefined;
};

const maximum: Check = (type, name, bound, { requests, limits }) => {
  const text = `maximum ${name} usage per ${type} is ${formatQuantity(bound)}`;
  const [request, limit] = [requests[name], limits[name]];
  if (!limit) return `${text}.  No limit is specified`;
  if (exceeds(limit, bound)) return `${text}, but limit is ${formatQuantity(limit)}`;
  return request && exceeds(request, bound) ? `${text}, but request is ${formatQuantity(request)}` : undefined;
};

const maximumRequest: Check = (type, name, bound, { requests }) => {
  const text = `maximum ${name} usage per ${type} is ${formatQuantity(bound)}`;
  const request = requests[name];
  if (!request) return `${text}.  No request is specified`;
  return exceeds(request, bound) ? `${text}, but request is ${formatQuantity(request)}` : undefined;
};

const ratio: Check = (type, name, bound, { requests, limits }) => {
  const text = `${name} max limit to request ratio per ${type} is ${formatQuantity(bound)}`;
  const [request, limit] = [requests[name], limits[name]];
  if (!request || request.nano === 0n) return `${text}, but no request is specified or request is 0`;
  if (!limit || limit.nano === 0n) return `${text}, but no limit is specified or limit is 0`;
  const provided = Number(limit.nano) / Number(request.nano);
  return provided > Number(bound.nano) / 1e9 ? `${text}, but provided ratio is ${provided.toFixed(6)}` : undefined;
};

function checkAll(check: Check, type: string, bounds: LimitRangeItem['max'], asked: Asked): readonly string[] {
  return Object.entries(amounts(bounds))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, bound]) => check(type, name, bound, asked) ?? []);
}

const containerErrors = (item: LimitRangeItem, asked: Asked): readonly string[] => [
  ...checkAll(minimum, item.type, item.min, asked),
  ...checkAll(maximum, item.type, item.max, asked),
  ...checkAll(ratio, item.type, item.maxLimitRequestRatio, asked),
];

/** What a Pod as a whole states itself; other resources are those of its containers. */
const ofPods: readonly string[] = ['cpu', 'memory'];

function podAmounts(spec: Pod['spec'], which: 'requests' | 'limits'): Amounts {
  const stated = Object.entries(amounts(spec.resources?.[which])).filter(([name]) => ofPods.includes(name));
  return { ...effectiveAmounts(spec as unknown as Fields, which), ...Object.fromEntries(stated) };
}

/** What is wrong with a Pod under one item of a LimitRange. */
export function podErrors(item: LimitRangeItem, { spec }: Pod): readonly string[] {
  if (item.type === 'Container') {
    return [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ resources }) =>
      containerErrors(item, { requests: amounts(resources?.requests), limits: amounts(resources?.limits) }),
    );
  }
  if (item.type !== 'Pod') return [];
  return containerErrors(item, { requests: podAmounts(spec, 'requests'), limits: podAmounts(spec, 'limits') });
}

export function claimErrors(item: LimitRangeItem, { spec }: PersistentVolumeClaim): readonly string[] {
  if (item.type !== 'PersistentVolumeClaim') return [];
  const asked = { requests: amounts(spec.resources?.requests), limits: none };
  return [...checkAll(minimum, item.type, item.min, asked), ...checkAll(maximumRequest, item.type, item.max, asked)];
}
