/** What bears the mark of management and has no template here: left by another control plane, or by one that is gone. Pure. */
import { managed, managedValue } from '#apis/names/labels.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { titleOf } from '../model.ts';
import type { Obstacles } from './obstacles.ts';

/** Objects named. */
const mostNames = 3;

export function markedNotes(objects: readonly KubeObject[], templateOf: Obstacles, cluster: string): readonly string[] {
  const orphans = objects.filter(
    (object) => object.metadata.labels?.[managed] === managedValue && templateOf(object) === undefined,
  );
  const [first] = orphans;
  if (!first) return [];
  const { namespace, name } = first.metadata;
  const titles = orphans.map(({ kind, metadata }) =>
    titleOf({ kind, name: metadata.name!, ...(metadata.namespace ? { namespace: metadata.namespace } : {}) }),
  );
  const more = titles.length - mostNames;
  const named = `${titles.slice(0, mostNames).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const place = namespace ? ` -n ${namespace}` : '';
  const take = `kubectl --context ${cluster} label ${first.kind.toLowerCase()} ${name}${place} ${managed}-`;
  return [
    `marked as managed, and the control plane has no template of it: ${named}; where no other control plane has it, take the mark off and plan again: ${take}`,
  ];
}
