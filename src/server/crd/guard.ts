/** What the API server says about a definition, in the same write that brings it: names, conditions, stored versions. */
import { deepEqual } from '#kube/meta/equal.ts';
import { timestamp } from '#world/clock/clock.ts';
import type { World } from '#world/world.ts';
import type { CommitGuard } from '../registry/context.ts';
import type { KindRegistry } from '../registry/kinds/registry.ts';
import type { Storage } from '../registry/storage.ts';
import { type CustomResourceDefinition, definitionsResource, servedResource } from './definition.ts';
import { acceptNames, type NamesInUse, withConditions } from './names.ts';

export function definitionGuard(storage: Storage, kinds: KindRegistry, { clock }: World): CommitGuard {
  return {
    before: (object) => {
      const definition = object as CustomResourceDefinition;
      return withStatus(definition, namesInUse(definition, storage, kinds), timestamp(clock.now()));
    },
    undo: () => {},
  };
}

function withStatus(definition: CustomResourceDefinition, used: NamesInUse, now: string): CustomResourceDefinition {
  const { spec = {}, status = {} } = definition;
  const { accepted, namesAccepted, established } = acceptNames(definition, used);
  const stored = spec.versions?.find(({ storage }) => storage)?.name;
  const storedVersions = status.storedVersions ?? [];
  const settled = {
    ...status,
    acceptedNames: accepted,
    conditions: withConditions(status.conditions ?? [], [namesAccepted, established], now),
    storedVersions:
      stored === undefined || storedVersions.includes(stored) ? storedVersions : [...storedVersions, stored],
  };
  return deepEqual(settled, status) ? definition : { ...definition, status: settled };
}

/** By the kinds that are served in the group and by what other definitions were given. */
function namesInUse(definition: CustomResourceDefinition, storage: Storage, kinds: KindRegistry): NamesInUse {
  const resources = new Set<string>();
  const kindNames = new Set<string>();
  const group = definition.spec?.group;
  const itself = servedResource(definition);
  for (const { definition: kind } of kinds.all()) {
    if (kind.group !== group || `${kind.group}/${kind.resource}` === itself) continue;
    for (const name of [kind.resource, kind.singular, ...kind.shortNames]) resources.add(name);
    for (const name of [kind.kind, kind.listKind]) kindNames.add(name);
  }
  for (const other of storage.list(definitionsResource, undefined).items as readonly CustomResourceDefinition[]) {
    if (other.spec?.group !== group || other.metadata.name === definition.metadata.name) continue;
    const { plural, singular, shortNames = [], kind, listKind } = other.status?.acceptedNames ?? {};
    for (const name of [plural, singular, ...shortNames]) if (name) resources.add(name);
    for (const name of [kind, listKind]) if (name) kindNames.add(name);
  }
  return { resources, kinds: kindNames };
}
