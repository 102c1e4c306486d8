/** A view over objects at hand: what was read of a cluster, as a plan of a migration has it. */
import { keyFor } from '#kube/meta/key.ts';
import { gvkOf } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import type { ClosureView } from './closure.ts';
import { closureKinds, groupKind } from './kinds.ts';
import { fieldsOf, textOf } from './objects.ts';
import { accountsOf } from './rbac.ts';
import { wordsOf } from './words.ts';

/** `apps/Deployment|default/web`. */
const keyIn = (kind: Parameters<typeof groupKind>[0], namespace: string | undefined, name: string) =>
  `${groupKind(kind)}|${keyFor(namespace, name)}`;

const grants = new Set([closureKinds.roleBinding, closureKinds.clusterRoleBinding].map(groupKind));
const definition = groupKind(closureKinds.definition);

/** Looking at so many is quicker than finding out which to look at. */
const fewest = 16;

interface WordIndex {
  readonly byWord: ReadonlyMap<unknown, readonly UnstructuredObject[]>;
  /** That may concern anything. */
  readonly others: readonly UnstructuredObject[];
}

function wordIndex(objects: readonly UnstructuredObject[]): WordIndex {
  const byWord = new Map<unknown, UnstructuredObject[]>();
  const others: UnstructuredObject[] = [];
  for (const object of objects) {
    const words = wordsOf(object);
    if (!words) others.push(object);
    for (const word of new Set(words)) {
      const known = byWord.get(word);
      if (known) known.push(object);
      else byWord.set(word, [object]);
    }
  }
  return { byWord, others };
}

/** Which kinds to read for it says `closureKinds`; those an interpreter's dependencies name may be among them. */
export function closureViewOf(objects: readonly UnstructuredObject[]): ClosureView {
  const byKey = new Map<string, UnstructuredObject>();
  const byNamespace = Map.groupBy(objects, (each) => keyIn(gvkOf(each), each.metadata.namespace, ''));
  const byAccount = new Map<string, UnstructuredObject[]>();
  const byDefined = new Map<string, UnstructuredObject>();
  for (const object of objects) {
    const { namespace, name } = object.metadata;
    byKey.set(keyIn(gvkOf(object), namespace, name!), object);
    const kind = groupKind(gvkOf(object));
    for (const account of grants.has(kind) ? new Set(accountsOf(object)) : []) {
      byAccount.set(account, [...(byAccount.get(account) ?? []), object]);
    }
    if (kind !== definition) continue;
    const { group, names } = fieldsOf(object.spec);
    byDefined.set(groupKind({ group: textOf(group), kind: textOf(fieldsOf(names).kind) }), object);
  }
  const byWord = new Map<string, WordIndex>();
  const choosing = (place: string, all: readonly UnstructuredObject[], words: readonly string[]) => {
    const index = byWord.get(place) ?? wordIndex(all);
    byWord.set(place, index);
    return [...new Set([...index.others, ...words.flatMap((word) => index.byWord.get(word) ?? [])])];
  };
  return {
    get: (kind, namespace, name) => byKey.get(keyIn(kind, namespace, name)),
    list: (kind, namespace, words) => {
      const place = keyIn(kind, namespace, '');
      const all = byNamespace.get(place) ?? [];
      return words && all.length > fewest ? choosing(place, all, words) : all;
    },
    grantsTo: (namespace, account) => byAccount.get(`${namespace}/${account}`) ?? [],
    definitionOf: (group, kind) => byDefined.get(groupKind({ group, kind })),
  };
}
