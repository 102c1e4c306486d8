/**
 * How a kind is declared: once, with its schema; the TypeScript type, CRD manifest, OpenAPI, validation, table columns
 * and the CLI's names come from it. `export const WorkKind = defineKind({...})`, then
 * `export interface Work extends KindOf<typeof WorkKind> {}`.
 */

import type { Column, KindDefinition, ScaleSubresource } from '#kube/kind/definition.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { Node, Static } from '#kube/schema/build.ts';
import { withEnvelope } from '#kube/schema/metadata.ts';

/** A KindDefinition that knows the type of its objects; fits wherever a client wants a TypedResource. */
export interface TypedKind<T extends KubeObject> extends KindDefinition {
  /** Carries the type only; never set. */
  readonly objectType?: T;
}

/** The type of a kind's objects as they are read: defaults are present. */
export type KindOf<K> = K extends { readonly objectType?: infer T } ? NonNullable<T> : never;

export interface KindDeclaration<N extends Node<unknown>> {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** What `kubectl explain` says of it: a sentence or two of our own. */
  readonly description?: string;
  /** Lower case: `resourcebindings`. */
  readonly plural: string;
  readonly scope: 'Namespaced' | 'Cluster';
  /** The lower-case kind when absent. */
  readonly singular?: string;
  /** Kind + `List` when absent. */
  readonly listKind?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  /** Printer columns beyond NAME; AGE alone when absent, as CRDs have it. */
  readonly columns?: readonly Column[];
  readonly subresources?: { readonly status?: boolean; readonly scale?: ScaleSubresource };
  /** Everything but apiVersion, kind and metadata: `object({ spec: required(…), status: … })`. */
  readonly schema: N;
}

/** The verbs of an ordinary resource, in discovery's order. */
export const resourceVerbs = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
] as const;

const ageColumn: readonly Column[] = [{ name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' }];

export function defineKind<N extends Node<unknown>>(
  declaration: KindDeclaration<N>,
): TypedKind<KubeObject & Static<N>> {
  const { group, version, kind, plural, schema, description } = declaration;
  return {
    group,
    version,
    kind,
    resource: plural,
    namespaced: declaration.scope === 'Namespaced',
    listKind: declaration.listKind ?? `${kind}List`,
    singular: declaration.singular ?? kind.toLowerCase(),
    shortNames: declaration.shortNames ?? [],
    categories: declaration.categories ?? [],
    verbs: resourceVerbs,
    schema: withEnvelope(description === undefined ? schema : { ...schema, description }),
    columns: declaration.columns ?? ageColumn,
    subresources: declaration.subresources ?? {},
  };
}
