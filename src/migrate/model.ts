/**
 * A migration plan as people review it and as the other commands follow it: what was seen in the running cluster, what
 * is to be done with each object, in which order. It holds names, hashes and verdicts, and never the data of a Secret.
 */
import type { JsonValue, KubeObject } from '#kube/meta/object.ts';

/** What becomes of one object. `adopt` alone restarts nothing and changes nothing that anybody stated. */
export type Verdict =
  /** Only metadata is written. */
  | { readonly is: 'adopt' }
  /** Fields besides metadata change, and no Pod is restarted for it. */
  | { readonly is: 'change'; readonly fields: readonly string[] }
  /** Pods would be replaced or stopped; refused by apply unless it is told otherwise. */
  | { readonly is: 'restart'; readonly fields: readonly OwnedField[] }
  /** Another template of that name, or another policy that has it, stands in the way. */
  | { readonly is: 'conflict'; readonly reason: string }
  /** It cannot be taken over as it is. */
  | { readonly is: 'blocked'; readonly reason: string }
  /** It is not to be taken over: some controller's own, or the cluster's. */
  | { readonly is: 'skip'; readonly reason: string };

export interface OwnedField {
  /** `.spec.template.spec.containers[name="web"].image` */
  readonly path: string;
  /** Field managers that own it in the member; empty when nobody does. */
  readonly managers: readonly string[];
  /** What it is in the member, where it stays so; told as in `Change`. */
  readonly value?: JsonValue;
}

/** What a write would change of a field. */
export interface Change {
  readonly is: 'added' | 'changed' | 'removed';
  /** `.spec.template.spec.containers[name="web"].image` */
  readonly path: string;
  /** Of a Secret's data and of what is too long to show: words that stand for it. */
  readonly before?: JsonValue;
  readonly after?: JsonValue;
  /** Field managers that own it in the member. */
  readonly managers: readonly string[];
  /** Pods are replaced or stopped for it. */
  readonly restarts?: true;
}

/** What an override policy of the control plane changes of a template on its way into clusters. */
export interface Override {
  /** `ClusterOverridePolicy mirror` */
  readonly policy: string;
  readonly clusters: readonly string[];
  readonly fields: readonly string[];
}

/** What an object needs, or what belongs to it, and is not with it once it is where the plan puts it. */
export interface Lack {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** What it is to the object: `selects Pods of Deployment shop/web`. */
  readonly because: string;
  readonly is:
    | /** Not in the running cluster either. */ 'missing'
    | /** There, and no part of the plan. */ 'left-out'
    | /** A part of the plan that cannot be taken over. */ 'refused'
    | /** A part of the plan, for fewer clusters. */ 'elsewhere'
    | /** The control plane has a template of it, which does not come. */ 'held'
    | /** A kind that the clusters do not know, of the object itself. */ 'not-served';
  /** That would be without it; absent: none, but it would not be under management. */
  readonly clusters?: readonly string[];
  /** By whom or why it is held, refused or left out; absent where no policy has a template that is there. */
  readonly why?: string;
}

/** What another cluster of the plan has under an object's name, and would lose. */
export interface Overwrite {
  readonly cluster: string;
  readonly fields: readonly string[];
}

export interface PlannedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** Of the member's object when it was looked at: a later one makes the plan stale. */
  readonly uid: string;
  readonly resourceVersion: string;
  readonly verdict: Verdict;
  /**
   * With values, marks of management apart: what the write changes in the member; in a conflict, what the plan's template
   * would change of the one that the control plane has.
   */
  readonly changes?: readonly Change[];
  /** How many more there are. */
  readonly moreChanges?: number;
  /** What the member's object has and the template leaves to whoever set it: an autoscaler's replicas. */
  readonly kept?: readonly OwnedField[];
  /** Counted in the verdict. */
  readonly overrides?: readonly Override[];
  readonly lacks?: readonly Lack[];
  /** Apply leaves the object out unless it is told otherwise. */
  readonly overwrites?: readonly Overwrite[];
  /** Why it is in the plan, where it was not asked for itself: `is used by Deployment shop/web`. */
  readonly because?: string;
  /** What is worth a look before going on: a StatefulSet that would be divided, a dependency that is missing. */
  readonly notes?: readonly string[];
  /** From 1; absent for what is skipped, blocked or in conflict. */
  readonly wave?: number;
  /** The template, relative to the plan's folder. */
  readonly file?: string;
  /** SHA-256 of the template's JSON as its file has it: of a Secret without the data. */
  readonly hash?: string;
}

export interface Wave {
  readonly number: number;
  /** What its objects have in common: `namespaces`, `configuration`, `workloads`. */
  readonly title: string;
  readonly objects: number;
}

export const planApiVersion = 'migrate.flotilla.io/v1alpha1';

export interface MigrationPlan {
  readonly apiVersion: typeof planApiVersion;
  readonly kind: 'MigrationPlan';
  readonly metadata: { readonly name: string; readonly creationTimestamp: string };
  readonly spec: {
    /** The running cluster: its name in the control plane, and the uid of its kube-system namespace. */
    readonly from: { readonly cluster: string; readonly id: string };
    /** Where the templates are to be; `from` among them. */
    readonly to: readonly string[];
    readonly scope: PlanScope;
  };
  readonly waves: readonly Wave[];
  readonly objects: readonly PlannedObject[];
  /** What is worth a look and of no single object: a quota that does not suffice. */
  readonly notes?: readonly string[];
}

/** What was asked for. */
export interface PlanScope {
  /** All when absent. */
  readonly namespaces?: readonly string[];
  readonly labelSelector?: string;
  /** Kinds or resources as people write them; all that can be templates when absent. */
  readonly kinds?: readonly string[];
  /** What belongs to these comes along. */
  readonly closure?: true;
}

/** `Deployment default/web`, `Namespace shop`: how plans and reports name an object. */
export const titleOf = ({ kind, namespace, name }: Pick<PlannedObject, 'kind' | 'namespace' | 'name'>): string =>
  `${kind} ${namespace ? `${namespace}/` : ''}${name}`;

/** Likewise of an object as servers have it. */
export const titled = ({ kind, metadata: { namespace, name } }: Pick<KubeObject, 'kind' | 'metadata'>): string =>
  `${kind} ${namespace ? `${namespace}/` : ''}${name}`;

/** `Deployment/shop/web`, `Namespace/shop`: how people name an object to a command; one of a plan has it. */
export const referenceOf = ({ kind, namespace, name }: Pick<PlannedObject, 'kind' | 'namespace' | 'name'>): string =>
  [kind, ...(namespace ? [namespace] : []), name].join('/');

/** Is it to be written at all? */
export const isAdopted = ({ verdict }: PlannedObject): boolean =>
  verdict.is === 'adopt' || verdict.is === 'change' || verdict.is === 'restart';
