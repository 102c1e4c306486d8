/**
 * What a template means: how many replicas it asks for, what a member keeps for itself, what its status says. Every
 * call goes through the sources in order (customization, webhook, third-party, native; compatibility.md section 6);
 * a source that has no answer for a kind leaves it to the next.
 */
import type { AggregatedStatusItem } from '#apis/work/binding-spec.ts';
import type { ReplicaRequirements } from '#apis/work/requirements.ts';
import type { JsonObject, UnstructuredObject } from '#kube/meta/object.ts';
import type { LabelSelector } from '#kube/selector/labels.ts';

export type Health = 'Healthy' | 'Unhealthy' | 'Unknown';

export interface Replicas {
  readonly replicas: number;
  /** Absent when one replica asks for nothing in particular. */
  readonly requirements?: ReplicaRequirements;
}

/** An object, or all that a selector matches, that a template needs where it runs. */
export interface Dependency {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly labelSelector?: LabelSelector;
}

/** One source of meaning for one kind; what is absent is not known to it. */
export interface KindInterpreter {
  readonly getReplicas?: (template: UnstructuredObject) => Replicas;
  /** The manifest with this many replicas; the same reference when it has no such field. */
  readonly reviseReplica?: (manifest: UnstructuredObject, replicas: number) => UnstructuredObject;
  /** The manifest with what the member's object must keep. */
  readonly retain?: (desired: UnstructuredObject, observed: UnstructuredObject) => UnstructuredObject;
  /** What of the member's status is collected; undefined for nothing. */
  readonly reflectStatus?: (observed: UnstructuredObject) => JsonObject | undefined;
  readonly interpretHealth?: (observed: UnstructuredObject) => Health;
  /** The template's new status; the same reference as its old one when nothing changes. */
  readonly aggregateStatus?: (
    template: UnstructuredObject,
    items: readonly AggregatedStatusItem[],
  ) => JsonObject | undefined;
  readonly getDependencies?: (template: UnstructuredObject) => readonly Dependency[];
}

export interface Interpreter {
  /** Undefined when the kind is not a workload. */
  readonly getReplicas: (template: UnstructuredObject) => Promise<Replicas | undefined>;
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
}

/** A source: the kind's interpreter, or undefined when it knows nothing of the kind. */
export type InterpreterSource = (apiVersion: string, kind: string) => KindInterpreter | undefined;

/** The interpreter over these sources, first answer wins. */
export function interpreterOf(sources: readonly InterpreterSource[]): Interpreter {
  const find = <K extends keyof KindInterpreter>(object: UnstructuredObject, operation: K): KindInterpreter[K] => {
    for (const source of sources) {
      const found = source(object.apiVersion, object.kind)?.[operation];
      if (found) return found;
    }
    return undefined;
  };
  return {
    getReplicas: async (template) => find(template, 'getReplicas')?.(template),
    reviseReplica: async (manifest, replicas) => find(manifest, 'reviseReplica')?.(manifest, replicas) ?? manifest,
    retain: async (desired, observed) => find(desired, 'retain')?.(desired, observed) ?? desired,
    reflectStatus: async (observed) => {
      const reflect = find(observed, 'reflectStatus');
      return reflect ? reflect(observed) : (observed.status as JsonObject | undefined);
    },
    interpretHealth: async (observed) => find(observed, 'interpretHealth')?.(observed) ?? 'Healthy',
    aggregateStatus: async (template, items) => find(template, 'aggregateStatus')?.(template, items),
    getDependencies: async (template) => find(template, 'getDependencies')?.(template) ?? [],
  };
}
