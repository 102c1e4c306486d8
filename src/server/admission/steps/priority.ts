/** Priority: a Pod's priority class becomes a number; only one class is the default. */
import type { AdmissionRequest, AdmissionResponse } from '#kube/admission/review.ts';
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
  readonly preemptionPolicy?: string;
}

const name = 'Priority';

const text = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value));
const amountOf = ({ value }: UnstructuredObject): number => (typeof value === 'number' ? value : 0);

const byDefault: Resolved = { priority: 0, preemptionPolicy: 'PreemptLowerPriority' };

const resolved = (found: UnstructuredObject): Resolved => ({
  ...(found.metadata.name ? { priorityClassName: found.metadata.name } : {}),
  priority: amountOf(found),
  ...(typeof found.preemptionPolicy === 'string' ? { preemptionPolicy: found.preemptionPolicy } : {}),
});

/** The one with the lowest value, should there be several. */
function defaultClass(classes: PriorityClasses): UnstructuredObject | undefined {
  const candidates = classes.all().filter(({ globalDefault }) => globalDefault === true);
  return candidates.reduce<UnstructuredObject | undefined>(
    (lowest, each) => (lowest && amountOf(lowest) <= amountOf(each) ? lowest : each),
    undefined,
  );
}

export function priority(classes: PriorityClasses): readonly AdmissionStep[] {
  return [
    {
      name,
      phase: 'mutate',
      handles: handlesResource('', 'pods', ['CREATE', 'UPDATE']),
      review: (request) => (request.operation === 'UPDATE' ? kept(request) : settled(classes, request)),
    },
    {
      name,
      phase: 'validate',
      handles: handlesResource('scheduling.k8s.io', 'priorityclasses', ['CREATE', 'UPDATE']),
      review: (request) => {
        const { object, operation } = request;
        if ((object as UnstructuredObject).globalDefault !== true) return undefined;
        const found = defaultClass(classes)?.metadata.name;
        if (found === undefined || (operation === 'UPDATE' && found === object?.metadata.name)) return undefined;
        throw refuse(request, `PriorityClass ${found} is already marked as default. Only one default can exist`);
      },
    },
  ];
}

const specOf = (pod: UnstructuredObject) => (pod.spec ?? {}) as JsonObject;

/** An update that leaves them out does not take them away. */
function kept({ object, oldObject }: AdmissionRequest): AdmissionResponse | undefined {
  const pod = object as UnstructuredObject;
  const [spec, old] = [specOf(pod), specOf(oldObject as UnstructuredObject)];
  const missing = ['priority', 'preemptionPolicy'].filter(
    (field) => spec[field] === undefined && old[field] !== undefined,
  );
  if (missing.length === 0) return undefined;
  const again = Object.fromEntries(missing.map((field) => [field, old[field]!]));
  return { allowed: true, object: { ...pod, spec: { ...spec, ...again } } as UnstructuredObject };
}

function settled(classes: PriorityClasses, request: AdmissionRequest): AdmissionResponse {
  const pod = request.object as UnstructuredObject;
  const spec = specOf(pod);
  const wanted = typeof spec.priorityClassName === 'string' ? spec.priorityClassName : '';
  const named = wanted === '' ? undefined : classes.find(wanted);
  if (wanted !== '' && !named) throw refuse(request, `no PriorityClass with name ${wanted} was found`);
  const found = named ?? defaultClass(classes);
  const { priority, preemptionPolicy, priorityClassName } = found ? resolved(found) : byDefault;
  const from = 'from the given PriorityClass name';
  if (spec.priority !== undefined && spec.priority !== priority) {
    throw refuse(
      request,
      `the integer value of priority (${JSON.stringify(spec.priority)}) must not be provided in pod spec; priority admission controller computed ${priority} ${from}`,
    );
  }
  if (preemptionPolicy && spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== preemptionPolicy) {
    throw refuse(
      request,
      `the string value of PreemptionPolicy (${text(spec.preemptionPolicy)}) must not be provided in pod spec; priority admission controller computed ${preemptionPolicy} ${from}`,
    );
  }
  const computed = {
    ...(priorityClassName ? { priorityClassName } : {}),
    priority,
    ...(preemptionPolicy ? { preemptionPolicy } : {}),
  };
  return { allowed: true, object: { ...pod, spec: { ...spec, ...computed } } as UnstructuredObject };
}
