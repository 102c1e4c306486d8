import { expect, it } from 'vitest';
import type { Policy } from '#apis/policy/matching.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { createMetrics } from '#runtime/telemetry/metrics.ts';
import { told } from './told.ts';

const template: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'shop', name: 'a' } };
const namespaced = { kind: 'PropagationPolicy', metadata: { namespace: 'shop', name: 'pp' } } as Policy;
const clusterWide = { kind: 'ClusterPropagationPolicy', metadata: { name: 'cpp' } } as Policy;

it('says what became of a policy in events and numbers, and nothing of what changed nothing', () => {
  const said: string[] = [];
  const metrics = createMetrics();
  const event = (_object: KubeObject, type: string, reason: string, message: string) => {
    said.push(`${type} ${reason}: ${message}`);
  };
  const all = told({ event }, metrics);
  all.matched(0.5);
  all.applied(template, namespaced, 0.25, true);
  all.applied(template, clusterWide, 0.25, false);
  all.applied(template, clusterWide, 2, false, new Error('no room'));
  all.preempted(template, namespaced, clusterWide);
  all.preempted(template, clusterWide, { ...clusterWide, metadata: { name: 'old' } } as Policy, new Error('no room'));
  expect(said).toEqual([
    'Normal ApplyPolicySucceed: Apply policy(shop/pp) succeed',
    'Warning ApplyPolicyFailed: Apply cluster policy(cpp) failed: no room',
    'Normal PreemptPolicySucceed: Propagation policy(shop/pp) preempted cluster propagation policy(cpp) successfully',
    'Warning PreemptPolicyFailed: Cluster propagation policy(cpp) failed to preempt cluster propagation policy(old): no room',
  ]);
  const text = metrics.text();
  for (const line of [
    'resource_match_policy_duration_seconds_sum 0.5',
    'resource_apply_policy_duration_seconds_sum{result="success"} 0.5',
    'resource_apply_policy_duration_seconds_sum{result="error"} 2',
    'policy_apply_attempts_total{result="success"} 2',
    'policy_apply_attempts_total{result="error"} 1',
    'policy_preemption_total{result="success"} 1',
    'policy_preemption_total{result="error"} 1',
  ])
    expect(text).toContain(`${line}\n`);
});
