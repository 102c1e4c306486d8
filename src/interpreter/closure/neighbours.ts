/** What a member of a closure brings along, by its kind: one table. */
import { gvkOf } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import type { ClosureView } from './closure.ts';
import { groupKind, closureKinds as kinds } from './kinds.ts';
import { chosen, described, fieldsOf, found, listOf, type Neighbour } from './objects.ts';
import { givenBy, grantedTo } from './rbac.ts';
import { backendsOfIngress, backendsOfRoute } from './words.ts';

type Rule = (object: UnstructuredObject, view: ClosureView) => readonly Neighbour[];

const ofService: Rule = (service, view) => {
  const { namespace, name } = service.metadata;
  const because = `sends requests to ${described(service)}`;
  return [
    ...chosen(view.list(kinds.ingress, namespace!, [name!]), ({ spec }) =>
      backendsOfIngress(spec).includes(name) ? because : undefined,
    ),
    ...chosen(view.list(kinds.httpRoute, namespace!, [name!]), (route) =>
      backendsOfRoute(route).includes(name) ? because : undefined,
    ),
  ];
};

const secretsNamed = (owner: UnstructuredObject, names: readonly unknown[], because: string, view: ClosureView) =>
  names
    .filter((name): name is string => typeof name === 'string' && name !== '')
    .flatMap((name) => found(view.get(kinds.secret, owner.metadata.namespace, name), because));

const ofIngress: Rule = (ingress, view) =>
  secretsNamed(
    ingress,
    listOf(fieldsOf(ingress.spec).tls).map(({ secretName }) => secretName),
    `holds a certificate of ${described(ingress)}`,
    view,
  );

const ofAccount: Rule = (account, view) => [
  ...secretsNamed(
    account,
    listOf(account.imagePullSecrets).map(({ name }) => name),
    `pulls images for ${described(account)}`,
    view,
  ),
  ...grantedTo(account.metadata.namespace!, account.metadata.name!, view),
];

const rules: Readonly<Record<string, Rule>> = {
  [groupKind(kinds.service)]: ofService,
  [groupKind(kinds.ingress)]: ofIngress,
  [groupKind(kinds.account)]: ofAccount,
  [groupKind(kinds.roleBinding)]: givenBy,
  [groupKind(kinds.clusterRoleBinding)]: givenBy,
};

export const neighboursOf: Rule = (object, view) => rules[groupKind(gvkOf(object))]?.(object, view) ?? [];
