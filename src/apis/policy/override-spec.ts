/** The spec that OverridePolicy and ClusterOverridePolicy share (compatibility.md section 1.3). */
import { clusterAffinity, resourceSelector } from '#apis/meta/selectors.ts';
import { anyValue, array, enumeration, map, object, required, type Static, string } from '#kube/schema/build.ts';

const operator = required(enumeration(['add', 'remove', 'replace']));

const imageOverrider = object({
  component: required(enumeration(['Registry', 'Repository', 'Tag'])),
  operator,
  predicate: object({ path: required(string()) }),
  value: string(),
});
export type ImageOverrider = Static<typeof imageOverrider>;

const commandArgsOverrider = object({
  containerName: required(string()),
  operator: required(enumeration(['add', 'remove'])),
  value: array(string()),
});
export type CommandArgsOverrider = Static<typeof commandArgsOverrider>;

const labelAnnotationOverrider = object({ operator, value: required(map(string())) });
export type LabelAnnotationOverrider = Static<typeof labelAnnotationOverrider>;

const patchOperation = object({ operator, subPath: required(string()), value: anyValue() });
export type PatchOperation = Static<typeof patchOperation>;

const fieldOverrider = object({
  fieldPath: required(string()),
  json: array(patchOperation),
  yaml: array(patchOperation),
});
export type FieldOverrider = Static<typeof fieldOverrider>;

const plaintextOverrider = object({ operator, path: required(string()), value: anyValue() });

const overriders = object({
  annotationsOverrider: array(labelAnnotationOverrider),
  argsOverrider: array(commandArgsOverrider),
  commandOverrider: array(commandArgsOverrider),
  fieldOverrider: array(fieldOverrider),
  imageOverrider: array(imageOverrider),
  labelsOverrider: array(labelAnnotationOverrider),
  plaintext: array(plaintextOverrider),
});
export type Overriders = Static<typeof overriders>;

const overrideRule = object({ overriders: required(overriders), targetCluster: clusterAffinity });
export type OverrideRule = Static<typeof overrideRule>;

/** Without `resourceSelectors` it is for every template; `targetCluster` and `overriders` are the form before rules. */
export const overrideSpec = object({
  overrideRules: array(overrideRule),
  overriders,
  resourceSelectors: array(resourceSelector),
  targetCluster: clusterAffinity,
});
export type OverrideSpec = Static<typeof overrideSpec>;
