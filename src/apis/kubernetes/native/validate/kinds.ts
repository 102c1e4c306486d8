/** Which rules hold for which kind; the others have none beyond what decoding and the registry check. */
import type { KubeObject } from '#kube/meta/object.ts';
import {
  validateBindingUpdate,
  validateClusterRole,
  validateClusterRoleBinding,
  validateRole,
  validateRoleBinding,
} from './cluster/access.ts';
import { validateCertificateSigningRequest, validateSigningRequestStatus } from './cluster/certificates.ts';
import {
  validateLease,
  validateNamespace,
  validateNode,
  validateNodeUpdate,
  validatePriorityClass,
  validatePriorityClassUpdate,
  validateRuntimeClass,
  validateRuntimeClassUpdate,
} from './cluster/cluster.ts';
import {
  validateConfigMap,
  validateConfigMapUpdate,
  validateSecret,
  validateSecretUpdate,
} from './cluster/configuration.ts';
import { validateEvent, validateNewEvent } from './cluster/events.ts';
import { validateFlowSchema, validatePriorityLevelConfiguration } from './cluster/fairness.ts';
import { validateLimitRange, validateResourceQuota, validateResourceQuotaUpdate } from './cluster/quotas.ts';
import {
  validateDeviceClass,
  validateResourceClaim,
  validateResourceClaimTemplate,
  validateResourceClaimTemplateUpdate,
  validateResourceClaimUpdate,
} from './devices/claims.ts';
import { validateResourceSlice, validateResourceSliceUpdate } from './devices/slices.ts';
import { validateApiService } from './extensions/api-services.ts';
import { validateWebhooks } from './extensions/webhooks.ts';
import type { Findings } from './findings.ts';
import {
  validateIpAddress,
  validateIpAddressUpdate,
  validateServiceCidr,
  validateServiceCidrUpdate,
} from './network/cidrs.ts';
import { validateEndpointSlice, validateEndpointSliceUpdate, validateEndpoints } from './network/endpoints.ts';
import { validateIngress, validateIngressClass, validateIngressClassUpdate } from './network/ingresses.ts';
import { validateNetworkPolicy } from './network/policies.ts';
import { validateService, validateServiceUpdate } from './network/services.ts';
import { validatePod, validatePodUpdate } from './pods/pods.ts';
import {
  validateStorageCapacity,
  validateStorageCapacityUpdate,
  validateVolumeAttributesClass,
  validateVolumeAttributesClassUpdate,
} from './volumes/capacities.ts';
import { validateClaim, validateClaimUpdate } from './volumes/claims.ts';
import {
  validateCsiDriver,
  validateCsiDriverUpdate,
  validateCsiNode,
  validateStorageClass,
  validateStorageClassUpdate,
  validateVolumeAttachment,
  validateVolumeAttachmentUpdate,
} from './volumes/classes.ts';
import { validatePersistentVolume, validatePersistentVolumeUpdate } from './volumes/persistent.ts';
import {
  validateHorizontalPodAutoscaler,
  validateHorizontalPodAutoscalerUpdate,
  validatePodDisruptionBudget,
} from './workloads/autoscaling.ts';
import {
  validateControllerRevision,
  validateControllerRevisionUpdate,
  validateDaemonSet,
  validateDeployment,
  validateDeploymentStatus,
  validatePodTemplate,
  validateReplicaSet,
  validateReplicationController,
  validateSelectorUpdate,
} from './workloads/controllers.ts';
import { validateCronJob } from './workloads/cronjobs.ts';
import { validateJob, validateJobUpdate } from './workloads/jobs.ts';
import { validateStatefulSet, validateStatefulSetUpdate } from './workloads/statefulsets.ts';

export interface Validation {
  readonly validate: (object: KubeObject) => Findings;
  readonly update?: (object: KubeObject, old: KubeObject) => Findings;
  /** Of a status that has changed. */
  readonly status?: (object: KubeObject) => Findings;
}

const of = (
  validate: Validation['validate'],
  update?: Validation['update'],
  status?: Validation['status'],
): Validation => ({ validate, update, status });

