/** What Pods use of a quota. */
import { addQuantity, type Quantity } from '#kube/quantity/quantity.ts';
import { effectiveAmounts } from '../native/defaults/pod-resources.ts';
import type { Fields } from '../native/value.ts';
import type { Container, Pod, PodAffinityTerm, ScopedResourceSelectorRequirement } from '../types.ts';
import { type Amounts, add, amountsIn, count } from './amounts.ts';
import { countName, type IsPast, type QuotaEvaluator, selects } from './evaluator.ts';

const names: readonly string[] = [
  countName('', 'pods'),
  'cpu',
  'memory',
  'ephemeral-storage',
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'pods',
];
const hugePages = 'hugepages-';
const requests = 'requests.';
const deviceClasses = 'deviceclass.resource.kubernetes.io/';
/** Of these every container has to say what it wants once a quota speaks of them. */
const mustBeSaid = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];

/** `nvidia.com/gpu`: not of Kubernetes' own domain. */
const isExtended = (name: string): boolean =>
  name.includes('/') && (!name.split('/', 1)[0]!.endsWith('kubernetes.io') || name.startsWith(deviceClasses));

const isPodName = (name: string): boolean =>
  names.includes(name) ||
  name.startsWith(hugePages) ||
  name.startsWith(`${requests}${hugePages}`) ||
  (name.startsWith(requests) && isExtended(name.slice(requests.length)));

const isTerminating = ({ spec }: Pod): boolean => (spec.activeDeadlineSeconds ?? -1) >= 0;
const isBestEffort = ({ status }: Pod): boolean => status?.qosClass === 'BestEffort';

/** The requests and limits of a container or a whole Pod under the names of a quota. */
function named(wanted: Amounts, limits: Amounts): Amounts {
  const used: Record<string, Quantity> = { pods: count(1) };
  for (const name of ['cpu', 'memory', 'ephemeral-storage']) {
    const [request, limit] = [wanted[name], limits[name]];
    if (request) {
      used[name] = request;
      used[requests + name] = request;
    }
    if (limit) used[`limits.${name}`] = limit;
  }
  for (const [name, amount] of Object.entries(wanted)) {
    if (name.startsWith(hugePages)) used[name] = amount;
    if (name.startsWith(hugePages) || isExtended(name)) used[requests + name] = amount;
  }
  return used;
}

const isPodLevel = (name: string) => name === 'cpu' || name === 'memory' || name.startsWith(hugePages);

/** All containers or the largest init container, what the Pod says as a whole, and what running it costs. */
function podAmounts({ resources, overhead, ...spec }: Pod['spec'], side: 'requests' | 'limits'): Amounts {
  const whole = Object.entries(amountsIn(resources?.[side])).filter(([name]) => isPodLevel(name));
  const amounts: Amounts = { ...effectiveAmounts(spec as unknown as Fields, side), ...Object.fromEntries(whole) };
  if (!overhead) return amounts;
  const extra = amountsIn(overhead);
  if (side === 'requests') return add(amounts, extra);
  // What has no limit has none with the overhead either.
  return Object.fromEntries(
    Object.entries(amounts).map(([name, amount]) => [
      name,
      extra[name] && amount.nano !== 0n ? addQuantity(amount, extra[name]) : amount,
    ]),
  );
}

/** A Pod that has run, or should long be gone, counts as an object only. */
function isOver({ metadata, status }: Pod, isPast: IsPast): boolean {
  if (status?.phase === 'Failed' || status?.phase === 'Succeeded') return true;
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadata;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined) return false;
  return isPast(deletionTimestamp, deletionGracePeriodSeconds);
}

function usage(pod: Pod, isPast: IsPast): Amounts {
  const object = { [countName('', 'pods')]: count(1) };
  if (isOver(pod, isPast)) return object;
  return add(object, named(podAmounts(pod.spec, 'requests'), podAmounts(pod.spec, 'limits')));
}

function missing(required: readonly string[], { spec }: Pod): string | undefined {
  const { resources } = spec;
  if (Object.keys({ ...resources?.requests, ...resources?.limits }).some(isPodLevel)) return undefined;
  const wanted = mustBeSaid.filter((name) => required.includes(name)).sort();
  const said = ({ resources: own }: Container) => named(amountsIn(own?.requests), amountsIn(own?.limits));
  const texts = wanted.flatMap((name) => {
    const silent = [...spec.containers, ...(spec.initContainers ?? [])].filter((container) => !said(container)[name]);
    const silentNames = [...new Set(silent.map((container) => container.name))].sort();
    return silentNames.length > 0 ? [`${name} for: ${silentNames.join(',')}`] : [];
  });
  return texts.length > 0 ? `must specify ${texts.join('; ')}` : undefined;
}

const crosses = ({ namespaces, namespaceSelector }: PodAffinityTerm): boolean =>
  (namespaces ?? []).length > 0 || namespaceSelector !== undefined;

function crossesNamespaces({ spec: { affinity } }: Pod): boolean {
  return [affinity?.podAffinity, affinity?.podAntiAffinity].some(
    (each) =>
      each?.requiredDuringSchedulingIgnoredDuringExecution?.some(crosses) ||
      each?.preferredDuringSchedulingIgnoredDuringExecution?.some(({ podAffinityTerm }) => crosses(podAffinityTerm)),
  );
}

function inScope(selector: ScopedResourceSelectorRequirement, pod: Pod): boolean {
  switch (selector.scopeName) {
    case 'Terminating':
      return isTerminating(pod);
    case 'NotTerminating':
      return !isTerminating(pod);
    case 'BestEffort':
      return isBestEffort(pod);
    case 'NotBestEffort':
      return !isBestEffort(pod);
    case 'PriorityClass':
      return selects(selector, pod.spec.priorityClassName || undefined);
    case 'CrossNamespacePodAffinity':
      return crossesNamespaces(pod);
    default:
      return false;
  }
}

export const podEvaluator: QuotaEvaluator = {
  handles: (operation, subresource, object, old) => {
    if (subresource === 'resize') return operation === 'UPDATE';
    if (subresource !== '') return false;
    if (operation === 'UPDATE') return isTerminating(object as Pod) !== isTerminating(old as Pod);
    return operation === 'CREATE';
  },
  matching: (wanted) => wanted.filter(isPodName),
  usage: (pod, isPast) => usage(pod as Pod, isPast),
  inScope: (selector, pod) => inScope(selector, pod as Pod),
  missing: (required, pod) => missing(required, pod as Pod),
};
