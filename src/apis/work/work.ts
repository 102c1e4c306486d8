/** Work: what one cluster is to hold of one template, and what it answered. One manifest a Work. */
import { defineKind, type KindOf } from '#apis/define.ts';
import { condition } from '#apis/meta/selectors.ts';
import { clusterOfExecutionNamespace } from '#apis/names/objects.ts';
import { keyFor } from '#kube/meta/key.ts';
import { parseApiVersion } from '#kube/meta/kind.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import {
  array,
  boolean,
  enumeration,
  integer,
  object,
  rawObject,
  required,
  type Static,
  string,
} from '#kube/schema/build.ts';
import { described } from '#kube/schema/described.ts';

const manifestStatus = described(
  object({
    health: enumeration(['Healthy', 'Unhealthy', 'Unknown']),
    identifier: required(
      object({
        group: string(),
        kind: required(string()),
        name: required(string()),
        namespace: string(),
        ordinal: required(integer()),
        resource: required(string()),
        version: required(string()),
      }),
    ),
    status: rawObject(),
  }),
  {
    health: 'Whether it works there; Unknown while that cannot be told.',
    identifier: 'Which manifest it is about.',
    'identifier.group': 'Group of the object; absent in the core group.',
    'identifier.kind': 'Kind of the object.',
    'identifier.name': 'Name of the object.',
    'identifier.namespace': 'Namespace of the object; absent for one that is of none.',
    'identifier.ordinal': 'Place in spec.workload.manifests, from 0.',
    'identifier.resource': 'Name of the resource in URLs; left empty.',
    'identifier.version': 'Version of the object within its group.',
    status: 'What was collected of its status there.',
  },
);
export type ManifestStatus = Static<typeof manifestStatus>;

export const WorkKind = defineKind({
  group: 'work.karmada.io',
  version: 'v1alpha1',
  kind: 'Work',
  description:
    'What one cluster is to hold of one template. Its namespace, karmada-es- and the name, says which ' +
    'cluster; people read it.',
  plural: 'works',
  scope: 'Namespaced',
  shortNames: ['wk'],
  categories: ['karmada-io'],
  columns: [
    { name: 'WORKLOAD-KIND', type: 'string', jsonPath: '.spec.workload.manifests[*].kind' },
    { name: 'APPLIED', type: 'string', jsonPath: '.status.conditions[?(@.type=="Applied")].status' },
    { name: 'AGE', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
  subresources: { status: true },
  schema: described(
    object({
      spec: required(
        object({
          preserveResourcesOnDeletion: boolean(),
          suspendDispatching: boolean(),
          workload: object({ manifests: array(rawObject()) }),
        }),
      ),
      status: object({ conditions: array(condition), manifestStatuses: array(manifestStatus) }),
    }),
    {
      spec: 'What the cluster is to hold.',
      'spec.preserveResourcesOnDeletion':
        'True: what was sent to the clusters stays there after deletion, free of our marks. It is deleted ' +
        'when false or absent.',
      'spec.suspendDispatching': 'True: nothing is sent; what the cluster has stays as it is. False when absent.',
      'spec.workload': 'The objects.',
      'spec.workload.manifests': 'Whole manifests, as they are to be in the cluster; one in practice.',
      status: 'What the cluster answered.',
      'status.conditions': 'Applied: the cluster has it; Dispatching: it is sent, and not held back.',
      'status.manifestStatuses': 'What was seen of each object there.',
    },
  ),
});

export interface Work extends KindOf<typeof WorkKind> {}

export const manifestsOf = ({ spec }: Work): readonly UnstructuredObject[] =>
  (spec.workload?.manifests ?? []) as unknown as readonly UnstructuredObject[];

/** Index of Works by the objects they hold in their members: how a changed object finds its Work. */
export const byMemberObject = 'member-object';

/** `member1|apps/Deployment|default/web`: whatever the version the object is read in. */
export function memberObjectKey(cluster: string, { apiVersion, kind, metadata }: KubeObject): string {
  return `${cluster}|${parseApiVersion(apiVersion).group}/${kind}|${keyFor(metadata.namespace, metadata.name!)}`;
}

export function memberObjectIndex(work: Work): readonly string[] {
  const cluster = clusterOfExecutionNamespace(work.metadata.namespace!);
  return cluster === undefined ? [] : manifestsOf(work).map((manifest) => memberObjectKey(cluster, manifest));
}
