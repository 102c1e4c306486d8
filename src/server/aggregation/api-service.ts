/** APIService objects as this room reads and writes them: which group version they stand for, who serves it, and how it is. */
import type { KubeObject } from '#kube/meta/object.ts';
import { storageName } from '../registry/kinds/served.ts';

export const apiRegistrationGroup = 'apiregistration.k8s.io';

/** As the store calls them. */
export const apiServicesResource = storageName(apiRegistrationGroup, 'apiservices');

export interface ServiceReference {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime?: string;
}

export interface ApiService extends KubeObject {
  readonly spec: {
    readonly group?: string;
    readonly version?: string;
    readonly service?: Omit<ServiceReference, 'port'> & { readonly port?: number };
    readonly insecureSkipTLSVerify?: boolean;
    /** Base64 of PEM. */
    readonly caBundle?: string;
    readonly groupPriorityMinimum: number;
    readonly versionPriority: number;
  };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** Whether the server keeps the object itself: `onstart` for what it is built with, `true` for custom resources. */
export const automanagedLabel = 'kube-aggregator.kubernetes.io/automanaged';

export const nameOf = (group: string, version: string): string => `${version}.${group}`;

/** Where it is served by another API server. */
export function referenceOf({ spec }: ApiService): ServiceReference | undefined {
  const { service } = spec;
  return service && { ...service, port: service.port ?? defaultPort };
}

const defaultPort = 443;

const available = 'Available';

export const availability = ({ status }: ApiService): Condition | undefined =>
  status?.conditions?.find(({ type }) => type === available);

export const isAvailable = (service: ApiService): boolean => availability(service)?.status === 'True';

/** The object with the condition; the same reference when it says so already. Its time changes with its status alone. */
export function withAvailability(
  service: ApiService,
  { status, reason, message }: Omit<Condition, 'type'>,
  now: string,
): ApiService {
  const old = availability(service);
  if (old?.status === status && old.reason === reason && old.message === message) return service;
  const lastTransitionTime = old?.status === status ? old.lastTransitionTime : now;
  const others = (service.status?.conditions ?? []).filter(({ type }) => type !== available);
  const condition: Condition = { type: available, status, lastTransitionTime, reason, message } as Condition;
  return { ...service, status: { ...service.status, conditions: [...others, condition] } };
}

export const local = {
  status: 'True',
  reason: 'Local',
  message: 'Local APIServices are always available',
} as const;
