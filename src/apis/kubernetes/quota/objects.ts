/** What Services, claims for storage and claims for devices use of a quota. */
import { compareQuantity, parseQuantity, type Quantity, quantityValue } from '#kube/quantity/quantity.ts';
import type { PersistentVolumeClaim, ScopedResourceSelectorRequirement, Service } from '../types.ts';
import { type Amounts, add, count, zero } from './amounts.ts';
import { countName, noScope, type QuotaEvaluator, selects } from './evaluator.ts';

const serviceNames: readonly string[] = [
  countName('', 'services'),
  'services',
  'services.nodeports',
  'services.loadbalancers',
];

function serviceUsage({ spec }: Service): Amounts {
  const { ports = [], type, allocateLoadBalancerNodePorts } = spec;
  const isBalanced = type === 'LoadBalancer';
  const given = ports.filter(({ nodePort = 0 }) => nodePort !== 0).length;
  const nodePorts = isBalanced && allocateLoadBalancerNodePorts === false ? given : ports.length;
  return {
    [countName('', 'services')]: count(1),
    services: count(1),
    'services.loadbalancers': isBalanced ? count(1) : zero,
    'services.nodeports': isBalanced || type === 'NodePort' ? count(nodePorts) : zero,
  };
}

export const serviceEvaluator: QuotaEvaluator = {
  handles: (operation, subresource) => subresource === '' && (operation === 'CREATE' || operation === 'UPDATE'),
  matching: (names) => names.filter((name) => serviceNames.includes(name)),
  usage: (service) => serviceUsage(service as Service),
  inScope: noScope,
};

const claimNames = ['persistentvolumeclaims', 'requests.storage'] as const;
const byClass = '.storageclass.storage.k8s.io/';
const classAnnotation = 'volume.beta.kubernetes.io/storage-class';

const isClaimName = (name: string): boolean =>
  name === countName('', 'persistentvolumeclaims') ||
  claimNames.some((each) => name === each || name.endsWith(`${byClass}${each}`));

/** What was asked for, or what is given in the meantime where that is more. */
function storageOf({ spec, status }: PersistentVolumeClaim): Quantity | undefined {
  const asked = spec.resources?.requests?.storage;
  if (asked === undefined) return undefined;
  const wanted = whole(parseQuantity(asked));
  const allocated = status?.allocatedResources?.storage;
  if (allocated === undefined) return wanted;
  const given = whole(parseQuantity(allocated));
  return compareQuantity(given, wanted) > 0 ? given : wanted;
}

const whole = (quantity: Quantity): Quantity =>
  quantity.nano % 1_000_000_000n === 0n ? quantity : { ...count(quantityValue(quantity)), format: quantity.format };

function claimUsage(claim: PersistentVolumeClaim): Amounts {
  const storage = storageOf(claim);
  const own: Amounts = { persistentvolumeclaims: count(1), ...(storage ? { 'requests.storage': storage } : {}) };
  const className = claim.metadata.annotations?.[classAnnotation] ?? claim.spec.storageClassName ?? '';
  const classed = Object.entries(own).map(([name, amount]) => [`${className}${byClass}${name}`, amount] as const);
  return {
    ...own,
    [countName('', 'persistentvolumeclaims')]: count(1),
    ...(className === '' ? {} : Object.fromEntries(classed)),
  };
}

function attributeClasses({ spec, status }: PersistentVolumeClaim): readonly string[] {
  const { currentVolumeAttributesClassName, modifyVolumeStatus } = status ?? {};
  const names = [
    spec.volumeAttributesClassName,
    currentVolumeAttributesClassName,
    modifyVolumeStatus?.targetVolumeAttributesClassName,
  ];
  return names.filter((name): name is string => name !== undefined && name !== '');
}

function claimInScope(selector: ScopedResourceSelectorRequirement, claim: PersistentVolumeClaim): boolean {
  if (selector.scopeName !== 'VolumeAttributesClass') return false;
  const names = attributeClasses(claim);
  return names.length === 0 ? selects(selector, undefined) : names.some((name) => selects(selector, name));
}

export const claimEvaluator: QuotaEvaluator = {
  handles: (operation, subresource) =>
    subresource === '' ? operation === 'CREATE' || operation === 'UPDATE' : subresource === 'status',
  matching: (names) => names.filter(isClaimName),
  usage: (claim) => claimUsage(claim as PersistentVolumeClaim),
  inScope: (selector, claim) => claimInScope(selector, claim as PersistentVolumeClaim),
};

/** So many devices can one claim be given (resource.k8s.io/v1). */
const mostDevices = 32;
const devices = '.deviceclass.resource.k8s.io/devices';

interface DeviceRequest {
  readonly deviceClassName?: string;
  readonly allocationMode?: string;
  readonly count?: number;
}

interface ResourceClaim {
  readonly spec?: {
    readonly devices?: {
      readonly requests?: readonly {
        readonly exactly?: DeviceRequest;
        readonly firstAvailable?: readonly DeviceRequest[];
      }[];
    };
  };
}

const deviceCount = ({ allocationMode, count: asked = 0 }: DeviceRequest): number =>
  allocationMode === 'All' ? mostDevices : allocationMode === 'ExactCount' ? asked : 0;

/** Of alternatives the worst for each class counts. */
function deviceUsage({ spec }: ResourceClaim): Amounts {
  let used: Amounts = { [countName('resource.k8s.io', 'resourceclaims')]: count(1) };
  for (const { exactly, firstAvailable = [] } of spec?.devices?.requests ?? []) {
    const most = new Map<string, number>();
    for (const each of firstAvailable.length > 0 ? firstAvailable : exactly ? [exactly] : []) {
      const name = `${each.deviceClassName ?? ''}${devices}`;
      most.set(name, Math.max(most.get(name) ?? 0, deviceCount(each)));
    }
    used = add(used, Object.fromEntries([...most].map(([name, number]) => [name, count(number)])));
  }
  return used;
}

export const deviceEvaluator: QuotaEvaluator = {
  handles: (operation, subresource) => subresource === '' && (operation === 'CREATE' || operation === 'UPDATE'),
  matching: (names) =>
    names.filter((name) => name === countName('resource.k8s.io', 'resourceclaims') || name.endsWith(devices)),
  usage: (claim) => deviceUsage(claim as ResourceClaim),
  inScope: noScope,
};
