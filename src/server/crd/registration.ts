/** Follows CustomResourceDefinitions: what is established is served at once, what is gone is not. */
import { deepEqual } from '#kube/meta/equal.ts';
import type { World } from '#world/world.ts';
import type { WebhookTransport } from '../admission/webhook/call.ts';
import type { KindRegistry } from '../registry/kinds/registry.ts';
import type { Commit, Storage } from '../registry/storage.ts';
import { definitionCleanUp } from './clean-up.ts';
import { type CustomResourceDefinition, definitionsResource, isTrue } from './definition.ts';
import { settled } from './guard.ts';
import { goingAway, servedBy } from './kinds.ts';

/** To be called once; serves what is stored already. Kinds that are built in stay as they are. */
export function followDefinitions(
  storage: Storage,
  kinds: KindRegistry,
  world: World,
  transport: WebhookTransport,
): void {
  const builtIn = new Set(kinds.all().map(({ definition }) => `${definition.group}/${definition.resource}`));
  const cleanUp = definitionCleanUp(storage, kinds, world);

  const isBuiltIn = ({ spec = {} }: CustomResourceDefinition) => builtIn.has(`${spec.group}/${spec.names?.plural}`);

  const serve = (definition: CustomResourceDefinition): void => {
    const { group = '', names } = definition.spec ?? {};
    const plural = names?.plural ?? '';
    if (isBuiltIn(definition) || !isTrue(definition, 'Established')) return;
    const known = kinds.versionsOf(group, plural);
    const terminating = definition.metadata.deletionTimestamp !== undefined;
    const served = terminating && known.length > 0 ? known : servedBy(definition, transport);
    kinds.register(group, plural, terminating ? served.map(goingAway) : served);
  };

  const register = (definition: CustomResourceDefinition): void => {
    serve(definition);
    if (definition.metadata.deletionTimestamp !== undefined) cleanUp.begin(definition);
  };

  /** Whoever waits for a name in the group may have it now. */
  const freed = (group: string): void => {
    if (waitingFor(storage, group).length > 0)
      world.clock.soon(() => {
        for (const definition of waitingFor(storage, group)) reconsider(definition, storage, kinds, world);
      });
  };

  storage.onCommit(definitionsResource, ({ object, old, deleted }: Commit) => {
    const definition = object as CustomResourceDefinition;
    const { group = '', names } = definition.spec ?? {};
    if (!deleted) {
      const before = old as CustomResourceDefinition | undefined;
      if (servesTheSame(definition, before)) return;
      register(definition);
      if (before && !deepEqual(definition.status?.acceptedNames, before.status?.acceptedNames)) freed(group);
      return;
    }
    if (!isBuiltIn(definition) && isTrue(definition, 'Established')) kinds.unregister(group, names?.plural ?? '');
    freed(group);
  });
  for (const definition of storage.list(definitionsResource, undefined).items)
    register(definition as CustomResourceDefinition);
}

const waitingFor = (storage: Storage, group: string): readonly CustomResourceDefinition[] =>
  (storage.list(definitionsResource, undefined).items as readonly CustomResourceDefinition[]).filter(
    (each) => each.spec?.group === group && !isTrue(each, 'NamesAccepted') && !each.metadata.deletionTimestamp,
  );

function reconsider(definition: CustomResourceDefinition, storage: Storage, kinds: KindRegistry, world: World): void {
  const served = kinds.byKind('apiextensions.k8s.io', 'v1', 'CustomResourceDefinition');
  const next = settled(definition, storage, kinds, world.clock.now());
  if (!served || next === definition) return;
  storage.update({ served, namespace: '', name: definition.metadata.name ?? '' }, next, definition);
}

/** So that a change of labels or of a condition does not make every watcher begin again. */
function servesTheSame(definition: CustomResourceDefinition, old: CustomResourceDefinition | undefined): boolean {
  return (
    old !== undefined &&
    deepEqual(definition.spec, old.spec) &&
    deepEqual(definition.status?.acceptedNames, old.status?.acceptedNames) &&
    isTrue(definition, 'Established') === isTrue(old, 'Established') &&
    definition.metadata.deletionTimestamp === old.metadata.deletionTimestamp
  );
}
