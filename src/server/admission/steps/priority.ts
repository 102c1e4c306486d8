/** Priority: a Pod's priority class becomes a number. */
import type { JsonObject, JsonValue, UnstructuredObject } from '#kube/meta/object.ts';
import { refuse } from '../refuse.ts';
import { type AdmissionStep, handlesResource } from '../step.ts';

export interface PriorityClasses {
  readonly find: (name: string) => UnstructuredObject | undefined;
  readonly all: () => readonly UnstructuredObject[];
}

interface Resolved {
  readonly priorityClassName?: string;
  readonly priority: number;
  readonly preemptionPolicy: string;
}

const text = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value));

const byDefault: Resolved = { priority: 0, preemptionPolicy: 'PreemptLowerPriority' };

const resolved = (found: UnstructuredObject): Resolved => ({
  ...(found.metadata.name ? { priorityClassName: found.metadata.name } : {}),
  priority: typeof found.value === 'number' ? found.value : 0,
  preemptionPolicy: typeof found.preemptionPolicy === 'string' ? found.preemptionPolicy : byDefault.preemptionPolicy,
});

export function priority(classes: PriorityClasses): AdmissionStep {
  return {
    name: 'Priority',
    phase: 'mutate',
    handles: handlesResource('', 'pods', ['CREATE']),
    review: (request) => {
      const pod = request.object as UnstructuredObject;
      const spec = (pod.spec ?? {}) as JsonObject;
      const name = typeof spec.priorityClassName === 'string' ? spec.priorityClassName : '';
      const named = name === '' ? undefined : classes.find(name);
      if (name !== '' && !named) throw refuse(request, `no PriorityClass with name ${name} was found`);
      const found = named ?? classes.all().find(({ globalDefault }) => globalDefault === true);
      const { priority, preemptionPolicy, priorityClassName } = found ? resolved(found) : byDefault;
      if (spec.priority !== undefined && spec.priority !== priority) {
        throw refuse(
          request,
          `the integer value of priority (${JSON.stringify(spec.priority)}) must not be provided in pod spec; priority admission controller computed ${priority} from the given PriorityClass name`,
        );
      }
      if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== preemptionPolicy) {
        throw refuse(
          request,
          `the string value of PreemptionPolicy (${text(spec.preemptionPolicy)}) must not be provided in pod spec; priority admission controller computed ${preemptionPolicy} from the given PriorityClass name`,
        );
      }
      const settled = { ...spec, ...(priorityClassName ? { priorityClassName } : {}), priority, preemptionPolicy };
      return { allowed: true, object: { ...pod, spec: settled } as UnstructuredObject };
    },
  };
}