/** By group and kind. */
export const validations: Readonly<Record<string, Validation>> = {
  '/ConfigMap': of(validateConfigMap, validateConfigMapUpdate),
  '/Endpoints': of(validateEndpoints),
  '/Event': of(validateEvent),
  '/LimitRange': of(validateLimitRange),
  '/Namespace': of(validateNamespace),
  '/Node': of(validateNode, validateNodeUpdate),
  '/PersistentVolume': of(validatePersistentVolume, validatePersistentVolumeUpdate),
  '/PersistentVolumeClaim': of(validateClaim, validateClaimUpdate),
  '/Pod': of(validatePod, validatePodUpdate),
  '/PodTemplate': of(validatePodTemplate),
  '/ReplicationController': of(validateReplicationController),
  '/ResourceQuota': of(validateResourceQuota, validateResourceQuotaUpdate),
  '/Secret': of(validateSecret, validateSecretUpdate),
  '/Service': of(validateService, validateServiceUpdate),
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': of(validateWebhooks),
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': of(validateWebhooks),
  'apiregistration.k8s.io/APIService': of(validateApiService),
  'apps/ControllerRevision': of(validateControllerRevision, validateControllerRevisionUpdate),
  'apps/DaemonSet': of(validateDaemonSet, validateSelectorUpdate),
  'apps/Deployment': of(validateDeployment, validateSelectorUpdate, validateDeploymentStatus),
  'apps/ReplicaSet': of(validateReplicaSet, validateSelectorUpdate),
  'apps/StatefulSet': of(validateStatefulSet, validateStatefulSetUpdate),
  'autoscaling/HorizontalPodAutoscaler': of(validateHorizontalPodAutoscaler, validateHorizontalPodAutoscalerUpdate),
  'batch/CronJob': of(validateCronJob),
  'batch/Job': of(validateJob, validateJobUpdate),
  'certificates.k8s.io/CertificateSigningRequest': of(
    validateCertificateSigningRequest,
    undefined,
    validateSigningRequestStatus,
  ),
  'coordination.k8s.io/Lease': of(validateLease),
  'discovery.k8s.io/EndpointSlice': of(validateEndpointSlice, validateEndpointSliceUpdate),
  'events.k8s.io/Event': of(validateNewEvent),
  'flowcontrol.apiserver.k8s.io/FlowSchema': of(validateFlowSchema),
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration': of(validatePriorityLevelConfiguration),
  'networking.k8s.io/IPAddress': of(validateIpAddress, validateIpAddressUpdate),
  'networking.k8s.io/ServiceCIDR': of(validateServiceCidr, validateServiceCidrUpdate),
  'networking.k8s.io/Ingress': of(validateIngress),
  'networking.k8s.io/IngressClass': of(validateIngressClass, validateIngressClassUpdate),
  'networking.k8s.io/NetworkPolicy': of(validateNetworkPolicy),
  'node.k8s.io/RuntimeClass': of(validateRuntimeClass, validateRuntimeClassUpdate),
  'policy/PodDisruptionBudget': of(validatePodDisruptionBudget),
  'rbac.authorization.k8s.io/ClusterRole': of(validateClusterRole),
  'rbac.authorization.k8s.io/ClusterRoleBinding': of(validateClusterRoleBinding, validateBindingUpdate),
  'rbac.authorization.k8s.io/Role': of(validateRole),
  'rbac.authorization.k8s.io/RoleBinding': of(validateRoleBinding, validateBindingUpdate),
  'resource.k8s.io/DeviceClass': of(validateDeviceClass),
  'resource.k8s.io/ResourceClaim': of(validateResourceClaim, validateResourceClaimUpdate),
  'resource.k8s.io/ResourceClaimTemplate': of(validateResourceClaimTemplate, validateResourceClaimTemplateUpdate),
  'resource.k8s.io/ResourceSlice': of(validateResourceSlice, validateResourceSliceUpdate),
  'scheduling.k8s.io/PriorityClass': of(validatePriorityClass, validatePriorityClassUpdate),
  'storage.k8s.io/CSIDriver': of(validateCsiDriver, validateCsiDriverUpdate),
  'storage.k8s.io/CSIStorageCapacity': of(validateStorageCapacity, validateStorageCapacityUpdate),
  'storage.k8s.io/VolumeAttributesClass': of(validateVolumeAttributesClass, validateVolumeAttributesClassUpdate),
  'storage.k8s.io/CSINode': of(validateCsiNode),
  'storage.k8s.io/StorageClass': of(validateStorageClass, validateStorageClassUpdate),
  'storage.k8s.io/VolumeAttachment': of(validateVolumeAttachment, validateVolumeAttachmentUpdate),
};

/** Kinds without a line have nothing to be refused for. */
export const noRules: Validation = { validate: () => [] };
