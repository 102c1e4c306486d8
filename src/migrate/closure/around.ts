/**
 * What lies around the selected objects in the running cluster: what was asked for may leave out what they need. Lists
 * for what belongs to them, single reads for what they name; with the closure asked for, what is found is selected too.
 */
import { builtinKind } from '#apis/kubernetes/kinds.ts';
import { closureKinds } from '#interpreter/closure/kinds.ts';
import { closureViewOf } from '#interpreter/closure/view.ts';
import type { Dependency, Interpreter } from '#interpreter/interpreter.ts';
import { type GroupVersionKind, gvkOf } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { eachLimited } from '#runtime/each.ts';
import type { PlanScope } from '../model.ts';
import { type Inventory, isUnreadable, list, type Source } from '../reading/inventory.ts';
import { whySkipped } from '../reading/selection.ts';
import { keyOfNamed, keyOfObject, type Named } from './named.ts';
import { readNamed } from './read.ts';
import { type Relations, relationsOf, type Surroundings } from './related.ts';

export interface AroundInput {
  readonly source: Source;
  readonly interpreter: Pick<Interpreter, 'getDependencies'>;
  readonly scope: PlanScope;
  /** As the inventory has them, those that are no templates among them. */
  readonly objects: readonly UnstructuredObject[];
  /** Whether what belongs to them is selected too. */
  readonly withClosure: boolean;
}

export interface Around {
  readonly relations: ReadonlyMap<UnstructuredObject, Relations>;
  /** Selected for others, and why. */
  readonly brought: ReadonlyMap<UnstructuredObject, string>;
  readonly unread: Inventory['unread'];
}

const listsAtATime = 8;
/** More namespaces than these are read in one list. */
const mostNamespaces = 8;
/** Of what comes along something else comes along: a workload of an autoscaler, its claims, their class. */
const mostRounds = 8;

/** Rights reach across namespaces; of all else only the objects' own namespaces count. */
const everywhere: ReadonlySet<GroupVersionKind> = new Set([closureKinds.roleBinding, closureKinds.role]);

const isWhole = ({ namespaces, labelSelector, kinds }: PlanScope): boolean => !namespaces && !labelSelector && !kinds;

const isCustom = (object: UnstructuredObject): boolean => {
  const { group, version, kind } = gvkOf(object);
  return builtinKind(group, version, kind) === undefined;
};

async function lists(
  { source }: AroundInput,
  roots: readonly UnstructuredObject[],
  unread: Inventory['unread'][number][],
): Promise<readonly UnstructuredObject[]> {
  const namespaces = [...new Set(roots.flatMap(({ metadata }) => metadata.namespace ?? []))];
  const custom = roots.some(isCustom);
  const kinds = Object.values(closureKinds).filter((each) => custom || each !== closureKinds.definition);
  const tasks = kinds.flatMap((gvk) => {
    const wide = everywhere.has(gvk) || namespaces.length > mostNamespaces;
    return (wide ? [undefined] : namespaces).map((namespace) => ({ gvk, namespace }));
  });
  const found = await eachLimited(tasks, listsAtATime, async ({ gvk, namespace }) => {
    const resource = await source.mapper.find(gvk);
    if (!resource) return [];
    try {
      return await list(source, resource, resource.namespaced ? namespace : undefined, undefined);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      unread.push({ resource: `${resource.resource}.${resource.group}`, why: (error as Error).message });
      return [];
    }
  });
  return found.flat();
}

/** Which of the related are selected with it: what is there and somebody's own. */
const comesAlong = (live: UnstructuredObject | undefined): live is UnstructuredObject =>
  live !== undefined && whySkipped(live) === undefined;

export async function readAround(input: AroundInput): Promise<Around> {
  const { source, interpreter, objects, withClosure, scope } = input;
  const unread: Inventory['unread'][number][] = [];
  const roots = objects.filter((object) => whySkipped(object) === undefined);
  const known = new Map(objects.map((object) => [keyOfObject(object), object]));
  const add = (some: readonly UnstructuredObject[]) => {
    for (const object of some) if (!known.has(keyOfObject(object))) known.set(keyOfObject(object), object);
  };
  if (!isWhole(scope)) add(await lists(input, roots, unread));
  const dependencies = new Map<UnstructuredObject, readonly Dependency[]>();
  const looked = new Set<string>();
  const selected = new Set(roots.map(keyOfObject));
  const brought = new Map<UnstructuredObject, string>();
  let relations = new Map<UnstructuredObject, Relations>();
  for (let round = 0; round < mostRounds; round++) {
    for (const root of roots)
      if (!dependencies.has(root)) dependencies.set(root, await interpreter.getDependencies(root));
    const surroundings = surroundingsOf(known);
    relations = new Map(roots.map((root) => [root, relationsOf(root, dependencies.get(root)!, surroundings)]));
    const all = [...relations.values()].flatMap(({ related }) => related);
    const named = new Map(all.filter(({ live }) => !live).map((each) => [keyOfNamed(each), each]));
    const sought = [...named].filter(([key]) => !looked.has(key));
    for (const [key] of sought) looked.add(key);
    const found = await readNamed(
      source,
      sought.map(([, each]) => each),
      unread,
    );
    add([...found.values()]);
    if (found.size > 0) continue;
    let grown = false;
    for (const { live, because } of withClosure ? all : []) {
      if (!comesAlong(live) || selected.has(keyOfObject(live))) continue;
      selected.add(keyOfObject(live));
      brought.set(live, because);
      roots.push(live);
      grown = true;
    }
    if (!grown) break;
  }
  return { relations, brought, unread };
}

function surroundingsOf(known: ReadonlyMap<string, UnstructuredObject>): Surroundings {
  return { view: closureViewOf([...known.values()]), find: (named: Named) => known.get(keyOfNamed(named)) };
}
