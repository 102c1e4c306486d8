/** Whether the API servers behind this one answer: looked at when something changes, and every half minute. */
import { deepEqual } from '#kube/meta/equal.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import { type Clock, type Timer, timestamp } from '#world/clock/clock.ts';
import { ownScope } from '../flowcontrol/ensure.ts';
import type { Registry } from '../registry/context.ts';
import { updateWith } from '../registry/write/update.ts';
import { statusDoor } from '../subresource/status.ts';
import { type ApiService, apiRegistrationGroup, type Condition, withAvailability } from './api-service.ts';
import { type Calls, urlOf } from './calls.ts';
import type { Remote, Remotes } from './remotes.ts';
import type { Address, Resolved } from './resolve.ts';

const intervals = {
  /** As kube-aggregator looks again at those that are well, and at most at those that are not. */
  wellMs: 30_000,
  /** After the first failure; doubled with each. */
  failingMs: 5_000,
  /** When the disk is behind, the condition is written later. */
  unwrittenMs: 1_000,
} as const;

/** So many addresses of one Service are tried at once. */
const attempts = 5;

export interface AvailabilityOptions {
  readonly registry: Registry;
  readonly remotes: Remotes;
  readonly resolve: (remote: Remote) => Resolved;
  readonly calls: Calls;
  /** Told after each look: it answers, or does not. */
  readonly looked: (remote: Remote, address: Address | undefined) => void;
}

export interface Availability {
  /** Something about it may have changed. */
  readonly look: (name: string) => void;
  readonly stop: () => void;
}

type Outcome = Omit<Condition, 'type'>;

interface Watched {
  timer?: Timer;
  failures: number;
  looking: boolean;
  again: boolean;
}

const passed: Outcome = { status: 'True', reason: 'Passed', message: 'all checks passed' };

export function followAvailability(options: AvailabilityOptions): Availability {
  const { registry, remotes, looked } = options;
  const { clock } = registry.world;
  const watched = new Map<string, Watched>();
  let stopped = false;

  const run = async (name: string, state: Watched): Promise<void> => {
    const remote = remotes.byName(name);
    if (!remote || stopped) {
      watched.delete(name);
      return;
    }
    const { outcome, address } = await outcomeOf(remote, options);
    if (stopped) return;
    state.failures = outcome.status === 'True' ? 0 : state.failures + 1;
    const written = await write(registry, remote, outcome, clock);
    looked(remote, address);
    plan(name, state, written ? delayOf(state.failures) : intervals.unwrittenMs);
  };

  const plan = (name: string, state: Watched, delay: number): void => {
    state.timer = clock.after(delay, () => look(name));
  };

  const look = (name: string): void => {
    if (stopped) return;
    const state = watched.get(name) ?? { failures: 0, looking: false, again: false };
    watched.set(name, state);
    if (state.looking) {
      state.again = true;
      return;
    }
    state.timer?.cancel();
    state.looking = true;
    void run(name, state).finally(() => {
      state.looking = false;
      if (!state.again) return;
      state.again = false;
      look(name);
    });
  };

  return {
    look,
    stop: () => {
      stopped = true;
      for (const { timer } of watched.values()) timer?.cancel();
      watched.clear();
    },
  };
}

const delayOf = (failures: number): number =>
  failures === 0 ? intervals.wellMs : Math.min(intervals.wellMs, intervals.failingMs * 2 ** (failures - 1));

async function outcomeOf(
  remote: Remote,
  { resolve, calls }: AvailabilityOptions,
): Promise<{ readonly outcome: Outcome; readonly address?: Address }> {
  const resolved = resolve(remote);
  if ('reason' in resolved) return { outcome: { status: 'False', ...resolved } };
  const tried = resolved.addresses.slice(0, attempts).map((address) => probe(remote, address, calls));
  const failures: string[] = [];
  for (const each of tried) {
    const result = await each;
    if (typeof result !== 'string') return { outcome: passed, address: result };
    failures.push(result);
  }
  return { outcome: { status: 'False', reason: 'FailedDiscoveryCheck', message: failures.at(-1) ?? '' } };
}

/** The address, or why it is of no use. */
async function probe(remote: Remote, address: Address, calls: Calls): Promise<Address | string> {
  const { group, version } = remote;
  const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const url = urlOf(address, path);
  try {
    const { status } = await calls.get(remote, address, path, { verified: false });
    if (status >= 200 && status < 300) return address;
    return `failing or missing response from ${url}: bad status from ${url}: ${status}`;
  } catch (error) {
    return `failing or missing response from ${url}: Get "${url}": ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** False where it could not be written now. */
async function write(registry: Registry, remote: Remote, outcome: Outcome, clock: Clock): Promise<boolean> {
  const served = registry.kinds.find(apiRegistrationGroup, 'v1', 'apiservices');
  if (!served || withAvailability(remote.object, outcome, '') === remote.object) return true;
  const now = timestamp(clock.now());
  const propose = (old: KubeObject) => {
    const current = old as ApiService;
    // A look at what has changed meanwhile says nothing of what is there now.
    const same = deepEqual(current.spec, remote.object.spec);
    return { object: same ? withAvailability(current, outcome, now) : old };
  };
  try {
    await updateWith(registry, ownScope(served, remote.name, 'kube-apiserver'), statusDoor, propose);
    return true;
  } catch (error) {
    return isReason(error, 'NotFound');
  }
}
