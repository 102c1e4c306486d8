/** The part every object has: apiVersion, kind and ObjectMeta, for schemas that say nothing about them themselves. */
import {
  array,
  boolean,
  dateTime,
  int64,
  listMap,
  map,
  nullable,
  object,
  rawObject,
  required,
  setOf,
  string,
} from './build.ts';
import type { Schema } from './schema.ts';

const componentPrefix = 'io.k8s.apimachinery.pkg.apis.meta.v1.';

/** Go writes a time that was never set as null, and reads it so. */
const time = { ...nullable(dateTime()), component: `${componentPrefix}Time` };

const ownerReference = object(
  {
    apiVersion: required(string()),
    kind: required(string()),
    name: required(string()),
    uid: required(string()),
    controller: boolean(),
    blockOwnerDeletion: boolean(),
  },
  { mapType: 'atomic', component: `${componentPrefix}OwnerReference` },
);

const managedFieldsEntry = object(
  {
    apiVersion: string(),
    fieldsType: string(),
    fieldsV1: { ...rawObject(), component: `${componentPrefix}FieldsV1` },
    manager: string(),
    operation: string(),
    subresource: string(),
    time,
  },
  { component: `${componentPrefix}ManagedFieldsEntry` },
);

/** metav1.ObjectMeta, as the OpenAPI of kube-apiserver v1.35 describes it. */
export const objectMetaSchema: Schema = object(
  {
    annotations: map(string()),
    creationTimestamp: time,
    deletionGracePeriodSeconds: int64(),
    deletionTimestamp: time,
    finalizers: setOf(string(), { patchStrategy: 'merge' }),
    generateName: string(),
    generation: int64(),
    labels: map(string()),
    managedFields: array(managedFieldsEntry, { listType: 'atomic' }),
    name: string(),
    namespace: string(),
    ownerReferences: listMap(['uid'], ownerReference, { patchStrategy: 'merge', patchMergeKey: 'uid' }),
    resourceVersion: string(),
    selfLink: string(),
    uid: string(),
  },
  { component: `${componentPrefix}ObjectMeta` },
);

/** The fields of any object; shared, so that what is compiled for them is compiled once. */
const envelopeProperties: Readonly<Record<string, Schema>> = {
  apiVersion: string(),
  kind: string(),
  metadata: objectMetaSchema,
};

/** A body's schema with the envelope around it: what a CRD's schema leaves to the API server. */
export function withEnvelope(body: Schema): Schema {
  return { ...body, properties: { ...envelopeProperties, ...body.properties, ...envelopeProperties } };
}

/** What is known of an object's fields: its own properties and, in an embedded object, the envelope's. */
export function knownProperties(schema: Schema): Readonly<Record<string, Schema>> | undefined {
  return schema.embeddedResource ? { ...envelopeProperties, ...schema.properties } : schema.properties;
}
