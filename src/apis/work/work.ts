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

const manifestStatus = object({
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
});
export type ManifestStatus = Static<typeof manifestStatus>;

export const WorkKind = defineKind({
  group: 'work.karmada.io',
  version: 'v1alpha1',
  kind: 'Work',
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
  schema: object({
    spec: required(
      object({
        preserveResourcesOnDeletion: boolean(),
        suspendDispatching: boolean(),
        workload: object({ manifests: array(rawObject()) }),
      }),
    ),
    status: object({ conditions: array(condition), manifestStatuses: array(manifestStatus) }),
  }),
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
