/** The end of a definition: marked first, then its objects go, then it goes itself. */
import type { KubeObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import { timestamp } from '#world/clock/clock.ts';
import type { World } from '#world/world.ts';
import { finalizers } from '../registry/delete/finalizers.ts';
import { planDeletion } from '../registry/delete/plan.ts';
import type { KindRegistry } from '../registry/kinds/registry.ts';
import { type ServedKind, storageName } from '../registry/kinds/served.ts';
import { withMetadata } from '../registry/metadata.ts';
import type { Storage } from '../registry/storage.ts';
import { type CustomResourceDefinition, definitionsResource, isTrue } from './definition.ts';
import { withConditions } from './names.ts';

/** The first deletion of a definition; undefined when nothing of it is left to clean up. */
export function definitionDeletion(object: KubeObject, _options: unknown, now: number): KubeObject | undefined {
  const definition = object as CustomResourceDefinition;
  if (definition.metadata.deletionTimestamp !== undefined) {
    return definition.metadata.finalizers?.length ? definition : undefined;
  }
  const held = definition.metadata.finalizers ?? [];
  const marked = withMetadata(definition, {
    deletionTimestamp: timestamp(now),
    finalizers: held.includes(finalizers.customResources) ? held : [...held, finalizers.customResources],
  });
  const terminating = {
    type: 'Terminating',
    status: 'True' as const,
    reason: 'InstanceDeletionPending',
    message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
  };
  const conditions = withConditions(definition.status?.conditions ?? [], [terminating], timestamp(now));
  return { ...marked, status: { ...definition.status, conditions } } as KubeObject;
}

/** After so many deletions other work gets a turn: some 5 ms. */
const deletionsPerTurn = 100;
/** How soon a clean-up that something got in the way of is tried again. */
const retryMs = 1_000;

export interface CleanUp {
  /** Deletes the definition's objects, and, when none is left, takes the finalizer off. */
  readonly begin: (definition: CustomResourceDefinition) => void;
}

export function definitionCleanUp(storage: Storage, kinds: KindRegistry, { clock }: World): CleanUp {
  const followed = new Set<string>();
  const running = new Set<string>();

  const turn = () => new Promise<void>((resolve) => clock.soon(resolve));

  const current = (name: string) => storage.find(definitionsResource, '', name) as CustomResourceDefinition | undefined;

  const deleteObjects = async (served: ServedKind): Promise<void> => {
    let deleted = 0;
    for (const object of storage.list(served.storageResource, undefined).items) {
      const { namespace = '', name = '' } = object.metadata;
      const place = { served, namespace, name };
      const stored = storage.get(place);
      if (!stored) continue;
      const plan = planDeletion(served, stored, {}, clock.now());
      if (plan.outcome === 'remove') storage.delete(place, stored);
      else if (plan.object !== stored) storage.update(place, plan.object, stored);
      if (++deleted % deletionsPerTurn === 0) await turn();
    }
  };

  const finish = (name: string): void => {
    const definition = current(name);
    const served = kinds.byKind('apiextensions.k8s.io', 'v1', 'CustomResourceDefinition');
    if (!definition || !served) return;
    const place = { served, namespace: '', name };
    const rest = (definition.metadata.finalizers ?? []).filter((finalizer) => finalizer !== finalizers.customResources);
    if (rest.length === 0) storage.delete(place, definition);
    else storage.update(place, withMetadata(definition, { finalizers: rest }), definition);
  };

  const run = async (name: string): Promise<void> => {
    const definition = current(name);
    if (!definition?.metadata.finalizers?.includes(finalizers.customResources)) return;
    const { group = '', names } = definition.spec ?? {};
    const resource = storageName(group, names?.plural ?? '');
    // A definition that never was established has no objects: those of that name are somebody else's.
    const [served] = isTrue(definition, 'Established') ? kinds.versionsOf(group, names?.plural ?? '') : [];
    if (served) {
      await deleteObjects(served);
      // Watchers hear of the last deletions before their kind is gone.
      await turn();
    }
    if (!served || storage.count(resource) === 0) finish(name);
  };

  const begin = (definition: CustomResourceDefinition): void => {
    const { name = '' } = definition.metadata;
    const resource = storageName(definition.spec?.group ?? '', definition.spec?.names?.plural ?? '');
    if (!followed.has(resource)) {
      followed.add(resource);
      // The last object may go long after: when its own finalizers let it.
      storage.onCommit(resource, ({ deleted }) => {
        const waiting = deleted && storage.count(resource) === 0 ? current(name) : undefined;
        if (waiting?.metadata.deletionTimestamp !== undefined) clock.soon(() => start(name));
      });
    }
    clock.soon(() => start(name));
  };

  const start = (name: string): void => {
    if (running.has(name)) return;
    running.add(name);
    run(name)
      .catch((error: unknown) => {
        // Somebody wrote in between, or the disk is behind: it is looked at again.
        clock.after(isReason(error, 'Conflict') ? 0 : retryMs, () => start(name));
      })
      .finally(() => running.delete(name));
  };

  return { begin };
}
