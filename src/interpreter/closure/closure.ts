/**
 * The closure of a template: all that belongs to it and has to come along for it to work elsewhere, transitively, and
 * for each member why it does. Pure over a view, so that propagation and plans of migrations call the same.
 */
import { keyFor } from '#kube/meta/key.ts';
import { type GroupVersionKind, gvkOf } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import type { Dependency } from '../interpreter.ts';
import { groupKind } from './kinds.ts';
import { neighboursOf } from './neighbours.ts';
import { isClustersOwn, type Neighbour } from './objects.ts';
import { ofTemplate } from './template.ts';

/** What is asked of whoever holds the objects: a control plane's caches, or what was read of a member. */
export interface ClosureView {
  /** Undefined when it is not there, or the kind is not served. */
  readonly get: (kind: GroupVersionKind, namespace: string | undefined, name: string) => UnstructuredObject | undefined;
  /** All of a kind in one namespace; with words those that may choose by one of them (`wordsOf`), or more. */
  readonly list: (
    kind: GroupVersionKind,
    namespace: string,
    words?: readonly string[],
  ) => readonly UnstructuredObject[];
  /** RoleBindings of every namespace and ClusterRoleBindings that name this ServiceAccount. */
  readonly grantsTo: (namespace: string, account: string) => readonly UnstructuredObject[];
  /** The CustomResourceDefinition of a kind; undefined for built-in ones. */
  readonly definitionOf: (group: string, kind: string) => UnstructuredObject | undefined;
}

export interface ClosureMember {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** `selects Pods of Deployment default/web`. */
  readonly because: string;
}

export interface Closure {
  /** By kind, namespace and name. */
  readonly members: readonly ClosureMember[];
  /** Why there is more than is in it; undefined when it is complete. */
  readonly cutShort?: string;
}

/** With some 200 bytes for each, a record of them stays under half of what an object's annotations may hold. */
export const mostMembers = 500;
/** The longest chain there is: workload, Service, Ingress, Secret; an interpreter of the user's may make it longer. */
const deepest = 8;

const memberKey = (object: UnstructuredObject): string =>
  `${groupKind(gvkOf(object))}|${keyFor(object.metadata.namespace, object.metadata.name!)}`;

function memberOf({ object, because }: Neighbour): ClosureMember {
  const { namespace, name } = object.metadata;
  const { apiVersion, kind } = object;
  return { apiVersion, kind, ...(namespace ? { namespace } : {}), name: name!, because };
}

const order = ({ kind, namespace = '', name }: ClosureMember) => `${kind} ${namespace} ${name}`;

/** `dependencies` are what the interpreter says the template needs. */
export function closureOf(
  template: UnstructuredObject,
  dependencies: readonly Dependency[],
  view: ClosureView,
): Closure {
  const seen = new Set([memberKey(template)]);
  const members: ClosureMember[] = [];
  let cutShort: string | undefined;
  let frontier: readonly Neighbour[] = [...ofTemplate(template, dependencies, view), ...neighboursOf(template, view)];
  for (let depth = 1; frontier.length > 0 && !cutShort; depth++) {
    const next: Neighbour[] = [];
    for (const neighbour of frontier) {
      const { object } = neighbour;
      const key = memberKey(object);
      if (seen.has(key) || isClustersOwn(object)) continue;
      if (members.length === mostMembers) cutShort = `more than ${mostMembers} objects belong to it`;
      else if (depth > deepest) cutShort = `objects belong to it over more than ${deepest} others`;
      if (cutShort) break;
      seen.add(key);
      members.push(memberOf(neighbour));
      next.push(...neighboursOf(object, view));
    }
    frontier = next;
  }
  const sorted = members.toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
  return { members: sorted, ...(cutShort ? { cutShort } : {}) };
}
