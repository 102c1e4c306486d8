/** Waiting in a rehearsal: simulated time passes until something holds, and not for ever. */
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import { findCondition } from '#kube/conditions/conditions.ts';
import type { Condition } from '#kube/meta/object.ts';
import type { Sandbox } from './sandbox.ts';

const lookEveryMs = 500;

/** Answers whether it held within `mostMs` of simulated time. */
export async function holdsWithin(
  { drive, pass, clock }: Sandbox,
  mostMs: number,
  holds: () => Promise<boolean>,
): Promise<boolean> {
  const end = clock.monotonic() + mostMs;
  for (;;) {
    if (await drive(holds())) return true;
    if (clock.monotonic() >= end) return false;
    await pass(lookEveryMs);
  }
}

const readyWithinMs = 120_000;

/** Throws where a cluster does not get ready: the snapshot does not live. */
export async function untilReady(sandbox: Sandbox): Promise<void> {
  const clusters = sandbox.control.resource<Cluster>(ClusterKind);
  let waiting: readonly string[] = [];
  const ready = await holdsWithin(sandbox, readyWithinMs, async () => {
    const isReady = ({ status }: Cluster) =>
      findCondition(status?.conditions as readonly Condition[] | undefined, 'Ready')?.status === 'True';
    waiting = (await clusters.list()).items.filter((each) => !isReady(each)).map(({ metadata }) => metadata.name!);
    return waiting.length === 0;
  });
  if (!ready)
    throw new Error(`the copy of ${waiting.join(', ')} does not get ready; this is an error of ours, please report it`);
}
