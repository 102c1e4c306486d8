/** Delete every object a list would answer, one by one, as kube-apiserver does. */
import type { KubeList } from '#kube/meta/object.ts';
import type { ApiResponse } from '#kube/request/request.ts';
import { isReason } from '#kube/status/status.ts';
import { answer, type Registry, type Scope } from '../context.ts';
import { list } from '../read/list.ts';
import { type DeletionHooks, remove } from './delete.ts';

/** After so many deletions other work gets a turn: a deletion costs about 0.05 ms, so this is some 5 ms. */
const deletionsPerTurn = 100;

export async function removeCollection(registry: Registry, scope: Scope, hooks: DeletionHooks): Promise<ApiResponse> {
  const page = await list(registry, scope);
  const { items } = page.object as KubeList;
  for (let index = 0; index < items.length; index++) {
    const { name = '', namespace = '' } = items[index]!.metadata;
    try {
      await remove(registry, { ...scope, namespace, name }, hooks);
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
    if (index % deletionsPerTurn === deletionsPerTurn - 1) {
      await new Promise<void>((resolve) => registry.world.clock.soon(resolve));
    }
  }
  return answer(registry, scope, page.object, 200, registry.storage.revision());
}
