/**
 * What a template means: how many replicas it asks for, what a member keeps for itself, what its status says. Every
 * call goes through the sources in order (customization, webhook, third-party, native; compatibility.md section 6);
 * a source that has no answer for a kind leaves it to the next.
 */
import type { AggregatedStatusItem, BindingSpec } from '#apis/work/binding-spec.ts';
import type { ReplicaRequirements } from '#apis/work/requirements.ts';
import type { JsonObject, UnstructuredObject } from '#kube/meta/object.ts';
import type { LabelSelector } from '#kube/selector/labels.ts';
import type { Affects } from './changes.ts';

export type Health = 'Healthy' | 'Unhealthy' | 'Unknown';

export interface Replicas {
  readonly replicas: number;
  /** Absent when one replica asks for nothing in particular. */
  readonly requirements?: ReplicaRequirements;
}

/** One of a workload's kinds of Pods: a Flink job's task managers. */
export type Component = NonNullable<BindingSpec['components']>[number];

/** An object, or all that a selector matches, that a template needs where it runs. */
export interface Dependency {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly labelSelector?: LabelSelector;
}

/** An answer now, or later: a webhook has to be asked. */
type Answer<T> = T | Promise<T>;

/** One source of meaning for one kind; what is absent is not known to it. */
export interface KindInterpreter {
  readonly getReplicas?: (template: UnstructuredObject) => Answer<Replicas>;
  readonly getComponents?: (template: UnstructuredObject) => Answer<readonly Component[]>;
  /** The manifest with this many replicas; the same reference when it has no such field. */
  readonly reviseReplica?: (manifest: UnstructuredObject, replicas: number) => Answer<UnstructuredObject>;
  /** The manifest with what the member's object must keep. */
  readonly retain?: (desired: UnstructuredObject, observed: UnstructuredObject) => Answer<UnstructuredObject>;
  /** What of the member's status is collected; undefined for nothing. */
  readonly reflectStatus?: (observed: UnstructuredObject) => Answer<JsonObject | undefined>;
  readonly interpretHealth?: (observed: UnstructuredObject) => Answer<Health>;
  /** The template's new status; the same reference as its old one when nothing changes. */
  readonly aggregateStatus?: (
    template: UnstructuredObject,
    items: readonly AggregatedStatusItem[],
  ) => Answer<JsonObject | undefined>;
  readonly getDependencies?: (template: UnstructuredObject) => Answer<readonly Dependency[]>;
}

type Operation = keyof KindInterpreter;

export interface Interpreter {
  /** Does anybody know this operation for the object's kind? */
  readonly knows: (object: UnstructuredObject, operation: Operation) => boolean;
  /** Undefined when the kind is not a workload. */
  readonly getReplicas: (template: UnstructuredObject) => Promise<Replicas | undefined>;
  /** Undefined when nobody knows the parts of this kind. */
  readonly getComponents: (template: UnstructuredObject) => Promise<readonly Component[] | undefined>;
  readonly reviseReplica: (manifest: UnstructuredObject, replicas: number) => Promise<UnstructuredObject>;
  readonly retain: (desired: UnstructuredObject, observed: UnstructuredObject) => Promise<UnstructuredObject>;
  readonly reflectStatus: (observed: UnstructuredObject) => Promise<JsonObject | undefined>;
  readonly interpretHealth: (observed: UnstructuredObject) => Promise<Health>;
  /** Undefined when nobody knows how to aggregate this kind: its template's status is left alone. */
  readonly aggregateStatus: (
    template: UnstructuredObject,
    items: readonly AggregatedStatusItem[],
  ) => Promise<JsonObject | undefined>;
  readonly getDependencies: (template: UnstructuredObject) => Promise<readonly Dependency[]>;
  /** Hears, some changes at a time, which kinds mean something else now: what rests on it is to be looked at again. */
  readonly onChange: (listener: (affects: Affects) => void) => void;
}

/** A source: the kind's interpreter, or undefined when it knows nothing of the kind. */
export type InterpreterSource = (apiVersion: string, kind: string) => KindInterpreter | undefined;

/** The interpreter over these sources, first answer wins; without `onChange` they never change. */
export function interpreterOf(
  sources: readonly InterpreterSource[],
  onChange: Interpreter['onChange'] = () => {},
): Interpreter {
  const find = <K extends keyof KindInterpreter>(object: UnstructuredObject, operation: K): KindInterpreter[K] => {
    for (const source of sources) {
      const found = source(object.apiVersion, object.kind)?.[operation];
      if (found) return found;
    }
    return undefined;
  };
  return {
    knows: (object, operation) => find(object, operation) !== undefined,
    getComponents: async (template) => find(template, 'getComponents')?.(template),
    getReplicas: async (template) => find(template, 'getReplicas')?.(template),
    reviseReplica: async (manifest, replicas) =>
      (await find(manifest, 'reviseReplica')?.(manifest, replicas)) ?? manifest,
    retain: async (desired, observed) => (await find(desired, 'retain')?.(desired, observed)) ?? desired,
    reflectStatus: async (observed) => {
      const reflect = find(observed, 'reflectStatus');
      return reflect ? reflect(observed) : (observed.status as JsonObject | undefined);
    },
    interpretHealth: async (observed) => (await find(observed, 'interpretHealth')?.(observed)) ?? 'Healthy',
    aggregateStatus: async (template, items) => find(template, 'aggregateStatus')?.(template, items),
    getDependencies: async (template) => (await find(template, 'getDependencies')?.(template)) ?? [],
    onChange,
  };
}
