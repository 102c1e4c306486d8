/** ResourceInterpreterContext: what an interpreter webhook is sent and answers (compatibility.md section 6.3). Never stored. */
import type { AggregatedStatusItem } from '#apis/work/binding-spec.ts';
import type { GroupVersionKind } from '#kube/meta/kind.ts';
import type { JsonValue, UnstructuredObject } from '#kube/meta/object.ts';
import type { OperationName } from './operations.ts';

export const contextKind = { apiVersion: 'config.karmada.io/v1alpha1', kind: 'ResourceInterpreterContext' } as const;

export interface InterpreterRequest {
  /** Of this call; the answer repeats it. */
  readonly uid: string;
  readonly kind: GroupVersionKind;
  readonly name: string;
  readonly namespace?: string;
  readonly operation: OperationName;
  readonly object: UnstructuredObject;
  /** The member's object; Retain only. */
  readonly observedObject?: UnstructuredObject;
  /** ReviseReplica only. */
  readonly replicas?: number;
  /** AggregateStatus only. */
  readonly aggregatedStatus?: readonly AggregatedStatusItem[];
}

/** As it comes: nothing of it is checked yet. */
export interface InterpreterResponse {
  readonly uid?: JsonValue;
  readonly successful?: JsonValue;
  /** Why not; only looked at when it was not successful. */
  readonly status?: { readonly message?: JsonValue; readonly code?: JsonValue };
  /** A JSON patch (RFC 6902) in base64. */
  readonly patch?: JsonValue;
  /** `JSONPatch`. */
  readonly patchType?: JsonValue;
  readonly replicas?: JsonValue;
  readonly replicaRequirements?: JsonValue;
  readonly components?: JsonValue;
  readonly dependencies?: JsonValue;
  readonly rawStatus?: JsonValue;
  readonly healthy?: JsonValue;
}
