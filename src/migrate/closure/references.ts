/**
 * What objects name besides what interpreters tell of: the classes of clusters, the Services of an Ingress, what an
 * autoscaler scales, whom rights are given to. A dead name is seen by it, which a closure of what is there cannot. Pure.
 */

import { closureKinds, groupKind, typeOf } from '#interpreter/closure/kinds.ts';
import { type Fields, fieldsOf, listOf, textOf } from '#interpreter/closure/objects.ts';
import { roleOf } from '#interpreter/closure/rbac.ts';
import { type GroupVersionKind, gvkOf } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { titled } from '../model.ts';
import type { Named } from './named.ts';

export interface Reference extends Named {
  /** `is the storage of PersistentVolumeClaim shop/files`. */
  readonly because: string;
}

/** Kinds that stand for what a cluster can do: each cluster has its own, and none is a part of an application. */
const classKinds = {
  storage: { group: 'storage.k8s.io', version: 'v1', kind: 'StorageClass' },
  ingress: { group: 'networking.k8s.io', version: 'v1', kind: 'IngressClass' },
  priority: { group: 'scheduling.k8s.io', version: 'v1', kind: 'PriorityClass' },
  runtime: { group: 'node.k8s.io', version: 'v1', kind: 'RuntimeClass' },
} as const;
const classes = new Set(Object.values(classKinds).map(groupKind));
export const isClass = (named: Pick<Named, 'apiVersion' | 'kind'>): boolean => classes.has(groupKind(gvkOf(named)));

type Rule = (object: UnstructuredObject) => readonly (Reference | undefined)[];

function to(kind: GroupVersionKind, namespace: string | undefined, name: unknown, because: string) {
  const text = textOf(name);
  return text === '' ? undefined : { ...typeOf(kind), ...(namespace ? { namespace } : {}), name: text, because };
}

/** Of the Pods an object makes, wherever it describes them. */
function ofPods(object: UnstructuredObject): readonly (Reference | undefined)[] {
  const spec = fieldsOf(object.spec);
  const job = fieldsOf(fieldsOf(spec.jobTemplate).spec);
  const own =
    object.kind === 'Pod' ? spec : fieldsOf(fieldsOf(object.kind === 'CronJob' ? job.template : spec.template).spec);
  if (!Array.isArray(own.containers)) return [];
  const because = (what: string) => `is the ${what} of Pods of ${titled(object)}`;
  return [
    to(classKinds.priority, undefined, own.priorityClassName, because('priority')),
    to(classKinds.runtime, undefined, own.runtimeClassName, because('runtime')),
  ];
}

const storageOf = (object: UnstructuredObject, spec: Fields) =>
  to(classKinds.storage, undefined, spec.storageClassName, `is the storage of ${titled(object)}`);

const ofStatefulSet: Rule = (set) => {
  const { serviceName, volumeClaimTemplates } = fieldsOf(set.spec);
  const because = `gives Pods of ${titled(set)} their names`;
  return [
    to(closureKinds.service, set.metadata.namespace, serviceName, because),
    ...listOf(volumeClaimTemplates).map((claim) => storageOf(set, fieldsOf(claim.spec))),
  ];
};

const ofIngress: Rule = (ingress) => {
  const { ingressClassName, defaultBackend, rules } = fieldsOf(ingress.spec);
  const backends = [
    fieldsOf(defaultBackend),
    ...listOf(rules).flatMap(({ http }) => listOf(fieldsOf(http).paths).map(({ backend }) => fieldsOf(backend))),
  ];
  const because = `serves requests to ${titled(ingress)}`;
  return [
    to(classKinds.ingress, undefined, ingressClassName, `is the class of ${titled(ingress)}`),
    ...backends.map(({ service }) =>
      to(closureKinds.service, ingress.metadata.namespace, fieldsOf(service).name, because),
    ),
  ];
};

const ofAutoscaler: Rule = (scaler) => {
  const { apiVersion, kind, name } = fieldsOf(fieldsOf(scaler.spec).scaleTargetRef);
  if (textOf(apiVersion) === '' || textOf(kind) === '') return [];
  const gvk = gvkOf({ apiVersion: textOf(apiVersion), kind: textOf(kind) });
  return [to(gvk, scaler.metadata.namespace, name, `is scaled by ${titled(scaler)}`)];
};

const ofRights: Rule = (binding) => {
  const role = roleOf(binding);
  const kind = role.kind === 'Role' ? closureKinds.role : closureKinds.clusterRole;
  const accounts = listOf(binding.subjects).filter((subject) => subject.kind === 'ServiceAccount');
  return [
    to(kind, role.namespace, role.name, `is given by ${titled(binding)}`),
    ...accounts.map(({ namespace, name }) =>
      to(closureKinds.account, textOf(namespace) || binding.metadata.namespace, name, `is named by ${titled(binding)}`),
    ),
  ];
};

const ofClaim: Rule = (claim) => [storageOf(claim, fieldsOf(claim.spec))];

const rules: Readonly<Record<string, Rule>> = {
  'apps/StatefulSet': ofStatefulSet,
  [groupKind(closureKinds.ingress)]: ofIngress,
  [groupKind(closureKinds.autoscaler)]: ofAutoscaler,
  [groupKind(closureKinds.roleBinding)]: ofRights,
  [groupKind(closureKinds.clusterRoleBinding)]: ofRights,
  [groupKind(closureKinds.claim)]: ofClaim,
};

export function referencesOf(object: UnstructuredObject): readonly Reference[] {
  const own = rules[groupKind(gvkOf(object))]?.(object) ?? [];
  return [...ofPods(object), ...own].filter((each) => each !== undefined);
}
