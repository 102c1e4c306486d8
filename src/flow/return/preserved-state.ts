/** What of an application's status goes with it to another cluster, as labels (gate StatefulFailoverInjection). Pure. */
import type { BindingSpec, BindingStatus } from '#apis/work/binding-spec.ts';
import { printJsonPath } from '#kube/jsonpath/jsonpath.ts';

type StatePreservation = NonNullable<NonNullable<BindingSpec['failover']>['application']>['statePreservation'];

/**
 * Undefined where nothing is to be kept. Throws where something is and cannot be found: who is moved without its state
 * starts anew, so it rather stays.
 */
export function preservedState(
  preservation: StatePreservation,
  status: BindingStatus | undefined,
  cluster: string,
): Readonly<Record<string, string>> | undefined {
  const rules = preservation?.rules ?? [];
  if (rules.length === 0) return undefined;
  const collected = status?.aggregatedStatus?.find(({ clusterName }) => clusterName === cluster)?.status;
  if (!collected) throw new Error(`the application status has not yet been collected from Cluster(${cluster})`);
  return Object.fromEntries(
    rules.map(({ aliasLabelName, jsonPath }) => [aliasLabelName, printJsonPath(jsonPath, collected, 'fails')]),
  );
}
