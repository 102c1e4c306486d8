/** Rights: the bindings that name an account, and the roles they give. */
import type { UnstructuredObject } from '#kube/meta/object.ts';
import type { ClosureView } from './closure.ts';
import { closureKinds as kinds } from './kinds.ts';
import { chosen, described, fieldsOf, found, listOf, type Neighbour, textOf } from './objects.ts';

/** `namespace/name` of each ServiceAccount a RoleBinding or ClusterRoleBinding names; groups of accounts name none. */
export const accountsOf = ({ subjects, metadata }: UnstructuredObject): readonly string[] =>
  listOf(subjects)
    .filter((subject) => subject.kind === 'ServiceAccount')
    .map((subject) => `${textOf(subject.namespace) || metadata.namespace}/${textOf(subject.name)}`);

export const grantedTo = (namespace: string, account: string, view: ClosureView): readonly Neighbour[] =>
  chosen(view.grantsTo(namespace, account), () => `names ServiceAccount ${namespace}/${account}`);

/** `ClusterRole view`, or `Role default/reader`: what a binding gives. */
export function roleOf({ roleRef, metadata }: UnstructuredObject): {
  readonly kind: 'Role' | 'ClusterRole';
  readonly namespace: string | undefined;
  readonly name: string;
} {
  const { kind, name } = fieldsOf(roleRef);
  const clusterWide = kind === 'ClusterRole';
  return {
    kind: clusterWide ? 'ClusterRole' : 'Role',
    namespace: clusterWide ? undefined : metadata.namespace,
    name: textOf(name),
  };
}

export function givenBy(binding: UnstructuredObject, view: ClosureView): readonly Neighbour[] {
  const { kind, namespace, name } = roleOf(binding);
  const role = view.get(kind === 'Role' ? kinds.role : kinds.clusterRole, namespace, name);
  return found(role, `is given by ${described(binding)}`);
}
