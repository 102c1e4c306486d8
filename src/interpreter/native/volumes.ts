/** PersistentVolume and its claim: what is bound to what is each cluster's own; together they are as well as the worst. */
import type { JsonObject } from '#kube/meta/object.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { fieldsOf, keep, worstOf } from './fields.ts';

/** The phase alone; the same reference when it is so already. Nothing is said before a cluster has. */
const byPhase =
  (choose: (phases: readonly unknown[]) => unknown): NonNullable<KindInterpreter['aggregateStatus']> =>
  (template, items) => {
    const old = template.status as JsonObject | undefined;
    const phase = choose(items.map((item) => fieldsOf(item.status).phase).filter((each) => each !== undefined));
    return phase === undefined || phase === old?.phase ? old : ({ ...old, phase } as JsonObject);
  };

const volumePhases = ['Failed', 'Pending', 'Available', 'Bound', 'Released'];

export const persistentVolumeInterpreter: KindInterpreter = {
  retain: (desired, observed) => ({ ...desired, spec: keep(desired.spec, observed.spec, ['claimRef']) }),
  aggregateStatus: byPhase((phases) => worstOf(volumePhases, phases)),
};

export const persistentVolumeClaimInterpreter: KindInterpreter = {
  retain: (desired, observed) => ({ ...desired, spec: keep(desired.spec, observed.spec, ['volumeName']) }),
  interpretHealth: (claim) => (fieldsOf(claim.status).phase === 'Bound' ? 'Healthy' : 'Unhealthy'),
  aggregateStatus: byPhase(
    (phases) => worstOf(['Lost'], phases) ?? phases.find((phase) => phase !== 'Bound') ?? phases[0],
  ),
};
