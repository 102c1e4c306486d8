/** The end of a definition begins with a mark; clean-up.ts does the rest. */
import type { KubeObject } from '#kube/meta/object.ts';
import { timestamp } from '#world/clock/clock.ts';
import { finalizers } from '../registry/delete/finalizers.ts';
import { withMetadata } from '../registry/metadata.ts';
import type { CustomResourceDefinition } from './definition.ts';
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
