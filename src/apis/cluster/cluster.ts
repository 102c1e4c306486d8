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
import { described } from '#kube/schema/described.ts';

const secretReference = described(object({ name: required(string()), namespace: required(string()) }), {
  name: 'Name of the Secret.',
  namespace: 'Namespace of the Secret.',
});

const resourceModel = described(
  object({
    grade: required(int32()),
    ranges: required(array(object({ max: required(quantity()), min: required(quantity()), name: required(string()) }))),
  }),
  {
    grade: 'Number of the grade, unique; grades are put in order by it.',
    ranges: 'How much a node of this grade has free; every grade names the same resources.',
    'ranges.max': 'Up to, not including it; the largest number there is in the last grade.',
    'ranges.min': 'From, including it: max of the grade before, 0 in the first.',
    'ranges.name': 'The resource: cpu, memory.',
  },
);
export type ResourceModel = Static<typeof resourceModel>;

const taint = described(
  object({
    effect: required(string()),
    key: required(string()),
    timeAdded: dateTime(),
    value: string(),
  }),
  {
    effect:
      'NoSchedule keeps new workloads out; NoExecute drives out those that are there too, where eviction ' +
      'is turned on.',
    key: 'Key of the taint.',
    timeAdded: 'When it came; filled in for NoExecute. Tolerations count their seconds from then.',
    value: 'Value of the taint; empty when absent.',
  },
);
export type Taint = Static<typeof taint>;

const resourceSummary = described(
  object({
    allocatable: map(quantity()),
    allocatableModelings: array(object({ count: required(int32()), grade: required(int32()) })),
    allocated: map(quantity()),
    allocating: map(quantity()),
  }),
  {
    allocatable: 'What all nodes together offer to Pods, by resource.',
    allocatableModelings: 'How many nodes there are of each grade.',
    'allocatableModelings.count': 'How many nodes.',
    'allocatableModelings.grade': 'The grade, as spec.resourceModels has it.',
    allocated: 'What Pods on nodes request, by resource; Pods that have ended do not count.',
    allocating: 'What Pods without a node request, by resource.',
  },
);
export type ResourceSummary = Static<typeof resourceSummary>;

const apiEnablement = described(
  object({
    groupVersion: required(string()),
    resources: array(object({ kind: required(string()), name: required(string()) })),
  }),
  {
    groupVersion: 'Group and version: apps/v1.',
    resources: 'The resources in it, without subresources.',
    'resources.kind': 'Kind: Deployment.',
    'resources.name': 'Name in URLs: deployments.',
  },
);
export type ApiEnablement = Static<typeof apiEnablement>;

const spec = described(
  object({
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
  }),
  {
    apiEndpoint: 'URL of the API server.',
    id: 'The uid of the namespace kube-system there: no cluster can be joined twice.',
    impersonatorSecretRef: 'The Secret whose token the cluster proxy uses when it acts for a user.',
    insecureSkipTLSVerification: 'True: the certificate of the API server is not checked. False when absent.',
    provider: 'Who provides the cluster, for placements to choose by.',
    proxyHeader: 'Headers sent to the proxy, by name.',
    proxyURL: 'Proxy on the way to the API server: http, https or socks5. None when absent.',
    region: 'Where the cluster is, for placements to choose by.',
    resourceModels:
      'Grades of nodes by what they have free, for estimates of room. Nine grades by cpu and memory are ' +
      'filled in on creation when absent.',
    secretRef: 'The Secret with token and caBundle for the API server.',
    syncMode:
      'Push: the control plane writes to the cluster; Pull: an agent in the cluster fetches what it is to have.',
    taints: 'Keep out, or drive out, what does not tolerate them.',
    zone: 'Deprecated; moved to zones.',
    zones: 'The zones the cluster is in, for placements to choose by.',
  },
);

const status = described(
  object({
    apiEnablements: array(apiEnablement),
    conditions: array(condition),
    kubernetesVersion: string(),
    nodeSummary: object({ readyNum: int32(), totalNum: int32() }),
    remedyActions: array(string()),
    resourceSummary,
  }),
  {
    apiEnablements: 'The APIs the cluster serves; nothing is sent there that it does not.',
    conditions: 'Ready, CompleteAPIEnablements, and what others find.',
    kubernetesVersion: 'Version of the API server: v1.35.0.',
    nodeSummary: 'Its nodes, counted.',
    'nodeSummary.readyNum': 'How many are ready.',
    'nodeSummary.totalNum': 'How many there are.',
    remedyActions: 'What remedies ask to be done about the cluster, such as TrafficControl.',
    resourceSummary: 'What its nodes have, and what of it is taken.',
  },
);

/** Wide columns of what a cluster need not say, as Karmada's server prints them. */
const absent = '<none>';

export const ClusterKind = defineKind({
  group: 'cluster.karmada.io',
  version: 'v1alpha1',
  kind: 'Cluster',
  description: 'A member: a cluster that workloads are sent to.',
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
  schema: described(object({ spec: required(spec), status }), {
    spec: 'How the cluster is reached, and what it is like.',
    status: 'What was last seen of the cluster.',
  }),
});

export interface Cluster extends KindOf<typeof ClusterKind> {}
