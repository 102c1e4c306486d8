/** All watches of one API server: who is watching, their bookmarks, and their end. */
import type { Timer } from '#world/clock/clock.ts';
import type { World } from '#world/world.ts';
import type { KindRegistry } from '../registry/kinds/registry.ts';
import type { ServedKind } from '../registry/kinds/served.ts';

export interface Watcher {
  readonly served: ServedKind;
  /** Tells the watcher that everything up to `revision` has been delivered to it. */
  readonly progress: (revision: number) => void;
  readonly end: () => void;
}

export interface WatchHub {
  readonly add: (watcher: Watcher) => void;
  readonly remove: (watcher: Watcher) => void;
  readonly count: () => number;
  readonly start: () => void;
  /** Ends every watch. */
  readonly stop: () => void;
}

/** As kube-apiserver: about once a minute. */
const bookmarkPeriodMs = 60_000;

export function watchHub(world: World, kinds: KindRegistry, revision: () => number): WatchHub {
  const watchers = new Set<Watcher>();
  let timer: Timer | undefined;
  // What was committed a whole period ago has been delivered since: changes wait for a turn of the loop, not for minutes.
  let delivered = 0;

  const tick = () => {
    for (const watcher of watchers) watcher.progress(delivered);
    delivered = revision();
    timer = world.clock.after(bookmarkPeriodMs, tick);
  };

  // A kind that is gone or has another schema: its watchers begin again.
  kinds.onChange(() => {
    for (const watcher of watchers) {
      const { group, version, resource } = watcher.served.definition;
      if (kinds.find(group, version, resource)?.definition !== watcher.served.definition) watcher.end();
    }
  });

  return {
    add: (watcher) => watchers.add(watcher),
    remove: (watcher) => watchers.delete(watcher),
    count: () => watchers.size,
    start: () => {
      delivered = revision();
      timer ??= world.clock.after(bookmarkPeriodMs, tick);
    },
    stop: () => {
      timer?.cancel();
      timer = undefined;
      for (const watcher of watchers) watcher.end();
    },
  };
}
