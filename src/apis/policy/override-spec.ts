/** The spec that OverridePolicy and ClusterOverridePolicy share (compatibility.md section 1.3). */
import { clusterAffinity, resourceSelector } from '#apis/meta/selectors.ts';
import { anyValue, array, enumeration, map, object, required, string } from '#kube/schema/build.ts';

const operator = required(enumeration(['add', 'remove', 'replace']));

const imageOverrider = object({
  component: required(enumeration(['Registry', 'Repository', 'Tag'])),
  operator,
  predicate: object({ path: required(string()) }),
  value: string(),
});

const commandArgsOverrider = object({
  containerName: required(string()),
  operator: required(enumeration(['add', 'remove'])),
  value: array(string()),
});

const labelAnnotationOverrider = object({ operator, value: required(map(string())) });

const patchOperation = object({ operator, subPath: required(string()), value: anyValue() });

const fieldOverrider = object({
  fieldPath: required(string()),
  json: array(patchOperation),
  yaml: array(patchOperation),
});

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

const overrideRule = object({ overriders: required(overriders), targetCluster: clusterAffinity });

/** Without `resourceSelectors` it is for every template; `targetCluster` and `overriders` are the form before rules. */
export const overrideSpec = object({
  overrideRules: array(overrideRule),
  overriders,
  resourceSelectors: array(resourceSelector),
  targetCluster: clusterAffinity,
});
