/** The flow on a clock that the test moves: planes, waiting without sleeping, and what went wrong when it did. */
import { type SimulatedClock, simulatedClock } from '#world/clock/simulated.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { type Planes, type PlanesOptions, startPlanes } from './planes.ts';

export interface Flow extends Planes {
  readonly clock: SimulatedClock;
  /** Lets this many milliseconds pass, and all that happens in them. */
  readonly pass: (ms: number) => Promise<void>;
  /** Lets time pass until `look` answers something; fails with `what` and what troubles the controllers. */
  readonly until: <T>(what: string, look: () => Promise<T | undefined | false> | T | undefined | false) => Promise<T>;
  /** Awaits something that needs time to pass. */
  readonly drive: <T>(promise: Promise<T>) => Promise<T>;
}

export interface FlowOptions extends Omit<PlanesOptions, 'world'> {
  readonly seed?: number;
}

/** Simulated: far beyond any back-off a test should meet. */
const mostMs = 120_000;
const stepMs = 10;

export async function startFlow(options: FlowOptions = {}): Promise<Flow> {
  const clock = simulatedClock();
  const drive = async <T>(promise: Promise<T>): Promise<T> => {
    let ended = false;
    const end = () => {
      ended = true;
    };
    promise.then(end, end);
    while (!ended) await clock.advance(stepMs);
    return promise;
  };
  const world = { clock, random: seededRandom(options.seed ?? 1) };
  const planes = await drive(startPlanes({ ...options, world }));

  const troubles = () =>
    planes.components.flatMap((component) =>
      component.status().flatMap(({ name, troubles: list }) => list.map((each) => `${name} ${JSON.stringify(each)}`)),
    );

  const until: Flow['until'] = async (what, look) => {
    const end = clock.monotonic() + mostMs;
    let last: unknown;
    for (;;) {
      await clock.settle();
      try {
        const found = await look();
        if (found !== undefined && found !== false) return found;
        last = undefined;
      } catch (error) {
        last = error;
      }
      if (clock.monotonic() > end) {
        const why = last instanceof Error ? ` (last: ${last.message})` : '';
        throw new Error(`waited ${mostMs} simulated ms for: ${what}${why}\n${troubles().join('\n')}`);
      }
      await clock.advance(stepMs);
    }
  };

  return {
    ...planes,
    get components() {
      return planes.components;
    },
    clock,
    drive,
    until,
    pass: (ms) => clock.advance(ms),
    startComponents: () => drive(planes.startComponents()),
    stopComponents: (name) => drive(planes.stopComponents(name)),
    addMember: (name, metadata) => drive(planes.addMember(name, metadata)),
    stop: () => drive(planes.stop()),
  };
}
