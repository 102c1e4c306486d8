/** Keeps the APIServices of what a server serves itself: at its start, and whenever custom kinds or the objects change. */
import { timestamp } from '#world/clock/clock.ts';
import type { Registry } from '../registry/context.ts';
import { type ApiService, apiRegistrationGroup, apiServicesResource } from './api-service.ts';
import { plan } from './automanaged.ts';
import type { Remotes } from './remotes.ts';

const retryMs = 1_000;

export interface OwnServices {
  readonly stop: () => void;
}

export function keepOwnServices(registry: Registry, remotes: Remotes, builtIn: ReadonlySet<string>): OwnServices {
  const { kinds, world } = registry;
  let due = false;
  let stopped = false;
  const soon = () => {
    if (due || stopped) return;
    due = true;
    world.clock.soon(() => {
      due = false;
      if (stopped) return;
      try {
        write(registry, builtIn, false);
      } catch {
        // The disk is behind: looked at again.
        world.clock.after(retryMs, soon);
      }
    });
  };
  write(registry, builtIn, true);
  const unfollow = kinds.onChange(soon);
  remotes.onChange(soon);
  return {
    stop: () => {
      stopped = true;
      unfollow();
    },
  };
}

function write({ kinds, storage, world }: Registry, builtIn: ReadonlySet<string>, starting: boolean): void {
  const served = kinds.find(apiRegistrationGroup, 'v1', 'apiservices');
  if (!served) return;
  const steps = plan({
    served: kinds.definitions(),
    builtIn,
    stored: storage.list(apiServicesResource, undefined).items as readonly ApiService[],
    starting,
    now: timestamp(world.clock.now()),
  });
  const placeOf = ({ metadata }: ApiService) => ({ served, namespace: '', name: metadata.name ?? '' });
  for (const object of steps.create)
    storage.create(placeOf(object), { ...object, metadata: { ...object.metadata, uid: world.random.uuid() } });
  for (const [old, object] of steps.update) storage.update(placeOf(old), object, old);
  for (const old of steps.delete) storage.delete(placeOf(old), old);
}
