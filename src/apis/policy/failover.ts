/** What happens to a workload when its cluster, or it itself, is unhealthy; carried from policy to binding. */
import { array, enumeration, int32, object, required, string, withDefault } from '#kube/schema/build.ts';

const statePreservation = object({
  rules: required(array(object({ aliasLabelName: required(string()), jsonPath: required(string()) }))),
});

export const failover = object({
  application: object({
    decisionConditions: required(object({ tolerationSeconds: withDefault(int32(), 300) })),
    gracePeriodSeconds: int32(),
    purgeMode: withDefault(enumeration(['Directly', 'Gracefully', 'Never', 'Immediately', 'Graciously']), 'Gracefully'),
    statePreservation,
  }),
  cluster: object({
    purgeMode: withDefault(enumeration(['Directly', 'Gracefully']), 'Gracefully'),
    statePreservation,
  }),
});
