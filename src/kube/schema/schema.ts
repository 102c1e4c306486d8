/**
 * A structural schema: the one description of a kind from which defaults, pruning, validation, server-side apply,
 * strategic merge, OpenAPI, CRD manifests and TypeScript types come. Field names follow OpenAPI v3; the
 * `x-kubernetes-*` marks have short names here and get their long ones back in kube/openapi.
 */
import type { JsonValue } from '../meta/object.ts';

export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  /** int32, int64, date-time, byte, int-or-string (with `intOrString`), quantity, … */
  readonly format?: string;
  /** Of an object with known fields. */
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** Of a map. */
  readonly additionalProperties?: Schema;
  /** Of a list. */
  readonly items?: Schema;
  readonly default?: JsonValue;
  readonly enum?: readonly JsonValue[];
  readonly nullable?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly description?: string;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly not?: Schema;
  /** x-kubernetes-list-type; a list without it is atomic. */
  readonly listType?: 'atomic' | 'set' | 'map';
  /** x-kubernetes-list-map-keys. */
  readonly listMapKeys?: readonly string[];
  /** x-kubernetes-map-type; granular when absent. */
  readonly mapType?: 'atomic' | 'granular';
  /** x-kubernetes-patch-strategy, as kubectl's strategic merge knows it: `merge`, `replace`, `merge,retainKeys`. */
  readonly patchStrategy?: string;
  readonly patchMergeKey?: string;
  readonly preserveUnknownFields?: boolean;
  readonly embeddedResource?: boolean;
  readonly intOrString?: boolean;
  /** x-kubernetes-unions: the discriminated unions of built-in kinds. */
  readonly unions?: readonly JsonValue[];
  /** x-kubernetes-validations, kept as they are until CEL reads them. */
  readonly validations?: readonly JsonValue[];
  /**
   * Name of the component this schema is published under in /openapi/v3 (`io.k8s.api.core.v1.Container`).
   * A schema object with a component name may be shared by many parents and may be recursive.
   */
  readonly component?: string;
}
