/** What every server is born with: created where it is missing, put back where nobody has taken it over. */
import { deepEqual } from '#kube/meta/equal.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { timestamp } from '#world/clock/clock.ts';
import type { Registry, Scope } from '../registry/context.ts';
import type { ServedKind } from '../registry/kinds/served.ts';
import { mainDoor } from '../registry/write/door.ts';
import { updateWith } from '../registry/write/update.ts';
import { bootstrapLevels, bootstrapSchemas, type Wanted } from './bootstrap-objects.ts';
import { autoUpdate, bornObject, producer } from './born.ts';
import { type FlowSchemaSpec, flowControlGroup, type LevelSpec } from './objects.ts';

/** Go's strconv.ParseBool; undefined for what it refuses. */
function parsed(text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true;
  return ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text) ? false : undefined;
}

type Born = KubeObject & { readonly spec: unknown };

/** As it should be; the same reference when it is so. */
function settled(found: Born, { spec, mandatory }: Wanted<unknown>): Born {
  const { annotations, generation } = found.metadata;
  const said = parsed(annotations?.[autoUpdate]);
  const follows = mandatory || (said ?? generation === 1);
  const changed = follows && !deepEqual(found.spec, spec);
  if (said === follows && !changed) return found;
  const metadata =
    said === follows
      ? found.metadata
      : { ...found.metadata, annotations: { ...annotations, [autoUpdate]: String(follows) } };
  return { ...found, metadata, ...(changed ? { spec } : {}) };
}

/** The server itself writes, under one of the names kube-apiserver gives its two halves. */
export function ownScope(served: ServedKind, name: string, fieldManager: string): Scope {
  const { group, version, resource } = served.definition;
  const user = { name: 'system:apiserver', groups: ['system:masters'] };
  return {
    request: { verb: 'patch', path: { group, version, resource, name }, user, options: { fieldManager, force: true } },
    served,
    namespace: '',
    name,
    dryRun: false,
    warnings: [],
  };
}

export const flowControlKind = ({ kinds }: Registry, kind: 'FlowSchema' | 'PriorityLevelConfiguration') =>
  kinds.byKind(flowControlGroup, 'v1', kind);

async function ensure(
  registry: Registry,
  served: ServedKind,
  wanted: Wanted<FlowSchemaSpec> | Wanted<LevelSpec>,
): Promise<void> {
  const { storage, world } = registry;
  const place = { served, namespace: '', name: wanted.name };
  const found = storage.get(place) as Born | undefined;
  if (!found) {
    storage.create(place, bornObject(served, wanted, world.random.uuid(), timestamp(world.clock.now())));
    return;
  }
  if (settled(found, wanted) === found) return;
  await updateWith(registry, ownScope(served, wanted.name, producer), mainDoor, (old) => ({
    object: settled(old as Born, wanted),
  }));
}

/** Of what an earlier version was born with nothing stays that nobody has taken over. */
function removeUnwanted({ storage }: Registry, served: ServedKind, wanted: readonly Wanted<unknown>[]): void {
  for (const object of storage.list(served.storageResource, undefined).items) {
    const { name = '', annotations } = object.metadata;
    if (parsed(annotations?.[autoUpdate]) !== true || wanted.some((each) => each.name === name)) continue;
    storage.delete({ served, namespace: '', name }, object);
  }
}

export async function ensureFlowControl(registry: Registry): Promise<void> {
  const level = flowControlKind(registry, 'PriorityLevelConfiguration');
  const schema = flowControlKind(registry, 'FlowSchema');
  if (!level || !schema) return;
  for (const wanted of bootstrapLevels) await ensure(registry, level, wanted);
  for (const wanted of bootstrapSchemas) await ensure(registry, schema, wanted);
  removeUnwanted(registry, schema, bootstrapSchemas);
  removeUnwanted(registry, level, bootstrapLevels);
}
