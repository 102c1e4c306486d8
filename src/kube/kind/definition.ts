/**
 * What a server must know to serve a kind, and nothing more. `defineKind` (apis), the tables of built-in kinds and
 * CustomResourceDefinitions all end in this shape, so the registry has one way of serving.
 */

import type { ResourceRef } from '../meta/kind.ts';
import type { KubeObject } from '../meta/object.ts';
import type { UserInfo } from '../request/request.ts';
import type { Schema } from '../schema/schema.ts';
import type { StatusCause } from '../status/status.ts';

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  /** 0: always; above: `-o wide` only. */
  readonly priority?: number;
  /** kubectl JSONPath, `.spec.replicas`; built-in kinds use a cell function by kind instead (kube/table). */
  readonly jsonPath?: string;
  /** What is shown where the path leads to nothing; an empty cell when absent. */
  readonly absent?: string;
}

export interface ScaleSubresource {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}

/** A subresource other than status and scale: `pods/log`, `serviceaccounts/token`. */
export interface Subresource {
  /** `log`. */
  readonly name: string;
  /** Of what is sent or answered; of this group and version where they are absent. */
  readonly kind: string;
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly string[];
}

/** What is peculiar to a native kind beyond its schema; every part is pure. */
export interface NativeBehaviour {
  /**
   * Native defaulting and canonical forms, after schema defaults. Returns the same object when nothing changes. `known`
   * has been through it: what is the same reference in both may be left alone.
   */
  readonly defaults?: (object: KubeObject, known?: KubeObject) => KubeObject;
  /** Before create: clears or sets fields a client may not choose (status, generation). `now` as objects tell times. */
  readonly prepareForCreate?: (object: KubeObject, user?: UserInfo, now?: string) => KubeObject;
  readonly prepareForUpdate?: (object: KubeObject, old: KubeObject, now?: string) => KubeObject;
  /** Of an update through status; `now` as objects tell times. */
  readonly prepareForStatus?: (object: KubeObject, old: KubeObject, now: string) => KubeObject;
  /** `old` was found valid: rules about what it shares with `object` need not be asked again. */
  readonly validate?: (object: KubeObject, old?: KubeObject) => readonly StatusCause[];
  /** Immutability and transitions. */
  readonly validateUpdate?: (object: KubeObject, old: KubeObject) => readonly StatusCause[];
  /** Texts for Warning headers. */
  readonly warnings?: (object: KubeObject, old?: KubeObject) => readonly string[];
  /** False for kinds whose metadata.generation is never set (ConfigMap, Secret, Service, …). */
  readonly hasGeneration: boolean;
  /** True where no update counts on. */
  readonly hasFixedGeneration?: boolean;
  /** Field selectors besides metadata.name and metadata.namespace: `spec.nodeName` -> value. */
  readonly selectableFields?: (object: KubeObject) => Readonly<Record<string, string>>;
}

export interface KindDefinition extends ResourceRef {
  readonly listKind: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  readonly schema: Schema;
  readonly columns: readonly Column[];
  /** The version objects are stored in, where a definition says so. */
  readonly storageVersion?: string;
  readonly subresources: {
    readonly status?: boolean;
    readonly scale?: ScaleSubresource;
    readonly others?: readonly Subresource[];
  };
  /** Fields of a custom resource that field selectors may name, beside its name and namespace: `spec.colour`. */
  readonly selectableFields?: readonly string[];
  /** False for kinds that are only answered, never kept: TokenReview, SubjectAccessReview, Binding, ComponentStatus. */
  readonly stored?: boolean;
  /** Its objects and lists have a protobuf form. */
  readonly protobuf?: boolean;
  readonly native?: NativeBehaviour;
}
