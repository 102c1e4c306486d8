/** What is told of overrides, on the template. */
import { reasons } from '#apis/events/reasons.ts';
import { appliedClusterOverrides, appliedOverrides } from '#apis/names/annotations.ts';
import { clusterOfExecutionNamespace } from '#apis/names/objects.ts';
import { RuleFailed } from '#apis/policy/overrides/override.ts';
import { recordedPolicies } from '#apis/policy/overrides/record.ts';
import { overrideMessage } from '#apis/policy/overrides/words.ts';
import type { Work } from '#apis/work/work.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import type { EventRecorder } from '#runtime/events.ts';

const records = [
  ['ClusterOverridePolicy', appliedClusterOverrides],
  ['OverridePolicy', appliedOverrides],
] as const;

/** Each policy once for a cluster, when what it does there is new. */
export function tellOverridden(
  events: EventRecorder,
  template: UnstructuredObject,
  written: readonly Work[],
  existing: readonly Work[],
): void {
  for (const work of written) {
    const cluster = clusterOfExecutionNamespace(work.metadata.namespace!) ?? '';
    for (const [kind, key] of records) {
      const record = work.metadata.annotations?.[key];
      if (record === undefined) continue;
      if (existing.find((each) => keyOf(each) === keyOf(work))?.metadata.annotations?.[key] === record) continue;
      const namespace = kind === 'OverridePolicy' ? template.metadata.namespace : undefined;
      for (const name of recordedPolicies(record)) {
        const message = overrideMessage({ kind, metadata: { namespace, name } }, cluster, 'succeed');
        events.event(template, 'Normal', reasons.applyOverridePolicySucceed, message);
      }
    }
  }
}

export function tellFailed(
  events: EventRecorder,
  template: UnstructuredObject,
  failures: ReadonlyMap<string, Error>,
): void {
  for (const [cluster, error] of failures) {
    if (!(error instanceof RuleFailed)) continue;
    const message = overrideMessage(error.policy, cluster, 'failed');
    events.event(template, 'Warning', reasons.applyOverridePolicyFailed, message);
  }
}
