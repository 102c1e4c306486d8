/** Definitions whose documents are compared: everything a schema can say that OpenAPI treats in a way of its own. */
import type { JsonObject } from '#kube/meta/object.ts';

const text = { type: 'string' };

const spec: JsonObject = {
  type: 'object',
  required: ['cronSpec', 'maybe'],
  properties: {
    cronSpec: { ...text, description: 'When.', pattern: '^\\d+$', default: '5' },
    replicas: { type: 'integer', format: 'int32', minimum: 1, maximum: 10, default: 3 },
    maybe: { type: 'object', nullable: true, properties: { a: text } },
    any: { 'x-kubernetes-preserve-unknown-fields': true },
    open: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { a: text } },
    port: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
    embedded: {
      type: 'object',
      'x-kubernetes-embedded-resource': true,
      'x-kubernetes-preserve-unknown-fields': true,
    },
    known: {
      type: 'object',
      'x-kubernetes-embedded-resource': true,
      properties: { spec: { type: 'object', properties: { a: text } } },
    },
    list: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: { type: 'object', required: ['name'], properties: { name: text } },
    },
    set: { type: 'array', 'x-kubernetes-list-type': 'set', items: { ...text, enum: ['a', 'b'], maxLength: 3 } },
    map: { type: 'object', additionalProperties: { type: 'number', multipleOf: 2 } },
    one: {
      type: 'object',
      maxProperties: 3,
      oneOf: [{ required: ['a'] }, { required: ['b'] }],
      properties: { a: text, b: { ...text, not: { enum: ['x'] } } },
      'x-kubernetes-map-type': 'atomic',
      'x-kubernetes-validations': [{ rule: 'true', message: 'm' }],
    },
  },
};

const definition = (scope: string, names: JsonObject, versions: readonly JsonObject[]) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${names.plural as string}.stable.example.com` },
  spec: { group: 'stable.example.com', scope, names, versions },
});

const version = (name: string, openAPIV3Schema: JsonObject, more: JsonObject = {}): JsonObject => ({
  name,
  served: true,
  storage: name === 'v1',
  schema: { openAPIV3Schema },
  ...more,
});

export const sampleDefinitions = [
  definition('Namespaced', { plural: 'crontabs', kind: 'CronTab', shortNames: ['ct'], categories: ['all'] }, [
    version(
      'v1',
      {
        type: 'object',
        description: 'A cron tab.',
        required: ['spec'],
        properties: { spec, status: { type: 'object', properties: { replicas: { type: 'integer' } } } },
      },
      {
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
        },
      },
    ),
    version('v1beta1', { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }),
  ]),
  definition('Cluster', { plural: 'globs', kind: 'Glob' }, [version('v1', { type: 'object' })]),
];

export const isOfSamples = (name: string): boolean =>
  name.includes('stable.example.com') || name.includes('com.example.stable');
