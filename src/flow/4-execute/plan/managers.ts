/** Who owns fields in a member: controllers keep what is theirs, people's tools hand over what a template states. */
import type { ManagedFieldsEntry } from '#kube/meta/object.ts';

/** The field manager of every server-side apply we do in a member. */
export const fieldManager = 'flotilla';

/** Where fields go back to when the object is let go and no journal says whose they were. */
export const beforeFirstApply = 'before-first-apply';

/** Controllers that write into objects people made; what they own stays theirs for good. */
const controllers: readonly RegExp[] = [
  /^kube-controller-manager$/,
  /^kube-scheduler$/,
  /^kubelet$/,
  /^cloud-controller-manager$/,
  /^horizontal-pod-autoscaler$/,
  /^keda(-operator)?$/,
  /^vpa-(updater|recommender|admission-controller)$/,
  /^cluster-autoscaler$/,
  /^deployment-controller$/,
  /^(istio|linkerd)[-\w]*$/,
  /^argo-rollouts(-controller)?$/,
  /^flagger$/,
];

export const isController = (entry: ManagedFieldsEntry): boolean =>
  controllers.some((pattern) => pattern.test(entry.manager ?? ''));

/** Our apply entry, which says what we applied before. */
export const isOurs = (entry: ManagedFieldsEntry): boolean =>
  entry.manager === fieldManager && entry.operation === 'Apply' && !entry.subresource;

/** Whatever entry of ours: the apply's, and those of our creations and updates. */
export const isOfUs = (entry: ManagedFieldsEntry): boolean => entry.manager === fieldManager && !entry.subresource;

/** `scale` and `rollout restart` are what people do to a running workload without touching its manifest. */
export const isScale = (entry: ManagedFieldsEntry): boolean => entry.subresource === 'scale';

/** An entry that somebody's tool (or our own create) left, in the object's own version. */
export const isHandedOver = (entry: ManagedFieldsEntry, apiVersion: string): boolean =>
  !isOurs(entry) && !isController(entry) && entry.subresource !== 'status' && entry.apiVersion === apiVersion;
