/** The spec that OverridePolicy and ClusterOverridePolicy share (compatibility.md section 1.3). */
import { clusterAffinity, resourceSelector } from '#apis/meta/selectors.ts';
import { anyValue, array, enumeration, map, object, required, type Static, string } from '#kube/schema/build.ts';
import { described } from '#kube/schema/described.ts';

const operator = required(enumeration(['add', 'remove', 'replace']));

const imageOverrider = described(
  object({
    component: required(enumeration(['Registry', 'Repository', 'Tag'])),
    operator,
    predicate: object({ path: required(string()) }),
    value: string(),
  }),
  {
    component: 'Which part of the image: Registry, Repository, or Tag, which may be a digest.',
    operator: 'replace puts the value in place of the part, add appends it, remove takes the part away.',
    predicate: 'The one image that is meant; those of all containers, without init containers, when absent.',
    'predicate.path': 'JSON pointer to the image: /spec/template/spec/containers/0/image.',
    value: 'What is put in place or appended; not for remove.',
  },
);
export type ImageOverrider = Static<typeof imageOverrider>;

const commandArgsOverrider = described(
  object({
    containerName: required(string()),
    operator: required(enumeration(['add', 'remove'])),
    value: array(string()),
  }),
  {
    containerName: 'The container whose list is changed.',
    operator: 'add appends the items, remove takes out those that are equal to one.',
    value: 'Items of the list.',
  },
);
export type CommandArgsOverrider = Static<typeof commandArgsOverrider>;

const labelAnnotationOverrider = described(object({ operator, value: required(map(string())) }), {
  operator: 'add sets a key; replace and remove change only one that is there.',
  value: 'Values by key.',
});
export type LabelAnnotationOverrider = Static<typeof labelAnnotationOverrider>;

const patchOperation = described(object({ operator, subPath: required(string()), value: anyValue() }), {
  operator: 'What is done there: add, remove or replace.',
  subPath: 'JSON pointer into the document: /db/host.',
  value: 'Any value, for add and replace; none for remove.',
});
export type PatchOperation = Static<typeof patchOperation>;

const fieldOverrider = described(
  object({
    fieldPath: required(string()),
    json: array(patchOperation),
    yaml: array(patchOperation),
  }),
  {
    fieldPath: 'JSON pointer to the text field that holds the document: /data/app.yaml.',
    json: 'Changes of a JSON document, in order; not together with yaml.',
    yaml: 'Changes of a YAML document, in order; its comments are lost. Not together with json.',
  },
);
export type FieldOverrider = Static<typeof fieldOverrider>;

const plaintextOverrider = described(object({ operator, path: required(string()), value: anyValue() }), {
  operator: 'What is done there: add, remove or replace.',
  path: 'JSON pointer into the template; what is above it must be there.',
  value: 'Any value, for add and replace.',
});

const overriders = described(
  object({
    annotationsOverrider: array(labelAnnotationOverrider),
    argsOverrider: array(commandArgsOverrider),
    commandOverrider: array(commandArgsOverrider),
    fieldOverrider: array(fieldOverrider),
    imageOverrider: array(imageOverrider),
    labelsOverrider: array(labelAnnotationOverrider),
    plaintext: array(plaintextOverrider),
  }),
  {
    annotationsOverrider: 'Annotations that are set, changed or removed.',
    argsOverrider: 'Arguments that containers get or lose.',
    commandOverrider: 'Parts of the command that containers get or lose.',
    fieldOverrider: 'Changes within a JSON or YAML document that a field holds, such as a file in a ConfigMap.',
    imageOverrider: 'Images of containers, by their parts.',
    labelsOverrider: 'Labels that are set, changed or removed.',
    plaintext: 'Changes of any field.',
  },
);
export type Overriders = Static<typeof overriders>;

const overrideRule = described(object({ overriders: required(overriders), targetCluster: clusterAffinity }), {
  overriders:
    'The changes, made in this order: images, commands, arguments, labels, annotations, documents in ' +
    'fields, plaintext.',
  targetCluster: 'The clusters the changes are for; all when absent.',
});
export type OverrideRule = Static<typeof overrideRule>;

/** Without `resourceSelectors` it is for every template; `targetCluster` and `overriders` are the form before rules. */
export const overrideSpec = described(
  object({
    overrideRules: array(overrideRule),
    overriders,
    resourceSelectors: array(resourceSelector),
    targetCluster: clusterAffinity,
  }),
  {
    overrideRules: 'Changes by cluster, in order: of two rules that disagree the later one wins.',
    overriders: 'Deprecated, use overrideRules: the changes of a single rule.',
    resourceSelectors: 'Which templates; all that the policy can reach when absent.',
    targetCluster: 'Deprecated, use overrideRules: the clusters of a single rule, all when absent.',
  },
);
export type OverrideSpec = Static<typeof overrideSpec>;
