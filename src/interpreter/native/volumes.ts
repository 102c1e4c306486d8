/** PersistentVolume and its claim: what is bound to what is each cluster's own; together they are as well as the worst. */
import type { JsonObject } from '#kube/meta/object.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { fieldsOf, keep, worstOf } from './fields.ts';

/** The phase alone; the same reference when it is so already. A phase is undefined where a cluster has told nothing yet. */
const byPhase =
  (choose: (phases: readonly unknown[]) => unknown): NonNullable<KindInterpreter['aggregateStatus']> =>
  (template, items) => {
    const old = template.status as JsonObject | undefined;
    const phase = choose(items.map((item) => fieldsOf(item.status).phase));
    return phase === undefined || phase === old?.phase ? old : ({ ...old, phase } as JsonObject);
  };

const volumePhases = ['Failed', 'Pending', 'Available', 'Bound', 'Released'];

export const persistentVolumeInterpreter: KindInterpreter = {
  retain: (desired, observed) => ({ ...desired, spec: keep(desired.spec, observed.spec, ['claimRef']) }),
  aggregateStatus: byPhase((phases) =>
    worstOf(
      volumePhases,
      phases.map((phase) => phase ?? 'Pending'),
    ),
  ),
};

/** Lost wins over any other that is not Bound; nothing is said before a cluster has. */
function claimPhase(phases: readonly unknown[]): unknown {
  const told = phases.filter((phase) => phase !== undefined);
  return worstOf(['Lost'], told) ?? told.findLast((phase) => phase !== 'Bound') ?? told[0];
}

export const persistentVolumeClaimInterpreter: KindInterpreter = {
  retain: (desired, observed) => ({ ...desired, spec: keep(desired.spec, observed.spec, ['volumeName']) }),
  interpretHealth: (claim) => (fieldsOf(claim.status).phase === 'Bound' ? 'Healthy' : 'Unhealthy'),
  aggregateStatus: byPhase(claimPhase),
};
