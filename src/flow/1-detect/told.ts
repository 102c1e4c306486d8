/** What detection says of a template and its policy: events in the reference's words, and its metrics. */
import { reasons } from '#apis/events/reasons.ts';
import type { Policy } from '#apis/policy/matching.ts';
import { keyFor } from '#kube/meta/key.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { EventRecorder } from '#runtime/events.ts';
import type { Metrics } from '#runtime/telemetry/metrics.ts';
import { metric } from '#runtime/telemetry/names.ts';

const described = ({ metadata: { namespace, name } }: Policy): string => keyFor(namespace, name!);

const words = ({ kind }: Policy): string =>
  kind === 'PropagationPolicy' ? 'propagation policy' : 'cluster propagation policy';

const subject = (policy: Policy): string => {
  const text = words(policy);
  return `${text[0]!.toUpperCase()}${text.slice(1)}(${described(policy)})`;
};

const applying = (policy: Policy): string =>
  `Apply ${policy.kind === 'PropagationPolicy' ? '' : 'cluster '}policy(${described(policy)})`;

export interface Told {
  /** A policy was found for a template that had none; `seconds` it took. */
  readonly matched: (seconds: number) => void;
  /** The policy was put into effect, or an error kept it from being; `changed`: the binding was written. */
  readonly applied: (template: KubeObject, policy: Policy, seconds: number, changed: boolean, error?: Error) => void;
  readonly preempted: (template: KubeObject, policy: Policy, from: Policy, error?: Error) => void;
}

export function told(events: EventRecorder, metrics: Metrics): Told {
  const result = (error: Error | undefined) => ({ result: error ? 'error' : 'success' });
  const matchSeconds = metrics.histogram(metric.matchPolicySeconds, {});
  return {
    matched: (seconds) => matchSeconds.observe(seconds),
    applied: (template, policy, seconds, changed, error) => {
      metrics.counter(metric.policyAttempts, result(error)).add();
      metrics.histogram(metric.applyPolicySeconds, result(error)).observe(seconds);
      if (error)
        events.event(template, 'Warning', reasons.applyPolicyFailed, `${applying(policy)} failed: ${error.message}`);
      else if (changed) events.event(template, 'Normal', reasons.applyPolicySucceed, `${applying(policy)} succeed`);
    },
    preempted: (template, policy, from, error) => {
      metrics.counter(metric.policyPreemptions, result(error)).add();
      const taken = `${words(from)}(${described(from)})`;
      if (error) {
        const text = `${subject(policy)} failed to preempt ${taken}: ${error.message}`;
        events.event(template, 'Warning', reasons.preemptPolicyFailed, text);
      } else {
        const text = `${subject(policy)} preempted ${taken} successfully`;
        events.event(template, 'Normal', reasons.preemptPolicySucceed, text);
      }
    },
  };
}
