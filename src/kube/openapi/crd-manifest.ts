/** KindDefinition -> CustomResourceDefinition, for `flotilla crds` and for servers that are not ours. */
import type { Column, KindDefinition } from '../kind/definition.ts';
import type { JsonObject, JsonValue, UnstructuredObject } from '../meta/object.ts';
import type { Schema } from '../schema/schema.ts';
import { builtinOnly } from './keywords.ts';
import { writeSchema } from './write.ts';

export interface CrdOptions {
  /** spec.conversion; `{ strategy: 'None' }` when absent. */
  readonly conversion?: JsonObject;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** `kind` is the stored version, `older` are served beside it and take its names. */
export function crdManifest(
  kind: KindDefinition,
  older: readonly KindDefinition[] = [],
  options: CrdOptions = {},
): UnstructuredObject {
  const { group, resource, namespaced, singular, listKind, shortNames, categories } = kind;
  const { labels, annotations, conversion } = options;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${resource}.${group}`, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) },
    spec: {
      conversion: conversion ?? { strategy: 'None' },
      group,
      names: {
        ...(categories.length > 0 ? { categories } : {}),
        kind: kind.kind,
        listKind,
        plural: resource,
        ...(shortNames.length > 0 ? { shortNames } : {}),
        singular,
      },
      scope: namespaced ? 'Namespaced' : 'Cluster',
      versions: [versionOf(kind, true), ...older.map((each) => versionOf(each, false))],
    },
  };
}

function versionOf({ version, columns, schema, subresources }: KindDefinition, storage: boolean): JsonObject {
  const { status, scale } = subresources;
  return {
    ...(columns.length > 0 ? { additionalPrinterColumns: columns.map(columnOf) } : {}),
    name: version,
    schema: { openAPIV3Schema: crdSchema(schema) },
    served: true,
    storage,
    subresources: { ...(status ? { status: {} } : {}), ...(scale ? { scale: { ...scale } } : {}) },
  };
}

/** What kube-apiserver takes in a definition; its own tables say `name` too. */
const columnFormats = new Set(['int32', 'int64', 'float', 'double', 'byte', 'date', 'date-time', 'password']);

const columnOf = ({ name, type, format, description, priority, jsonPath = '' }: Column): JsonObject => ({
  ...(description === undefined ? {} : { description }),
  ...(format !== undefined && columnFormats.has(format) ? { format } : {}),
  jsonPath,
  name,
  ...(priority ? { priority } : {}),
  type,
});

/** A kind's schema as a CRD may say it: nothing about metadata, which the API server itself knows. */
export function crdSchema(schema: Schema): JsonObject {
  const written = writeSchema(schema, { without: builtinOnly });
  const properties = written.properties as Readonly<Record<string, JsonValue>> | undefined;
  return properties?.metadata === undefined
    ? written
    : { ...written, properties: { ...properties, metadata: { type: 'object' } } };
}
