/** Watching objects until all that are waited for are as they should be. */
import type { ApiClient, ListOptions, TypedResource } from '#client/api-client.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { WatchEvent } from '#kube/request/request.ts';

export interface Following {
  readonly stop: () => void;
  /** Rejects when the watch ends by itself. */
  readonly failed: Promise<never>;
}

/** Hands over every event from the state now on, of all objects or those selected. Resolves when the state has been handed over. */
export async function follow<T extends KubeObject>(
  client: ApiClient,
  resource: TypedResource<T>,
  onEvent: (event: WatchEvent<T>) => void,
  selection: Pick<ListOptions, 'namespace' | 'fieldSelector'> = {},
): Promise<Following> {
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});
  const complete = Promise.withResolvers<void>();
  const handle = await client.resource(resource).watch(
    { ...selection, allowBookmarks: true, sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' },
    {
      event: (event) => {
        if (event.type === 'BOOKMARK') complete.resolve();
        else onEvent(event);
      },
      end: (error) => failed.reject(error ?? new Error(`the watch on ${resource.resource} has ended`)),
    },
  );
  await Promise.race([complete.promise, failed.promise]);
  return { stop: handle.stop, failed: failed.promise };
}

/** Resolves when `count` different names have been ticked off. */
export function checklist(count: number) {
  const done = Promise.withResolvers<void>();
  const ticked = new Set<string>();
  return {
    done: done.promise,
    size: () => ticked.size,
    tick: (name: string) => {
      ticked.add(name);
      if (ticked.size === count) done.resolve();
    },
  };
}

/** Fails with what is still missing when it takes longer than `ms`. */
export async function within<T>(ms: number, what: () => string, ...promises: readonly Promise<T>[]): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${ms} ms: ${what()}`)), ms);
  });
  try {
    return await Promise.race([...promises, late]);
  } finally {
    clearTimeout(timer);
  }
}
