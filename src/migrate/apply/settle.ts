/** Between batches: waits until what was written is taken over and runs as before, or until it is clear that it is not. */
import type { Claim } from '#apis/policy/claim.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { type Clock, sleep } from '#world/clock/clock.ts';
import type { PlannedObject } from '../model.ts';
import type { BindingOf } from '../reading/bindings.ts';
import type { Arrival } from './arrival.ts';
import type { Harm, PodGuard } from './pods.ts';
import { standingOf } from './standing.ts';

export interface Written {
  readonly object: PlannedObject;
  /** Of the template in the control plane. */
  readonly uid: string;
  readonly observed: boolean;
  /** As it was written, where it is an edit of one that was under management already. */
  readonly edit?: UnstructuredObject;
}

export interface SettleOptions {
  /** The cluster that runs them. */
  readonly from: string;
  readonly bindingOf: BindingOf;
  readonly arrival: Arrival;
  readonly guard: PodGuard;
  readonly isOwn: (claim: Claim) => boolean;
  readonly clock: Clock;
  /** Without any progress for this long, what is left has failed. */
  readonly timeoutMs: number;
  /** Why what is seen may be old: a server that does not answer. Such a time counts against no object. */
  readonly trouble: () => Error | undefined;
  /** Asked between looks; what it throws ends the waiting. */
  readonly stopping: () => boolean;
  /** How many are taken over, and what the others wait for. */
  readonly told: (applied: number, waits: readonly Harm[]) => void;
}

export interface Settled {
  readonly applied: readonly PlannedObject[];
  readonly failed: readonly Harm[];
  /** Workloads whose Pods were replaced: nothing more may be done. */
  readonly replaced: readonly Harm[];
  readonly stopped: boolean;
}

/** A server that is away for longer is not waited for: going on later does the rest. */
const mostTroubleMs = 300_000;

/** A look reads what watches have brought and costs the servers nothing; of thousands it takes a while itself. */
const leastPauseMs = 50;
const pausePerObjectMs = 0.05;
/** Clusters that are asked themselves are asked less often. */
const pauseAfterAskingMs = 500;

/** Throws what troubles a server that has been away for too long. */
export async function settle(options: SettleOptions, written: readonly Written[]): Promise<Settled> {
  const { guard, clock, timeoutMs } = options;
  const pending = new Map(written.map((each) => [each.object, each]));
  const applied: PlannedObject[] = [];
  const refused: Harm[] = [];
  let [least, since] = [Number.POSITIVE_INFINITY, clock.monotonic()];
  let well = since;
  for (;;) {
    const { waits, asked } = await look(options, pending, applied, refused);
    const replaced = await guard.replaced();
    const unready = guard.unready(applied);
    const left = waits.length + unready.length;
    const result = { applied, failed: refused, replaced, stopped: false };
    if (replaced.length > 0) return result;
    options.told(applied.length, [...waits, ...unready]);
    if (left === 0) return result;
    if (options.stopping()) return { ...result, stopped: true };
    const [now, trouble] = [clock.monotonic(), options.trouble()];
    if (!trouble) well = now;
    else if (now - well >= mostTroubleMs) throw trouble;
    if (left < least || trouble) [least, since] = [left, now];
    if (now - since >= timeoutMs) {
      const slow = new Set(unready.map(({ object }) => object));
      return {
        ...result,
        applied: applied.filter((object) => !slow.has(object)),
        failed: [...refused, ...waits, ...unready],
      };
    }
    await sleep(clock, (asked ? pauseAfterAskingMs : leastPauseMs) + left * pausePerObjectMs);
  }
}

interface Looked {
  readonly waits: readonly Harm[];
  /** Whether clusters were asked for it. */
  readonly asked: boolean;
}

/** Moves what is taken over, or never will be, out of `pending`; answers what the others wait for. */
async function look(
  { from, bindingOf, isOwn, arrival }: SettleOptions,
  pending: Map<PlannedObject, Written>,
  applied: PlannedObject[],
  refused: Harm[],
): Promise<Looked> {
  const waits: Harm[] = [];
  let asked = false;
  for (const [object, { uid, observed, edit }] of pending) {
    const binding = bindingOf(object);
    const standing = standingOf(binding, { uid, from, observed, isOwn });
    if (standing.is === 'waiting') {
      waits.push({ object, why: standing.why });
      continue;
    }
    if (standing.is === 'applied' && edit) {
      asked = true;
      const why = await arrival(object, edit, binding!);
      if (why !== undefined) {
        waits.push({ object, why });
        continue;
      }
    }
    pending.delete(object);
    if (standing.is === 'applied') applied.push(object);
    else refused.push({ object, why: standing.why });
  }
  return { waits, asked };
}
