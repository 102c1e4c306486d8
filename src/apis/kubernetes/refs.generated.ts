/** Made by tools/generate from a real kube-apiserver's discovery. Do not edit. */
import type { ResourceRef } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type * as types from './types.generated.ts';

/** Where a resource is, and what type its objects have: fits wherever a client wants a TypedResource. */
export interface TypedRef<T extends KubeObject> extends ResourceRef {
  /** Carries the type only; never set. */
  readonly objectType?: T;
}

export const Pods: TypedRef<types.Pod> = { group: '', version: 'v1', kind: 'Pod', resource: 'pods', namespaced: true };
export const Services: TypedRef<types.Service> = { group: '', version: 'v1', kind: 'Service', resource: 'services', namespaced: true };
export const EndpointsObjects: TypedRef<types.Endpoints> = { group: '', version: 'v1', kind: 'Endpoints', resource: 'endpoints', namespaced: true };
export const Namespaces: TypedRef<types.Namespace> = { group: '', version: 'v1', kind: 'Namespace', resource: 'namespaces', namespaced: false };
export const Nodes: TypedRef<types.Node> = { group: '', version: 'v1', kind: 'Node', resource: 'nodes', namespaced: false };
export const Events: TypedRef<types.Event> = { group: '', version: 'v1', kind: 'Event', resource: 'events', namespaced: true };
export const Secrets: TypedRef<types.Secret> = { group: '', version: 'v1', kind: 'Secret', resource: 'secrets', namespaced: true };
export const ConfigMaps: TypedRef<types.ConfigMap> = { group: '', version: 'v1', kind: 'ConfigMap', resource: 'configmaps', namespaced: true };
export const ServiceAccounts: TypedRef<types.ServiceAccount> = { group: '', version: 'v1', kind: 'ServiceAccount', resource: 'serviceaccounts', namespaced: true };
export const PersistentVolumes: TypedRef<types.PersistentVolume> = { group: '', version: 'v1', kind: 'PersistentVolume', resource: 'persistentvolumes', namespaced: false };
export const PersistentVolumeClaims: TypedRef<types.PersistentVolumeClaim> = { group: '', version: 'v1', kind: 'PersistentVolumeClaim', resource: 'persistentvolumeclaims', namespaced: true };
export const LimitRanges: TypedRef<types.LimitRange> = { group: '', version: 'v1', kind: 'LimitRange', resource: 'limitranges', namespaced: true };
export const ResourceQuotas: TypedRef<types.ResourceQuota> = { group: '', version: 'v1', kind: 'ResourceQuota', resource: 'resourcequotas', namespaced: true };
export const ReplicationControllers: TypedRef<types.ReplicationController> = { group: '', version: 'v1', kind: 'ReplicationController', resource: 'replicationcontrollers', namespaced: true };
export const PodTemplates: TypedRef<types.PodTemplate> = { group: '', version: 'v1', kind: 'PodTemplate', resource: 'podtemplates', namespaced: true };
export const Deployments: TypedRef<types.Deployment> = { group: 'apps', version: 'v1', kind: 'Deployment', resource: 'deployments', namespaced: true };
export const ReplicaSets: TypedRef<types.ReplicaSet> = { group: 'apps', version: 'v1', kind: 'ReplicaSet', resource: 'replicasets', namespaced: true };
export const StatefulSets: TypedRef<types.StatefulSet> = { group: 'apps', version: 'v1', kind: 'StatefulSet', resource: 'statefulsets', namespaced: true };
export const DaemonSets: TypedRef<types.DaemonSet> = { group: 'apps', version: 'v1', kind: 'DaemonSet', resource: 'daemonsets', namespaced: true };
export const ControllerRevisions: TypedRef<types.ControllerRevision> = { group: 'apps', version: 'v1', kind: 'ControllerRevision', resource: 'controllerrevisions', namespaced: true };
export const Jobs: TypedRef<types.Job> = { group: 'batch', version: 'v1', kind: 'Job', resource: 'jobs', namespaced: true };
export const CronJobs: TypedRef<types.CronJob> = { group: 'batch', version: 'v1', kind: 'CronJob', resource: 'cronjobs', namespaced: true };
export const HorizontalPodAutoscalers: TypedRef<types.HorizontalPodAutoscaler> = { group: 'autoscaling', version: 'v2', kind: 'HorizontalPodAutoscaler', resource: 'horizontalpodautoscalers', namespaced: true };
export const PodDisruptionBudgets: TypedRef<types.PodDisruptionBudget> = { group: 'policy', version: 'v1', kind: 'PodDisruptionBudget', resource: 'poddisruptionbudgets', namespaced: true };
export const Ingresses: TypedRef<types.Ingress> = { group: 'networking.k8s.io', version: 'v1', kind: 'Ingress', resource: 'ingresses', namespaced: true };
export const IngressClasses: TypedRef<types.IngressClass> = { group: 'networking.k8s.io', version: 'v1', kind: 'IngressClass', resource: 'ingressclasses', namespaced: false };
export const NetworkPolicies: TypedRef<types.NetworkPolicy> = { group: 'networking.k8s.io', version: 'v1', kind: 'NetworkPolicy', resource: 'networkpolicies', namespaced: true };
export const EndpointSlices: TypedRef<types.EndpointSlice> = { group: 'discovery.k8s.io', version: 'v1', kind: 'EndpointSlice', resource: 'endpointslices', namespaced: true };
export const Roles: TypedRef<types.Role> = { group: 'rbac.authorization.k8s.io', version: 'v1', kind: 'Role', resource: 'roles', namespaced: true };
export const RoleBindings: TypedRef<types.RoleBinding> = { group: 'rbac.authorization.k8s.io', version: 'v1', kind: 'RoleBinding', resource: 'rolebindings', namespaced: true };
export const ClusterRoles: TypedRef<types.ClusterRole> = { group: 'rbac.authorization.k8s.io', version: 'v1', kind: 'ClusterRole', resource: 'clusterroles', namespaced: false };
export const ClusterRoleBindings: TypedRef<types.ClusterRoleBinding> = { group: 'rbac.authorization.k8s.io', version: 'v1', kind: 'ClusterRoleBinding', resource: 'clusterrolebindings', namespaced: false };
export const Leases: TypedRef<types.Lease> = { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease', resource: 'leases', namespaced: true };
export const StorageClasses: TypedRef<types.StorageClass> = { group: 'storage.k8s.io', version: 'v1', kind: 'StorageClass', resource: 'storageclasses', namespaced: false };
export const PriorityClasses: TypedRef<types.PriorityClass> = { group: 'scheduling.k8s.io', version: 'v1', kind: 'PriorityClass', resource: 'priorityclasses', namespaced: false };
export const CertificateSigningRequests: TypedRef<types.CertificateSigningRequest> = { group: 'certificates.k8s.io', version: 'v1', kind: 'CertificateSigningRequest', resource: 'certificatesigningrequests', namespaced: false };
export const CustomResourceDefinitions: TypedRef<types.CustomResourceDefinition> = { group: 'apiextensions.k8s.io', version: 'v1', kind: 'CustomResourceDefinition', resource: 'customresourcedefinitions', namespaced: false };
export const APIServices: TypedRef<types.APIService> = { group: 'apiregistration.k8s.io', version: 'v1', kind: 'APIService', resource: 'apiservices', namespaced: false };
export const MutatingWebhookConfigurations: TypedRef<types.MutatingWebhookConfiguration> = { group: 'admissionregistration.k8s.io', version: 'v1', kind: 'MutatingWebhookConfiguration', resource: 'mutatingwebhookconfigurations', namespaced: false };
export const ValidatingWebhookConfigurations: TypedRef<types.ValidatingWebhookConfiguration> = { group: 'admissionregistration.k8s.io', version: 'v1', kind: 'ValidatingWebhookConfiguration', resource: 'validatingwebhookconfigurations', namespaced: false };
export const TokenReviews: TypedRef<types.TokenReview> = { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenReview', resource: 'tokenreviews', namespaced: false };
export const SelfSubjectReviews: TypedRef<types.SelfSubjectReview> = { group: 'authentication.k8s.io', version: 'v1', kind: 'SelfSubjectReview', resource: 'selfsubjectreviews', namespaced: false };
export const SubjectAccessReviews: TypedRef<types.SubjectAccessReview> = { group: 'authorization.k8s.io', version: 'v1', kind: 'SubjectAccessReview', resource: 'subjectaccessreviews', namespaced: false };
export const SelfSubjectAccessReviews: TypedRef<types.SelfSubjectAccessReview> = { group: 'authorization.k8s.io', version: 'v1', kind: 'SelfSubjectAccessReview', resource: 'selfsubjectaccessreviews', namespaced: false };
export const SelfSubjectRulesReviews: TypedRef<types.SelfSubjectRulesReview> = { group: 'authorization.k8s.io', version: 'v1', kind: 'SelfSubjectRulesReview', resource: 'selfsubjectrulesreviews', namespaced: false };
export const LocalSubjectAccessReviews: TypedRef<types.LocalSubjectAccessReview> = { group: 'authorization.k8s.io', version: 'v1', kind: 'LocalSubjectAccessReview', resource: 'localsubjectaccessreviews', namespaced: true };
