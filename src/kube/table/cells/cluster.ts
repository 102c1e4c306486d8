/** What a cluster runs on: leases, API services, priorities, devices, certificates. */

import { parseApiVersion } from '../../meta/kind.ts';
import { controllerOf } from '../../meta/owner.ts';
import { humanDuration } from '../duration.ts';
import { ageOf, cellsOf, firstOf, nameOf, none, type View } from './cell.ts';

export const leaseCells = cellsOf<View<{ readonly holderIdentity?: string }>>((object, now) => [
  nameOf(object),
  object.spec?.holderIdentity ?? '',
  ageOf(object, now),
]);

interface ApiServiceStatus {
  readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string }[];
}

interface ApiServiceSpec {
  readonly service?: { readonly namespace?: string; readonly name?: string };
}

export const apiServiceCells = cellsOf<View<ApiServiceSpec, ApiServiceStatus>>((object, now) => {
  const service = object.spec?.service;
  const available = object.status?.conditions?.find(({ type }) => type === 'Available');
  const status = available?.status ?? 'Unknown';
  return [
    nameOf(object),
    service ? `${service.namespace ?? ''}/${service.name ?? ''}` : 'Local',
    available?.reason && status !== 'True' ? `${status} (${available.reason})` : status,
    ageOf(object, now),
  ];
});

interface PriorityClass extends View<unknown> {
  readonly value?: number;
  readonly globalDefault?: boolean;
  readonly preemptionPolicy?: string;
}

export const priorityClassCells = cellsOf<PriorityClass>((object, now) => [
  nameOf(object),
  object.value ?? 0,
  object.globalDefault ?? false,
  ageOf(object, now),
  object.preemptionPolicy ?? '',
]);

export const runtimeClassCells = cellsOf<View<unknown> & { readonly handler?: string }>((object, now) => [
  nameOf(object),
  object.handler ?? '',
  ageOf(object, now),
]);

interface FlowSchemaSpec {
  readonly priorityLevelConfiguration?: { readonly name: string };
  readonly matchingPrecedence?: number;
  readonly distinguisherMethod?: { readonly type: string };
}

interface FlowSchemaStatus {
  readonly conditions?: readonly { readonly type: string; readonly status?: string }[];
}

export const flowSchemaCells = cellsOf<View<FlowSchemaSpec, FlowSchemaStatus>>((object, now) => {
  const { spec = {}, status = {} } = object;
  return [
    nameOf(object),
    spec.priorityLevelConfiguration?.name ?? '',
    spec.matchingPrecedence ?? 0,
    spec.distinguisherMethod?.type ?? none,
    ageOf(object, now),
    status.conditions?.find(({ type }) => type === 'Dangling')?.status ?? '?',
  ];
});

interface PriorityLevelSpec {
  readonly type?: string;
  readonly limited?: {
    readonly nominalConcurrencyShares?: number;
    readonly limitResponse?: {
      readonly queuing?: { readonly queues?: number; readonly handSize?: number; readonly queueLengthLimit?: number };
    };
  };
}

export const priorityLevelCells = cellsOf<View<PriorityLevelSpec>>((object, now) => {
  const { type = '', limited } = object.spec ?? {};
  const queuing = limited?.limitResponse?.queuing;
  return [
    nameOf(object),
    type,
    limited ? (limited.nominalConcurrencyShares ?? 0) : none,
    queuing ? (queuing.queues ?? 0) : none,
    queuing ? (queuing.handSize ?? 0) : none,
    queuing ? (queuing.queueLengthLimit ?? 0) : none,
    ageOf(object, now),
  ];
});

export const controllerRevisionCells = cellsOf<View<unknown> & { readonly revision?: number }>((object, now) => {
  const controller = controllerOf(object);
  const group = controller ? parseApiVersion(controller.apiVersion).group : '';
  const kind = controller ? [controller.kind, ...(group ? [group] : [])].join('.').toLowerCase() : '';
  return [nameOf(object), controller ? `${kind}/${controller.name}` : none, object.revision ?? 0, ageOf(object, now)];
});

interface ClaimStatus {
  readonly allocation?: object;
  readonly reservedFor?: readonly unknown[];
}

function claimState(deleted: boolean, { allocation, reservedFor = [] }: ClaimStatus): string {
  const states = deleted ? ['deleted'] : [];
  if (allocation) states.push('allocated', ...(reservedFor.length > 0 ? ['reserved'] : []));
  else if (!deleted) states.push('pending');
  return states.join(',');
}

export const resourceClaimCells = cellsOf<View<unknown, ClaimStatus>>((object, now) => [
  nameOf(object),
  claimState(object.metadata.deletionTimestamp !== undefined, object.status ?? {}),
  ageOf(object, now),
]);

interface ResourceSliceSpec {
  readonly nodeName?: string;
  readonly driver?: string;
  readonly pool?: { readonly name?: string };
}

export const resourceSliceCells = cellsOf<View<ResourceSliceSpec>>((object, now) => [
  nameOf(object),
  object.spec?.nodeName ?? '',
  object.spec?.driver ?? '',
  object.spec?.pool?.name ?? '',
  ageOf(object, now),
]);

interface SigningSpec {
  readonly signerName?: string;
  readonly username?: string;
  readonly expirationSeconds?: number;
}

interface SigningStatus {
  readonly certificate?: string;
  readonly conditions?: readonly { readonly type: string }[];
}

function signingState({ certificate, conditions = [] }: SigningStatus): string {
  const has = (type: string) => conditions.some((condition) => condition.type === type);
  const decision = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending';
  return [decision, ...(has('Failed') ? ['Failed'] : []), ...(certificate ? ['Issued'] : [])].join(',');
}

export const signingRequestCells = cellsOf<View<SigningSpec, SigningStatus>>((object, now) => {
  const { spec = {}, status = {} } = object;
  return [
    nameOf(object),
    ageOf(object, now),
    firstOf(spec.signerName, none),
    spec.username ?? '',
    spec.expirationSeconds === undefined ? none : humanDuration(spec.expirationSeconds * 1000),
    signingState(status),
  ];
});
