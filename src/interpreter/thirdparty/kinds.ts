/**
 * Which kinds of other projects are understood, and what of each: the scripts are in data/interpreters, and are read when
 * somebody asks for one of these kinds (compatibility.md section 6.4). All others cost a look into this table.
 */
import type { KindInterpreter } from '../interpreter.ts';

export type Operation = keyof KindInterpreter;

/** By the path of the file: group, version, kind. */
export const thirdPartyKinds: Readonly<Record<string, readonly Operation[]>> = {
  'apps.kruise.io/v1alpha1/AdvancedCronJob': ['aggregateStatus', 'getDependencies'],
  'apps.kruise.io/v1alpha1/BroadcastJob': [
    'getReplicas',
    'reviseReplica',
    'retain',
    'reflectStatus',
    'aggregateStatus',
    'interpretHealth',
    'getDependencies',
  ],
  'apps.kruise.io/v1alpha1/CloneSet': [
    'getReplicas',
    'reviseReplica',
    'reflectStatus',
    'aggregateStatus',
    'interpretHealth',
    'getDependencies',
  ],
  'apps.kruise.io/v1alpha1/DaemonSet': ['reflectStatus', 'aggregateStatus', 'interpretHealth', 'getDependencies'],
  'apps.kruise.io/v1alpha1/SidecarSet': [
    'getReplicas',
    'reflectStatus',
    'aggregateStatus',
    'interpretHealth',
    'getDependencies',
  ],
  'apps.kruise.io/v1alpha1/UnitedDeployment': [
    'getReplicas',
    'reviseReplica',
    'reflectStatus',
    'aggregateStatus',
    'interpretHealth',
    'getDependencies',
  ],
  'apps.kruise.io/v1beta1/StatefulSet': [
    'getReplicas',
    'reviseReplica',
    'reflectStatus',
    'aggregateStatus',
    'interpretHealth',
    'getDependencies',
  ],
  'argoproj.io/v1alpha1/Workflow': ['getReplicas', 'reviseReplica', 'retain', 'interpretHealth', 'getDependencies'],
  'batch.volcano.sh/v1alpha1/Job': ['getComponents', 'reflectStatus', 'aggregateStatus', 'interpretHealth'],
  'flink.apache.org/v1beta1/FlinkDeployment': [
    'getReplicas',
    'getComponents',
    'reflectStatus',
    'aggregateStatus',
    'interpretHealth',
  ],
  'helm.toolkit.fluxcd.io/v2beta1/HelmRelease': [
    'retain',
    'reflectStatus',
    'aggregateStatus',
    'interpretHealth',
    'getDependencies',
  ],
  'kubeflow.org/v1/Notebook': ['getReplicas', 'reflectStatus', 'aggregateStatus', 'interpretHealth'],
  'kubeflow.org/v1/PyTorchJob': ['getComponents', 'aggregateStatus', 'interpretHealth', 'getDependencies'],
  'kubeflow.org/v1/TFJob': ['getComponents', 'aggregateStatus', 'interpretHealth', 'getDependencies'],
  'kubeflow.org/v2beta1/MPIJob': [
    'getComponents',
    'reflectStatus',
    'aggregateStatus',
    'interpretHealth',
    'getDependencies',
  ],
  'kustomize.toolkit.fluxcd.io/v1/Kustomization': [
    'retain',
    'reflectStatus',
    'aggregateStatus',
    'interpretHealth',
    'getDependencies',
  ],
  'kyverno.io/v1/ClusterPolicy': ['reflectStatus', 'aggregateStatus', 'interpretHealth'],
  'kyverno.io/v1/Policy': ['reflectStatus', 'aggregateStatus', 'interpretHealth'],
  'ray.io/v1/RayCluster': ['getReplicas', 'getComponents', 'reflectStatus', 'aggregateStatus', 'interpretHealth'],
  'ray.io/v1/RayJob': ['getComponents', 'aggregateStatus', 'interpretHealth', 'getDependencies'],
  'ray.io/v1/RayService': ['aggregateStatus', 'interpretHealth', 'getDependencies'],
  'source.toolkit.fluxcd.io/v1/GitRepository': [
    'retain',
    'reflectStatus',
    'aggregateStatus',
    'interpretHealth',
    'getDependencies',
  ],
  'source.toolkit.fluxcd.io/v1beta2/Bucket': [
    'retain',
    'reflectStatus',
    'aggregateStatus',
    'interpretHealth',
    'getDependencies',
  ],
  'source.toolkit.fluxcd.io/v1beta2/HelmChart': [
    'retain',
    'reflectStatus',
    'aggregateStatus',
    'interpretHealth',
    'getDependencies',
  ],
  'source.toolkit.fluxcd.io/v1beta2/HelmRepository': [
    'retain',
    'reflectStatus',
    'aggregateStatus',
    'interpretHealth',
    'getDependencies',
  ],
  'source.toolkit.fluxcd.io/v1beta2/OCIRepository': [
    'retain',
    'reflectStatus',
    'aggregateStatus',
    'interpretHealth',
    'getDependencies',
  ],
  'sparkoperator.k8s.io/v1beta2/SparkApplication': [
    'getComponents',
    'reflectStatus',
    'aggregateStatus',
    'interpretHealth',
  ],
};
