/** What a Job says should follow from how its Pods end: podFailurePolicy and successPolicy. Pure. */
import type { ContainerStatus, Job, Pod, PodFailurePolicyRule } from '#apis/kubernetes/types.ts';
import { countShared, type Indexes, readIndexes } from './indexes.ts';

export interface Verdict {
  readonly action: PodFailurePolicyRule['action'];
  /** Why, in Kubernetes' words; empty where no rule applies. */
  readonly message: string;
}

const counts: Verdict = { action: 'Count', message: '' };

/** Of the first rule that matches a failed Pod; without one the failure counts. */
export function verdictOn({ spec }: Job, pod: Pod): Verdict {
  for (const [index, rule] of (spec.podFailurePolicy?.rules ?? []).entries()) {
    const why = whyMatched(rule, pod);
    if (why) return { action: rule.action, message: `${why} matching ${rule.action} rule at index ${index}` };
  }
  return counts;
}

function whyMatched({ onExitCodes, onPodConditions }: PodFailurePolicyRule, pod: Pod): string | undefined {
  const name = `${pod.metadata.namespace}/${pod.metadata.name}`;
  if (onExitCodes) {
    const { containerName, operator, values } = onExitCodes;
    const statuses = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])];
    const found = statuses.find((status) => {
      const code = exitCodeOf(status);
      if (code === undefined || code === 0 || (containerName !== undefined && status.name !== containerName))
        return false;
      return values.includes(code) === (operator === 'In');
    });
    return found && `Container ${found.name} for pod ${name} failed with exit code ${exitCodeOf(found)}`;
  }
  const pattern = onPodConditions?.find(({ type, status = 'True' }) =>
    pod.status?.conditions?.some((condition) => condition.type === type && condition.status === status),
  );
  return pattern && `Pod ${name} has condition ${pattern.type}`;
}

const exitCodeOf = ({ state }: ContainerStatus): number | undefined => state?.terminated?.exitCode;

/** The first rule of the success policy that the completed indexes meet; undefined when none does. */
export function successRuleMet({ spec }: Job, completed: Indexes): number | undefined {
  const at = (spec.successPolicy?.rules ?? []).findIndex(({ succeededIndexes, succeededCount }) => {
    const asked = succeededIndexes === undefined ? undefined : readIndexes(succeededIndexes);
    const met = asked ? countShared(asked, completed) : completed.size;
    return met >= (succeededCount ?? asked?.size ?? Number.POSITIVE_INFINITY);
  });
  return at < 0 ? undefined : at;
}
