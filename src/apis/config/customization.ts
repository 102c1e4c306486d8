/** ResourceInterpreterCustomization: what a kind means, told in Lua. */
import { defineKind, type KindOf } from '#apis/define.ts';
import { object, required, string } from '#kube/schema/build.ts';

const script = object({ luaScript: required(string()) });

export const ResourceInterpreterCustomizationKind = defineKind({
  group: 'config.karmada.io',
  version: 'v1alpha1',
  kind: 'ResourceInterpreterCustomization',
  plural: 'resourceinterpretercustomizations',
  scope: 'Cluster',
  shortNames: ['ric'],
  categories: ['karmada-io'],
  columns: [
    { name: 'TARGET-API-VERSION', type: 'string', jsonPath: '.spec.target.apiVersion' },
    { name: 'TARGET-KIND', type: 'string', jsonPath: '.spec.target.kind' },
    { name: 'AGE', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
  schema: object({
    spec: required(
      object({
        customizations: required(
          object({
            componentResource: script,
            dependencyInterpretation: script,
            healthInterpretation: script,
            replicaResource: script,
            replicaRevision: script,
            retention: script,
            statusAggregation: script,
            statusReflection: script,
          }),
        ),
        target: required(object({ apiVersion: required(string()), kind: required(string()) })),
      }),
    ),
  }),
});

export interface ResourceInterpreterCustomization extends KindOf<typeof ResourceInterpreterCustomizationKind> {}
