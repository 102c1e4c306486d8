/** The whole product on simulated time: a control plane, its components, two members with Pods; faults between them. */

import type { Faults } from '#client/faulty.ts';
import { type Flow, startFlow } from '#harness/flow.ts';
import { type Member, startMember } from '#member/member.ts';
import { loadStages } from '#member/stages.ts';
import { silentLog } from '#runtime/telemetry/log.ts';
import { createMetrics } from '#runtime/telemetry/metrics.ts';
import { systemDisk } from '#world/disk/system.ts';
import { programRoot } from '#world/process/root.ts';

export interface Fleet {
  readonly flow: Flow;
  readonly members: ReadonlyMap<string, Member>;
  readonly setFaults: (faults: Faults) => void;
}

export async function startFleet(seed: number): Promise<Fleet> {
  const stages = await loadStages(systemDisk, `${programRoot()}/data/stages`, 'instant');
  const members = new Map<string, Member>();
  let faults: Faults = {};
  const flow = await startFlow({
    seed,
    // Frozen objects are the unit tests' business; here they would only cost time.
    freeze: false,
    faults: () => faults,
    before: (name, handler) => members.get(name)?.handler ?? handler,
    inside: async (inside) => {
      const member = startMember({ ...inside, stages, log: silentLog, metrics: createMetrics() });
      members.set(inside.name, member);
      await member.started;
      return member.stop;
    },
  });
  return {
    flow,
    members,
    setFaults: (now) => {
      faults = now;
    },
  };
}
