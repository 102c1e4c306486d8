/** Which kinds prepare what; a kind without a line is stored as it comes. */
import {
  apiServices,
  certificateSigningRequests,
  csiDrivers,
  customResourceDefinitions,
  endpointSlices,
  namespaces,
  nodes,
  persistentVolumeClaims,
  persistentVolumes,
  serviceAccounts,
} from './cluster.ts';
import { pods } from './pods.ts';
import { type Preparation, statusIsTheControllers } from './preparation.ts';
import { services } from './services.ts';
import { daemonSets, jobs } from './workloads.ts';

/** By group and kind: `apps/Deployment`, `/Pod`. */
export const preparations: Readonly<Record<string, Preparation>> = {
  '/Namespace': namespaces,
  '/Node': nodes,
  '/PersistentVolume': persistentVolumes,
  '/PersistentVolumeClaim': persistentVolumeClaims,
  '/Pod': pods,
  '/ReplicationController': statusIsTheControllers,
  '/ResourceQuota': statusIsTheControllers,
  '/Service': services,
  '/ServiceAccount': serviceAccounts,
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy': statusIsTheControllers,
  'apiextensions.k8s.io/CustomResourceDefinition': customResourceDefinitions,
  'apiregistration.k8s.io/APIService': apiServices,
  'apps/DaemonSet': daemonSets,
  'apps/Deployment': statusIsTheControllers,
  'apps/ReplicaSet': statusIsTheControllers,
  'apps/StatefulSet': statusIsTheControllers,
  'autoscaling/HorizontalPodAutoscaler': statusIsTheControllers,
  'batch/CronJob': statusIsTheControllers,
  'batch/Job': jobs,
  'certificates.k8s.io/CertificateSigningRequest': certificateSigningRequests,
  'discovery.k8s.io/EndpointSlice': endpointSlices,
  'flowcontrol.apiserver.k8s.io/FlowSchema': statusIsTheControllers,
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration': statusIsTheControllers,
  'networking.k8s.io/Ingress': statusIsTheControllers,
  'networking.k8s.io/ServiceCIDR': statusIsTheControllers,
  'policy/PodDisruptionBudget': statusIsTheControllers,
  'resource.k8s.io/ResourceClaim': statusIsTheControllers,
  'storage.k8s.io/CSIDriver': csiDrivers,
  'storage.k8s.io/VolumeAttachment': statusIsTheControllers,
};
