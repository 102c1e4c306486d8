/**
 * Cluster: a member. The reference serves it from an aggregated API server, so its schema is written as Go's
 * OpenAPI generator writes one (components, defaults of zero values), not as a CRD's.
 */
import { defineKind, type KindOf } from '#apis/define.ts';
import { condition } from '#apis/meta/selectors.ts';
import {
  array,
  boolean,
  dateTime,
  int32,
  map,
  object,
  quantity,
  required,
  type Static,
  string,
} from '#kube/schema/build.ts';

const secretReference = object({ name: required(string()), namespace: required(string()) });

const resourceModel = object({
  grade: required(int32()),
  ranges: required(array(object({ max: required(quantity()), min: required(quantity()), name: required(string()) }))),
});
export type ResourceModel = Static<typeof resourceModel>;

const taint = object({
  effect: required(string()),
  key: required(string()),
  timeAdded: dateTime(),
  value: string(),
});
export type Taint = Static<typeof taint>;

const resourceSummary = object({
  allocatable: map(quantity()),
  allocatableModelings: array(object({ count: required(int32()), grade: required(int32()) })),
  allocated: map(quantity()),
  allocating: map(quantity()),
});
export type ResourceSummary = Static<typeof resourceSummary>;

const apiEnablement = object({
  groupVersion: required(string()),
  resources: array(object({ kind: required(string()), name: required(string()) })),
});
export type ApiEnablement = Static<typeof apiEnablement>;

const spec = object({
  apiEndpoint: string(),
  id: string(),
  impersonatorSecretRef: secretReference,
  insecureSkipTLSVerification: boolean(),
  provider: string(),
  proxyHeader: map(string()),
  proxyURL: string(),
  region: string(),
  resourceModels: array(resourceModel),
  secretRef: secretReference,
  syncMode: required(string()),
  taints: array(taint),
  zone: string(),
  zones: array(string()),
});

const status = object({
  apiEnablements: array(apiEnablement),
  conditions: array(condition),
  kubernetesVersion: string(),
  nodeSummary: object({ readyNum: int32(), totalNum: int32() }),
  remedyActions: array(string()),
  resourceSummary,
});

/** Wide columns of what a cluster need not say, as Karmada's server prints them. */
const absent = '<none>';

export const ClusterKind = defineKind({
  group: 'cluster.karmada.io',
  version: 'v1alpha1',
  kind: 'Cluster',
  plural: 'clusters',
  scope: 'Cluster',
  categories: ['karmada-io'],
  columns: [
    { name: 'Name', type: 'string', format: 'name', jsonPath: '.metadata.name' },
    { name: 'Version', type: 'string', jsonPath: '.status.kubernetesVersion' },
    { name: 'Mode', type: 'string', jsonPath: '.spec.syncMode' },
    { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    { name: 'Zones', type: 'string', priority: 1, jsonPath: '.spec.zones[*]', absent },
    { name: 'Region', type: 'string', priority: 1, jsonPath: '.spec.region', absent },
    { name: 'Provider', type: 'string', priority: 1, jsonPath: '.spec.provider', absent },
    { name: 'API-Endpoint', type: 'string', priority: 1, jsonPath: '.spec.apiEndpoint', absent },
    { name: 'Proxy-URL', type: 'string', priority: 1, jsonPath: '.spec.proxyURL', absent },
  ],
  subresources: { status: true },
  schema: object({ spec: required(spec), status }),
});

export interface Cluster extends KindOf<typeof ClusterKind> {}
