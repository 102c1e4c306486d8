/** Schemas that several groups share: selectors, conditions, tolerations, as controller-gen writes them. */
import {
  array,
  boolean,
  dateTime,
  enumeration,
  int64,
  map,
  object,
  required,
  type Static,
  string,
} from '#kube/schema/build.ts';
import { described } from '#kube/schema/described.ts';

export const requirement = described(
  object({
    key: required(string()),
    operator: required(string()),
    values: array(string(), { listType: 'atomic' }),
  }),
  {
    key: 'What is compared: the key of a label, or the name of a field.',
    operator:
      'In, NotIn, Exists or DoesNotExist; In or NotIn where clusters are told apart by fields; Gt and Lt ' +
      'for nodes only.',
    values: 'What the operator compares with: at least one for In and NotIn, none for Exists and DoesNotExist.',
  },
);

/** metav1.LabelSelector. */
const labelSelector = described(
  object(
    {
      matchExpressions: array(requirement, { listType: 'atomic' }),
      matchLabels: map(string()),
    },
    { mapType: 'atomic' },
  ),
  {
    matchExpressions: 'Requirements that must all hold, together with matchLabels.',
    matchLabels: 'Labels that must all be there, with these values.',
  },
);

/** Which objects a policy or an override is for. */
export const resourceSelector = described(
  object({
    apiVersion: required(string()),
    kind: required(string()),
    labelSelector,
    name: string(),
    namespace: string(),
  }),
  {
    apiVersion: 'Group and version, as manifests have them: apps/v1.',
    kind: 'Kind, as manifests have it: Deployment.',
    labelSelector:
      'Those with these labels; all of the kind without it and without a name. Does not count beside a name.',
    name: 'The one of this name.',
    namespace:
      'A policy of a namespace fills in its own, and takes no other; a cluster-wide one means every ' +
      'namespace when it is absent.',
  },
);
export type ResourceSelector = Static<typeof resourceSelector>;

/** Which clusters: all given parts must hold, `exclude` wins, an empty one matches every cluster. */
export const clusterAffinityFields = {
  clusterNames: array(string(), { description: 'Only these clusters; any when absent or empty.' }),
  exclude: array(string(), { description: 'Never these clusters, whatever else holds.' }),
  fieldSelector: object(
    {
      matchExpressions: array(requirement, {
        description:
          'Requirements that must all hold. Keys are provider, region and zone; with In, every zone of a ' +
          'cluster must be among the values.',
      }),
    },
    { description: 'Clusters by provider, region or zone; any when absent.' },
  ),
  labelSelector: { ...labelSelector, description: 'Clusters with these labels; any when absent.' },
};
export const clusterAffinity = object(clusterAffinityFields);
export type ClusterAffinity = Static<typeof clusterAffinity>;

/** corev1.Toleration. */
export const toleration = described(
  object({
    effect: string(),
    key: string(),
    operator: string(),
    tolerationSeconds: int64(),
    value: string(),
  }),
  {
    effect: 'Effect of the taints that are tolerated: NoSchedule, PreferNoSchedule or NoExecute; any when empty.',
    key: 'Key of the taints; any when empty, which goes with Exists only.',
    operator: 'Equal, the default, compares the value; Exists takes any.',
    tolerationSeconds: 'For how many seconds from when it came a NoExecute taint is tolerated; for ever when absent.',
    value: 'Value of the taints, where the operator is Equal.',
  },
);
export type Toleration = Static<typeof toleration>;

const conditionType =
  '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$';
export const reasonPattern = '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$';

/** metav1.Condition. */
export const condition = described(
  object({
    lastTransitionTime: required(dateTime()),
    message: required(string({ maxLength: 32768 })),
    observedGeneration: int64({ minimum: 0 }),
    reason: required(string({ maxLength: 1024, minLength: 1, pattern: reasonPattern })),
    status: required(enumeration(['True', 'False', 'Unknown'])),
    type: required(string({ maxLength: 316, pattern: conditionType })),
  }),
  {
    lastTransitionTime: 'When the status became what it is.',
    message: 'Why, in words for people.',
    observedGeneration:
      'The metadata.generation that was looked at; the condition is out of date while the object is ahead of it.',
    reason: 'Why, in one word for programs.',
    status: 'Whether it holds; Unknown when nobody can tell.',
    type: 'What it is about: Ready, Scheduled, Applied.',
  },
);

/** What a policy may hold back. */
export const suspensionFields = {
  dispatching: boolean({ description: 'True: nothing is sent to any cluster. Works are made all the same, and wait.' }),
  dispatchingOnClusters: object(
    { clusterNames: array(string(), { description: 'Names of the clusters that are sent nothing.' }) },
    { description: 'Clusters that are sent nothing; not together with dispatching: true.' },
  ),
};
