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

const requirement = object({
  key: required(string()),
  operator: required(string()),
  values: array(string(), { listType: 'atomic' }),
});

/** metav1.LabelSelector. */
const labelSelector = object(
  {
    matchExpressions: array(requirement, { listType: 'atomic' }),
    matchLabels: map(string()),
  },
  { mapType: 'atomic' },
);

/** Which objects a policy or an override is for. */
export const resourceSelector = object({
  apiVersion: required(string()),
  kind: required(string()),
  labelSelector,
  name: string(),
  namespace: string(),
});
export type ResourceSelector = Static<typeof resourceSelector>;

/** Which clusters: all given parts must hold, `exclude` wins, an empty one matches every cluster. */
export const clusterAffinityFields = {
  clusterNames: array(string()),
  exclude: array(string()),
  fieldSelector: object({ matchExpressions: array(requirement) }),
  labelSelector,
};
export const clusterAffinity = object(clusterAffinityFields);
export type ClusterAffinity = Static<typeof clusterAffinity>;

/** corev1.Toleration. */
export const toleration = object({
  effect: string(),
  key: string(),
  operator: string(),
  tolerationSeconds: int64(),
  value: string(),
});
export type Toleration = Static<typeof toleration>;

const conditionType =
  '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$';
export const reasonPattern = '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$';

/** metav1.Condition. */
export const condition = object({
  lastTransitionTime: required(dateTime()),
  message: required(string({ maxLength: 32768 })),
  observedGeneration: int64({ minimum: 0 }),
  reason: required(string({ maxLength: 1024, minLength: 1, pattern: reasonPattern })),
  status: required(enumeration(['True', 'False', 'Unknown'])),
  type: required(string({ maxLength: 316, pattern: conditionType })),
});

/** What a policy may hold back. */
export const suspensionFields = {
  dispatching: boolean(),
  dispatchingOnClusters: object({ clusterNames: array(string()) }),
};
