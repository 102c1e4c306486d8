/** Image, command and args overriders: the operations they stand for on the containers of the kinds that run Pods. */
import type { JsonObject, JsonValue, UnstructuredObject } from '#kube/meta/object.ts';
import { keysOf, pointerOf, valueAt } from '#kube/patch/pointer.ts';
import type { CommandArgsOverrider, ImageOverrider } from '../override-spec.ts';
import { formatImage, overriddenImage, parseImage } from './image.ts';
import { type Operation, OverrideError } from './operation.ts';

const inTemplate = ['spec', 'template', 'spec', 'containers'];
/** Where a kind has its containers; of whatever group, as the reference has it. Init containers are left alone. */
const containersOf: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec', 'containers'],
  ReplicaSet: inTemplate,
  Deployment: inTemplate,
  DaemonSet: inTemplate,
  StatefulSet: inTemplate,
  Job: inTemplate,
};

interface Container {
  readonly keys: readonly string[];
  readonly value: JsonObject;
}

function containers(object: UnstructuredObject): readonly Container[] {
  const keys = containersOf[object.kind] ?? [];
  const list = keys.length > 0 ? valueAt(object, keys) : undefined;
  if (!Array.isArray(list)) return [];
  return list.flatMap((value: JsonValue, i) =>
    typeof value === 'object' && value !== null ? [{ keys: [...keys, String(i)], value: value as JsonObject }] : [],
  );
}

/** All containers, or with a predicate the one place it names. */
export function imageOperations(object: UnstructuredObject, overrider: ImageOverrider): readonly Operation[] {
  const paths = overrider.predicate
    ? [keysOf(overrider.predicate.path)]
    : containers(object).map(({ keys }) => [...keys, 'image']);
  return paths.map((keys) => {
    const path = pointerOf(keys);
    const text = valueAt(object, keys);
    const image = typeof text === 'string' ? parseImage(text) : undefined;
    if (!image) throw new OverrideError(`there is no image reference ([registry/]repository[:tag]) at ${path}`);
    const changed = overriddenImage(image, overrider);
    return { op: 'replace', path, value: changed === image ? (text as string) : formatImage(changed) };
  });
}

/** Appends the value, or takes every item that equals one of it; a list left empty goes. */
const argumentOperations =
  (field: 'command' | 'args') =>
  (object: UnstructuredObject, { containerName, operator, value = [] }: CommandArgsOverrider): readonly Operation[] =>
    containers(object).flatMap(({ keys, value: container }): readonly Operation[] => {
      if (container.name !== containerName) return [];
      const path = pointerOf([...keys, field]);
      const before = container[field] ?? [];
      if (!Array.isArray(before)) throw new OverrideError(`there is no list at ${path}`);
      const after =
        operator === 'add' ? [...before, ...value] : before.filter((item) => !value.includes(item as string));
      if (after.length > 0) return [{ op: 'add', path, value: after }];
      return before.length > 0 ? [{ op: 'remove', path }] : [];
    });

export const commandOperations = argumentOperations('command');
export const argsOperations = argumentOperations('args');
