/** A definition that is marked for deletion: its objects go, and when none is left, it goes itself. */
import { isReason } from '#kube/status/status.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { World } from '#world/world.ts';
import { finalizers } from '../registry/delete/finalizers.ts';
import { planDeletion } from '../registry/delete/plan.ts';
import type { KindRegistry } from '../registry/kinds/registry.ts';
import { type ServedKind, storageName } from '../registry/kinds/served.ts';
import { withMetadata } from '../registry/metadata.ts';
import type { Storage } from '../registry/storage.ts';
import { type CustomResourceDefinition, definitionsResource, isTrue } from './definition.ts';

/** After so many deletions other work gets a turn: some 5 ms. */
const deletionsPerTurn = 100;
/** How soon a clean-up that something got in the way of is tried again. */
const retryMs = 1_000;

export interface CleanUp {
  /** Deletes the definition's objects, and, when none is left, takes the finalizer off. */
  readonly begin: (definition: CustomResourceDefinition) => void;
}

const turn = (clock: Clock) => new Promise<void>((resolve) => clock.soon(resolve));

const find = (storage: Storage, name: string) =>
  storage.find(definitionsResource, '', name) as CustomResourceDefinition | undefined;

const resourceOf = ({ spec = {} }: CustomResourceDefinition) => storageName(spec.group ?? '', spec.names?.plural ?? '');

export function definitionCleanUp(storage: Storage, kinds: KindRegistry, { clock }: World): CleanUp {
  const followed = new Set<string>();
  const running = new Set<string>();

  const start = (name: string): void => {
    if (running.has(name)) return;
    running.add(name);
    cleanUp(storage, kinds, clock, name)
      .catch((error: unknown) => {
        // Somebody wrote in between, or the disk is behind: it is looked at again.
        clock.after(isReason(error, 'Conflict') ? 0 : retryMs, () => start(name));
      })
      .finally(() => running.delete(name));
  };

  return {
    begin: (definition) => {
      const { name = '' } = definition.metadata;
      const resource = resourceOf(definition);
      if (!followed.has(resource)) {
        followed.add(resource);
        // The last object may go long after: when its own finalizers let it.
        storage.onCommit(resource, ({ deleted }) => {
          const waiting = deleted && storage.count(resource) === 0 ? find(storage, name) : undefined;
          if (waiting?.metadata.deletionTimestamp !== undefined) clock.soon(() => start(name));
        });
      }
      clock.soon(() => start(name));
    },
  };
}

async function cleanUp(storage: Storage, kinds: KindRegistry, clock: Clock, name: string): Promise<void> {
  const definition = find(storage, name);
  if (!definition?.metadata.finalizers?.includes(finalizers.customResources)) return;
  const { group = '', names } = definition.spec ?? {};
  // A definition that never was established has no objects: those of that name are somebody else's.
  const [served] = isTrue(definition, 'Established') ? kinds.versionsOf(group, names?.plural ?? '') : [];
  if (served) {
    await deleteObjects(storage, served, clock);
    // Watchers hear of the last deletions before their kind is gone.
    await turn(clock);
  }
  if (!served || storage.count(resourceOf(definition)) === 0) finish(storage, kinds, name);
}

async function deleteObjects(storage: Storage, served: ServedKind, clock: Clock): Promise<void> {
  let deleted = 0;
  for (const object of storage.list(served.storageResource, undefined).items) {
    const { namespace = '', name = '' } = object.metadata;
    const place = { served, namespace, name };
    const stored = storage.get(place);
    if (!stored) continue;
    const plan = planDeletion(served, stored, {}, clock.now());
    if (plan.outcome === 'remove') storage.delete(place, stored);
    else if (plan.object !== stored) storage.update(place, plan.object, stored);
    if (++deleted % deletionsPerTurn === 0) await turn(clock);
  }
}

function finish(storage: Storage, kinds: KindRegistry, name: string): void {
  const definition = find(storage, name);
  const served = kinds.byKind('apiextensions.k8s.io', 'v1', 'CustomResourceDefinition');
  if (!definition || !served) return;
  const place = { served, namespace: '', name };
  const rest = (definition.metadata.finalizers ?? []).filter((finalizer) => finalizer !== finalizers.customResources);
  if (rest.length === 0) storage.delete(place, definition);
  else storage.update(place, withMetadata(definition, { finalizers: rest }), definition);
}
