/** ResourceInterpreterCustomization: what a kind means, told in Lua. */
import { defineKind, type KindOf } from '#apis/define.ts';
import { object, required, string } from '#kube/schema/build.ts';
import { described } from '#kube/schema/described.ts';

const script = described(object({ luaScript: required(string()) }), {
  luaScript: 'The script, with a function of the name and arguments that the operation asks for.',
});

export const ResourceInterpreterCustomizationKind = defineKind({
  group: 'config.karmada.io',
  version: 'v1alpha1',
  kind: 'ResourceInterpreterCustomization',
  description: 'Tells in Lua what a kind means: its replicas, health, status and dependencies.',
  plural: 'resourceinterpretercustomizations',
  scope: 'Cluster',
  shortNames: ['ric'],
  categories: ['karmada-io'],
  columns: [
    { name: 'TARGET-API-VERSION', type: 'string', jsonPath: '.spec.target.apiVersion' },
    { name: 'TARGET-KIND', type: 'string', jsonPath: '.spec.target.kind' },
    { name: 'AGE', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
  schema: described(
    object({
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
    {
      spec: 'The kind, and what it means.',
      'spec.customizations':
        'A script for each operation; those without one are answered by webhooks or by what we know of the kind.',
      'spec.customizations.componentResource':
        'GetComponents(obj): the kinds of Pods it has, with their replicas and what one of them needs.',
      'spec.customizations.dependencyInterpretation': 'GetDependencies(obj): the objects it refers to.',
      'spec.customizations.healthInterpretation':
        'InterpretHealth(obj): whether it is healthy in a cluster. Healthy without any rule.',
      'spec.customizations.replicaResource':
        'GetReplicas(obj): how many replicas it wants, and what one of them needs.',
      'spec.customizations.replicaRevision': 'ReviseReplica(obj, replicas): the object with so many replicas.',
      'spec.customizations.retention':
        'Retain(desired, observed): the desired object, with what the cluster itself has set.',
      'spec.customizations.statusAggregation':
        'AggregateStatus(obj, items): the template with the status of all clusters as one.',
      'spec.customizations.statusReflection':
        'ReflectStatus(obj): the part of the status that is collected. All of it without any rule.',
      'spec.target': 'The kind it is about.',
      'spec.target.apiVersion': 'Group and version, as manifests have them: apps/v1.',
      'spec.target.kind': 'Kind, as manifests have it: Deployment.',
    },
  ),
});

export interface ResourceInterpreterCustomization extends KindOf<typeof ResourceInterpreterCustomizationKind> {}
