/** What happens to a workload when its cluster, or it itself, is unhealthy; carried from policy to binding. */
import { array, enumeration, int32, object, required, string, withDefault } from '#kube/schema/build.ts';
import { described } from '#kube/schema/described.ts';

const statePreservation = described(
  object({
    rules: required(array(object({ aliasLabelName: required(string()), jsonPath: required(string()) }))),
  }),
  {
    rules: 'A label each.',
    'rules.aliasLabelName': 'Key of the label that the new copy gets.',
    'rules.jsonPath': 'JSONPath of the value, within the status that was collected from the cluster that is left.',
  },
);

export const failover = described(
  object({
    application: object({
      decisionConditions: required(object({ tolerationSeconds: withDefault(int32(), 300) })),
      gracePeriodSeconds: int32(),
      purgeMode: withDefault(
        enumeration(['Directly', 'Gracefully', 'Never', 'Immediately', 'Graciously']),
        'Gracefully',
      ),
      statePreservation,
    }),
    cluster: object({
      purgeMode: withDefault(enumeration(['Directly', 'Gracefully']), 'Gracefully'),
      statePreservation,
    }),
  }),
  {
    application:
      'What happens to a workload that is unhealthy in its cluster; it stays when absent. Needs ' +
      'propagateDeps and the gate Failover.',
    'application.decisionConditions': 'When a workload counts as failed.',
    'application.decisionConditions.tolerationSeconds':
      'For how many seconds it may be unhealthy before it leaves the cluster; 300 when absent.',
    'application.gracePeriodSeconds':
      'How many seconds the old copy waits at most for the new one to become healthy; only with ' +
      'Gracefully, where 600 is filled in.',
    'application.purgeMode':
      'When the old copy goes. Gracefully: once the new one is healthy; Directly: before there is one; ' +
      'Never: not by itself. Immediately and Graciously are old names of Directly and Gracefully.',
    'application.statePreservation':
      'Parts of the status in the old cluster that become labels of the new copy; none when absent. Gate ' +
      'StatefulFailoverInjection.',
    cluster:
      'How a workload leaves a cluster that has a NoExecute taint it does not tolerate; as the ' +
      'controller manager is told when absent.',
    'cluster.purgeMode':
      'When the old copy goes. Gracefully, the default: once the new one is healthy; Directly: before ' +
      'there is one.',
    'cluster.statePreservation':
      'Parts of the status in the old cluster that become labels of the new copy; none when absent. Gate ' +
      'StatefulFailoverInjection.',
  },
);
