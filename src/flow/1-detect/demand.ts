/** What a template asks for, by the interpreter: replicas, or components where several kinds of Pods are scheduled. */
import { reasons } from '#apis/events/reasons.ts';
import type { BindingSpec } from '#apis/work/binding-spec.ts';
import type { Interpreter, Replicas } from '#interpreter/interpreter.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import type { EventRecorder } from '#runtime/events.ts';
import type { DetectorGates } from './gates.ts';

export interface Demand {
  /** Undefined when the template is not a workload, or is one of components. */
  readonly replicas?: Replicas | undefined;
  readonly components?: BindingSpec['components'];
}

export interface DemandContext {
  readonly interpreter: Interpreter;
  readonly events: EventRecorder;
  readonly gates: DetectorGates;
}

/**
 * That it went well is worth an event while there is no binding. That it went wrong always is, on the binding too; the
 * error is then the caller's.
 */
export async function demandOf(
  context: DemandContext,
  template: KubeObject,
  binding: KubeObject | undefined,
): Promise<Demand> {
  const { interpreter, gates } = context;
  const object = template as UnstructuredObject;
  if (gates.MultiplePodTemplatesScheduling && interpreter.knows(object, 'getComponents')) {
    const { getComponentsSucceed, getComponentsFailed } = reasons;
    const components = await told(
      context,
      template,
      binding,
      [getComponentsSucceed, getComponentsFailed, 'components'],
      () => interpreter.getComponents(object),
    );
    return { components };
  }
  const { getReplicasSucceed, getReplicasFailed } = reasons;
  const replicas = await told(context, template, binding, [getReplicasSucceed, getReplicasFailed, 'replicas'], () =>
    interpreter.getReplicas(object),
  );
  if (!replicas?.requirements || !gates.ResourceQuotaEstimate) return { replicas };
  return { replicas: { ...replicas, requirements: { ...quotaScopeOf(object), ...replicas.requirements } } };
}

type PodSpec = { readonly priorityClassName?: unknown } | undefined;

/** What decides which quotas count a Pod of the template: its namespace and its priority. */
function quotaScopeOf({ kind, metadata: { namespace }, spec }: UnstructuredObject) {
  const template = (spec as { readonly template?: { readonly spec?: PodSpec } } | undefined)?.template?.spec;
  const { priorityClassName } = (kind === 'Pod' ? (spec as PodSpec) : template) ?? {};
  return {
    ...(namespace ? { namespace } : {}),
    ...(typeof priorityClassName === 'string' && priorityClassName !== '' ? { priorityClassName } : {}),
  };
}

async function told<T>(
  { events }: DemandContext,
  template: KubeObject,
  binding: KubeObject | undefined,
  [succeed, failed, what]: readonly [string, string, string],
  answer: () => Promise<T | undefined>,
): Promise<T | undefined> {
  try {
    const found = await answer();
    if (found !== undefined && !binding)
      events.event(template, 'Normal', succeed, `Get ${what} of resource template successfully.`);
    return found;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    for (const object of [template, ...(binding ? [binding] : [])]) events.event(object, 'Warning', failed, why);
    throw error;
  }
}
