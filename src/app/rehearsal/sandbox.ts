/** A control plane and members on simulated time in this process, loaded with snapshots: where plans are rehearsed. */
import type { Sandbox, SandboxOptions } from '#migrate/rehearse/sandbox.ts';
import { restoredStore } from '#server/storage/memory.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { knownKind } from '../kinds.ts';
import { controlPlaneName } from '../up/control-plane.ts';
import { callCounter } from './calls.ts';
import { addCluster, clientFor, controlKinds, startComponents, startControlServer } from './control-plane.ts';
import { type LoadedMember, startLoadedMember } from './member.ts';
import { restored } from './restore.ts';
import { settingsOf } from './settings.ts';

/** Time that passes between two looks at whether the work is done. */
const stepMs = 10;
/** Of one piece of work: far beyond every patience in it. */
const mostMs = 24 * 3_600_000;
/** Always the same: one plan and one snapshot give one rehearsal. */
const seed = 1;

export async function startSandbox({ now, control, clusters, flags, evicts }: SandboxOptions): Promise<Sandbox> {
  const settings = settingsOf(flags, evicts);
  const clock = simulatedClock(now);
  const world = { clock, random: seededRandom(seed) };
  const drive = async <T>(work: Promise<T>): Promise<T> => {
    let ended = false;
    const end = () => {
      ended = true;
    };
    work.then(end, end);
    const most = clock.monotonic() + mostMs;
    while (!ended) {
      if (clock.monotonic() > most) throw new Error('a step of the rehearsal does not end; please report it');
      await clock.advance(stepMs);
    }
    return work;
  };
  const loads = [
    restored(controlPlaneName, control.resources, controlKinds),
    ...clusters.map(({ cluster, resources }) => restored(cluster, resources)),
  ];
  const store = restoredStore(
    { clock },
    loads.flatMap(({ records }) => records),
  );
  const counter = callCounter();
  const plane = await drive(startControlServer(store, world));
  const members = new Map<string, LoadedMember>();
  for (const [index, snapshot] of clusters.entries()) {
    members.set(snapshot.cluster, await drive(startLoadedMember(snapshot, index, { store, world })));
  }
  const counted = new Map([...members].map(([name, { handler }]) => [name, counter.counting(name, handler)] as const));
  const door = counter.counting(controlPlaneName, plane.handler);
  const client = (name: string, handler: typeof door) => clientFor(name, handler, world, 'flotilla-migrate');
  for (const { cluster } of clusters) {
    const known = control.clusters.find(({ metadata }) => metadata.name === cluster);
    await drive(addCluster(client(controlPlaneName, plane.handler), cluster, known));
  }
  const components = startComponents({ control: door, memberOf: (name) => counted.get(name), world, settings });
  await drive(Promise.all(components.map(({ started }) => started)));
  const memberNamed = (name: string) => {
    const member = members.get(name);
    if (!member) throw new RangeError(`cluster ${name} is no part of the rehearsal`);
    return member;
  };
  return {
    ...world,
    control: client(controlPlaneName, door),
    member: (name) => client(memberNamed(name).name, counted.get(name)!),
    setCluster: (name, up) => memberNamed(name).setUp(up),
    calls: counter.calls,
    unknown: [...new Set(loads.flatMap(({ unknown }) => unknown))],
    drive,
    pass: clock.advance,
    knownKind,
    evicting: settings['karmada-controller-manager'].taintEviction !== undefined,
    stop: async () => {
      for (const component of components) await drive(component.stop());
      for (const member of members.values()) await drive(member.stop());
      plane.stop();
      await store.close();
    },
  };
}
