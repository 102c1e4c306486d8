/** Waits until the bindings are gone, and with them the Works: then the members' objects are let go. */
import { sleep } from '#world/clock/clock.ts';
import type { PlannedObject } from '../model.ts';
import type { BindingOf } from '../reading/bindings.ts';
import { readWork, standings } from './look.ts';
import type { RollbackOptions } from './options.ts';
import type { Seen } from './seen.ts';

/** What is still held, by clusters that are away, or that answer and have not let go. */
export interface Held {
  readonly away: readonly string[];
  readonly slow: readonly string[];
  /** Nobody waited for it: it was asked to stop. */
  readonly unwatched?: true;
}

/** Reads what a watch has brought: it costs the servers nothing. */
const lookEveryMs = 50;
/** Where a cluster is away its Works are looked at, one by one. */
const worksEveryMs = 1_000;

/** Those that did not come to their end. What clusters that are away hold is waited for by nobody. */
export async function untilLetGo(
  options: Pick<RollbackOptions, 'clock' | 'control' | 'timeoutMs' | 'stopping'>,
  bindingOf: BindingOf,
  seen: readonly Seen[],
  told: (left: number) => void,
): Promise<ReadonlyMap<PlannedObject, Held>> {
  const { clock, timeoutMs } = options;
  let pending = seen.filter(({ binding }) => binding !== undefined);
  let [least, since, asked] = [pending.length, clock.monotonic(), clock.monotonic()];
  let held = new Map<PlannedObject, Held>();
  for (;;) {
    pending = pending.filter(({ object, binding }) => bindingOf(object)?.metadata.uid === binding!.metadata.uid);
    told(pending.length);
    const now = clock.monotonic();
    if (pending.length < least) [least, since] = [pending.length, now];
    if (pending.length === 0) return new Map();
    if (options.stopping()) {
      return new Map(pending.map(({ object }) => [object, { away: [], slow: [], unwatched: true }]));
    }
    const late = now - since >= timeoutMs;
    if (late || now - asked >= worksEveryMs) {
      asked = now;
      held = await heldOf(options, pending);
      const onlyAway = pending.every(
        ({ object }) => (held.get(object)?.away.length ?? 0) > 0 && held.get(object)!.slow.length === 0,
      );
      if (onlyAway || late) return held;
    }
    await sleep(clock, lookEveryMs);
  }
}

async function heldOf(
  { control }: Pick<RollbackOptions, 'control'>,
  pending: readonly Seen[],
): Promise<Map<PlannedObject, Held>> {
  const known = await standings(control.client);
  const held = new Map<PlannedObject, Held>();
  for (const { object, places } of pending) {
    const [away, slow]: [string[], string[]] = [[], []];
    for (const { cluster } of places) {
      if (!(await readWork(control.client, object, cluster))) continue;
      if (known.get(cluster) === 'away') away.push(cluster);
      else slow.push(cluster);
    }
    held.set(object, { away, slow });
  }
  return held;
}
