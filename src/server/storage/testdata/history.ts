/** A made-up history of a store, the same for the same seed: what a killed writer wrote can be worked out by others. */
import type { KubeObject } from '#kube/meta/object.ts';
import type { Random } from '#world/random/random.ts';
import { type Journal, journalKeyOf } from '../journal.ts';
import type { Store, StoreKey } from '../store.ts';

export type Operation =
  | { readonly kind: 'put' | 'delete'; readonly key: StoreKey; readonly value: number }
  | { readonly kind: 'drop'; readonly space: string };

const spaces = ['karmada', 'member1', 'member2'];
const resources = ['apps/deployments', 'configmaps', 'events'];
const namespaces = ['default', 'shop'];
const namesEach = 12;
const deletions = 0.2;
const drops = 0.004;
const largestText = 6_000;

export const textOf = ({ space, resource, namespace, name }: StoreKey) => [space, resource, namespace, name].join(' ');

/** What the store should hold: a number for each object, which its content follows from. */
export type Model = Map<string, number>;

const pick = <T>(random: Random, choices: readonly T[]): T => choices[Math.floor(random.next() * choices.length)]!;

/** The next thing to do; every operation takes exactly one revision. */
export function nextOperation(random: Random, model: Model): Operation {
  const space = pick(random, spaces);
  const key = {
    space,
    resource: pick(random, resources),
    namespace: pick(random, namespaces),
    name: `n${Math.floor(random.next() * namesEach)}`,
  };
  const chance = random.next();
  const value = Math.floor(random.next() * 1_000_000);
  const inSpace = () => [...model.keys()].some((text) => text.startsWith(`${space} `));
  if (chance < drops && inSpace()) return { kind: 'drop', space };
  return { kind: chance < deletions && model.has(textOf(key)) ? 'delete' : 'put', key, value };
}

export function applyToModel(model: Model, operation: Operation): void {
  if (operation.kind === 'drop') {
    for (const text of model.keys()) if (text.startsWith(`${operation.space} `)) model.delete(text);
  } else if (operation.kind === 'delete') model.delete(textOf(operation.key));
  else model.set(textOf(operation.key), operation.value);
}

export function objectFor({ namespace, name }: StoreKey, value: number): KubeObject {
  const text = String(value).repeat(1 + (value % largestText) / 6);
  return { apiVersion: 'v1', kind: 'Thing', metadata: { namespace, name }, value, text } as KubeObject;
}

export function applyToStore(store: Store, operation: Operation): void {
  if (operation.kind === 'drop') return store.dropSpace(operation.space);
  const { key, value } = operation;
  const stored = store.get(key);
  const revision = Number(stored?.metadata.resourceVersion);
  const outcome =
    operation.kind === 'delete'
      ? store.delete(key, revision)
      : stored
        ? store.update(key, objectFor(key, value), revision)
        : store.create(key, objectFor(key, value));
  if (!outcome.ok) throw new Error(`${operation.kind} ${textOf(key)}: ${outcome.reason}`);
}

/** The number an object was made from. Throws when the object is not what its number says. */
export function valueOf(key: StoreKey, object: KubeObject): number {
  const { value, text } = object as unknown as { readonly value: number; readonly text: string };
  const expected = objectFor(key, value) as unknown as { readonly text: string };
  if (expected.text !== text) throw new Error(`${textOf(key)} holds another text than it should`);
  return value;
}

/** What a store holds. */
export function modelOf(store: Store): Model {
  const model: Model = new Map();
  for (const space of store.spaces()) {
    for (const resource of store.resources(space)) {
      for (const object of store.list({ space, resource }).items) {
        const key = { space, resource, namespace: object.metadata.namespace!, name: object.metadata.name! };
        model.set(textOf(key), valueOf(key, object));
      }
    }
  }
  return model;
}

/** What a journal holds, without writing to it as a store would. */
export async function modelOfJournal(journal: Journal): Promise<Model> {
  const model: Model = new Map();
  const names = new Map(journal.state?.directory.spaces.map(({ id, name }) => [id, name]));
  await journal.scan({
    object: ({ space, resource, namespace, name }) => {
      const spaceName = names.get(space);
      if (spaceName === undefined) return;
      const key = { space: spaceName, resource, namespace, name };
      const object = journal.read(journalKeyOf(space, resource, namespace, name));
      model.set(textOf(key), valueOf(key, object));
    },
    deletion: () => {},
  });
  return model;
}
