/** Which built-in kind has which cells. Kinds with name and age only are not here: their columns say it all. */
import { admissionPolicyBindingCells, admissionPolicyCells, bindingCells, webhookCells } from './access.ts';
import { autoscalerCells, disruptionBudgetCells } from './autoscaling.ts';
import type { CellFunction } from './cell.ts';
import {
  apiServiceCells,
  controllerRevisionCells,
  flowSchemaCells,
  leaseCells,
  priorityClassCells,
  priorityLevelCells,
  resourceClaimCells,
  resourceSliceCells,
  runtimeClassCells,
  signingRequestCells,
} from './cluster.ts';
import {
  componentStatusCells,
  configMapCells,
  namespaceCells,
  resourceQuotaCells,
  secretCells,
} from './configuration.ts';
import { eventCells, groupEventCells } from './event.ts';
import {
  endpointSliceCells,
  endpointsCells,
  ingressCells,
  ingressClassCells,
  ipAddressCells,
  networkPolicyCells,
  serviceCells,
  serviceCidrCells,
} from './network.ts';
import { nodeCells } from './node.ts';
import { podCells } from './pod.ts';
import {
  csiDriverCells,
  csiNodeCells,
  persistentVolumeCells,
  persistentVolumeClaimCells,
  storageClassCells,
  volumeAttachmentCells,
  volumeAttributesClassCells,
} from './storage.ts';
import {
  cronJobCells,
  daemonSetCells,
  deploymentCells,
  jobCells,
  podTemplateCells,
  replicaSetCells,
  replicationControllerCells,
  statefulSetCells,
} from './workloads.ts';

/** By `group/Kind`; the versions of a kind show alike. */
const functions: ReadonlyMap<string, CellFunction> = new Map([
  ['/ComponentStatus', componentStatusCells],
  ['/ConfigMap', configMapCells],
  ['/Endpoints', endpointsCells],
  ['/Event', eventCells],
  ['/Namespace', namespaceCells],
  ['/Node', nodeCells],
  ['/PersistentVolume', persistentVolumeCells],
  ['/PersistentVolumeClaim', persistentVolumeClaimCells],
  ['/Pod', podCells],
  ['/PodTemplate', podTemplateCells],
  ['/ReplicationController', replicationControllerCells],
  ['/ResourceQuota', resourceQuotaCells],
  ['/Secret', secretCells],
  ['/Service', serviceCells],
  ['admissionregistration.k8s.io/MutatingWebhookConfiguration', webhookCells],
  ['admissionregistration.k8s.io/ValidatingAdmissionPolicy', admissionPolicyCells],
  ['admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding', admissionPolicyBindingCells],
  ['admissionregistration.k8s.io/ValidatingWebhookConfiguration', webhookCells],
  ['apiregistration.k8s.io/APIService', apiServiceCells],
  ['apps/ControllerRevision', controllerRevisionCells],
  ['apps/DaemonSet', daemonSetCells],
  ['apps/Deployment', deploymentCells],
  ['apps/ReplicaSet', replicaSetCells],
  ['apps/StatefulSet', statefulSetCells],
  ['autoscaling/HorizontalPodAutoscaler', autoscalerCells],
  ['batch/CronJob', cronJobCells],
  ['batch/Job', jobCells],
  ['certificates.k8s.io/CertificateSigningRequest', signingRequestCells],
  ['coordination.k8s.io/Lease', leaseCells],
  ['discovery.k8s.io/EndpointSlice', endpointSliceCells],
  ['events.k8s.io/Event', groupEventCells],
  ['flowcontrol.apiserver.k8s.io/FlowSchema', flowSchemaCells],
  ['flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration', priorityLevelCells],
  ['networking.k8s.io/IPAddress', ipAddressCells],
  ['networking.k8s.io/Ingress', ingressCells],
  ['networking.k8s.io/IngressClass', ingressClassCells],
  ['networking.k8s.io/NetworkPolicy', networkPolicyCells],
  ['networking.k8s.io/ServiceCIDR', serviceCidrCells],
  ['node.k8s.io/RuntimeClass', runtimeClassCells],
  ['policy/PodDisruptionBudget', disruptionBudgetCells],
  ['rbac.authorization.k8s.io/ClusterRoleBinding', bindingCells],
  ['rbac.authorization.k8s.io/RoleBinding', bindingCells],
  ['resource.k8s.io/ResourceClaim', resourceClaimCells],
  ['resource.k8s.io/ResourceSlice', resourceSliceCells],
  ['scheduling.k8s.io/PriorityClass', priorityClassCells],
  ['storage.k8s.io/CSIDriver', csiDriverCells],
  ['storage.k8s.io/CSINode', csiNodeCells],
  ['storage.k8s.io/StorageClass', storageClassCells],
  ['storage.k8s.io/VolumeAttachment', volumeAttachmentCells],
  ['storage.k8s.io/VolumeAttributesClass', volumeAttributesClassCells],
]);

export function nativeCells(group: string, kind: string): CellFunction | undefined {
  return functions.get(`${group}/${kind}`);
}
