/** What can go wrong with a member, switched on and off: for simulations and for trying things out. From a seed. */
import { faultyHandler } from '#client/faulty.ts';
import type { ApiHandler, WatchHandle, WatchSink } from '#kube/request/request.ts';
import { serviceUnavailable } from '#kube/status/errors.ts';
import type { Machines } from '#workloads/pods/life/controller.ts';
import type { World } from '#world/world.ts';

export interface ApiFaults {
  /** Nobody outside gets an answer, and watches break. */
  readonly unreachable?: boolean;
  /** Before and after each request, and for each watch event: a range of milliseconds. */
  readonly slowMs?: readonly [number, number];
  /** The chance, from 0 to 1, that a request is refused. */
  readonly errors?: number;
  /** The chance that a write is done and its answer lost. */
  readonly lostAnswers?: number;
}

export interface MemberFaults {
  /** Replaces what was set before; `{}` heals everything. The member's own control loops are not affected. */
  readonly setApi: (faults: ApiFaults) => void;
  /** A node that is down neither reports nor runs nor stops anything. */
  readonly setNode: (node: string, up: boolean) => void;
  readonly machines: Machines;
  /** The API as the outside meets it. */
  readonly outside: (handler: ApiHandler) => ApiHandler;
}

export function memberFaults(name: string, { clock, random }: World): MemberFaults {
  let current: ApiFaults = {};
  const down = new Set<string>();
  const listeners = new Set<(node: string) => void>();
  const watches = new Set<(error: Error) => void>();
  const away = () => serviceUnavailable(`simulated: ${name} cannot be reached`);

  const reachable = (handler: ApiHandler): ApiHandler => ({
    handle: async (request) => {
      if (current.unreachable) throw away();
      return handler.handle(request);
    },
    raw: async (path, user, accept) => {
      if (current.unreachable) throw away();
      return handler.raw(path, user, accept);
    },
    watch: async (request, sink) => {
      if (current.unreachable) throw away();
      return breakable(watches, (receiver) => handler.watch(request, receiver), sink);
    },
  });

  return {
    setApi: (faults) => {
      current = faults;
      if (faults.unreachable) for (const end of watches) end(away());
    },
    setNode: (node, up) => {
      if (up === !down.has(node)) return;
      if (up) down.delete(node);
      else down.add(node);
      for (const tell of listeners) tell(node);
    },
    machines: {
      isUp: (node) => !down.has(node),
      onChange: (changed) => {
        listeners.add(changed);
        return () => listeners.delete(changed);
      },
    },
    outside: (handler) =>
      faultyHandler(reachable(handler), {
        clock,
        random,
        faults: () => ({
          ...(current.slowMs ? { delayMs: current.slowMs, watchDelayMs: current.slowMs } : {}),
          refusals: current.errors,
          lostAnswers: current.lostAnswers,
        }),
      }),
  };
}

/** A watch that ends when the member becomes unreachable, though its server goes on. */
async function breakable(
  watches: Set<(error: Error) => void>,
  start: (sink: WatchSink) => Promise<WatchHandle>,
  sink: WatchSink,
): Promise<WatchHandle> {
  let over = false;
  const finish = (error?: Error) => {
    if (over) return;
    over = true;
    watches.delete(finish);
    sink.end(error);
  };
  watches.add(finish);
  try {
    const handle = await start({
      event: (event) => {
        if (!over) sink.event(event);
      },
      end: finish,
    });
    const stop = () => {
      over = true;
      watches.delete(finish);
      handle.stop();
    };
    if (over) handle.stop();
    return { stop };
  } catch (error) {
    watches.delete(finish);
    throw error;
  }
}
