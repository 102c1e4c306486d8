/** Texts for Warning headers, by kind. */
import type { KubeObject } from '#kube/meta/object.ts';
import { contentOf } from '../prepare/preparation.ts';
import { type Fields, fieldsOf, isNothing, itemsOf, sameValue, textOf } from '../value.ts';
import { definitionWarnings } from './definitions.ts';
import { claimWarnings, nameWarnings, podWarnings } from './pods.ts';

type Warnings = (object: KubeObject, old?: KubeObject) => readonly string[];

const specOf = (object: KubeObject): Fields => fieldsOf(contentOf(object).spec);
const workloadName = 'Pod names and hostnames';

/** Of what has a Pod template: on create, and on an update that changes the spec. */
function ofTemplate(path: string, templateOf: (object: KubeObject) => Fields, named: boolean): Warnings {
  return (object, old) => {
    if (old !== undefined) return sameValue(specOf(object), specOf(old)) ? [] : podWarnings(path, templateOf(object));
    const own = podWarnings(path, templateOf(object));
    return named ? [...nameWarnings(object.metadata.name, workloadName), ...own] : own;
  };
}

const template = (object: KubeObject): Fields => fieldsOf(specOf(object).template);
const jobTemplate = (object: KubeObject): Fields =>
  fieldsOf(fieldsOf(fieldsOf(specOf(object).jobTemplate).spec).template);

const pod: Warnings = (object, old) =>
  old === undefined
    ? [...nameWarnings(object.metadata.name, "the Pod's hostname"), ...podWarnings('', object as unknown as Fields)]
    : [];

const statefulSet: Warnings = (object, old) => {
  const warnings = [...ofTemplate('spec.template', template, false)(object, old)];
  const limit = specOf(object).revisionHistoryLimit;
  for (const [index, claim] of itemsOf(specOf(object).volumeClaimTemplates).entries()) {
    warnings.push(...claimWarnings(`spec.volumeClaimTemplates[${index}]`, fieldsOf(claim.spec)));
  }
  if (typeof limit === 'number' && limit < 0) {
    const why = 'a negative value retains all historical revisions; a value >= 0 is recommended';
    warnings.push(`spec.revisionHistoryLimit: ${why}`);
  }
  return warnings;
};

const service: Warnings = (object) => {
  const spec = specOf(object);
  const warnings: string[] = [];
  const addresses = itemsOf(spec.clusterIPs) as readonly unknown[];
  const old = 'service.kubernetes.io/topology-aware-hints';
  if (object.metadata.annotations?.[old] !== undefined) {
    warnings.push(`annotation ${old} is deprecated, please use service.kubernetes.io/topology-mode instead`);
  }
  if (addresses.length === 1 && addresses[0] === 'None') {
    if (spec.loadBalancerIP) warnings.push('spec.loadBalancerIP is ignored for headless services');
    if (itemsOf(spec.externalIPs).length > 0) warnings.push('spec.externalIPs is ignored for headless services');
    if (spec.sessionAffinity !== 'None') warnings.push('spec.SessionAffinity is ignored for headless services');
  }
  if (spec.type === 'ExternalName') {
    if (itemsOf(spec.externalIPs).length > 0) {
      warnings.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
    }
  } else if (spec.externalName) warnings.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  if (spec.trafficDistribution === 'PreferClose') {
    warnings.push('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"');
  }
  return warnings;
};

const node: Warnings = (object) => {
  const spec = specOf(object);
  const warnings: string[] = [];
  if (spec.configSource !== undefined) warnings.push('spec.configSource: the feature is removed');
  if (spec.externalID) warnings.push('spec.externalID: this field is deprecated, and is unused by Kubernetes');
  return warnings;
};

const persistentVolume: Warnings = (object) =>
  specOf(object).persistentVolumeReclaimPolicy === 'Recycle'
    ? [
        'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
      ]
    : [];

const endpointSlice: Warnings = (object) =>
  contentOf(object).addressType === 'FQDN' ? ['spec.addressType: FQDN endpoints are deprecated'] : [];

const ingress: Warnings = (object, old) => {
  const key = 'kubernetes.io/ingress.class';
  return old === undefined && textOf(object.metadata.annotations?.[key]) !== ''
    ? [`annotation "${key}" is deprecated, please use 'spec.ingressClassName' instead`]
    : [];
};

const csiDriver: Warnings = (object, old) => {
  const { tokenRequests, serviceAccountTokenInSecrets } = specOf(object);
  if (itemsOf(tokenRequests).length === 0 || !isNothing(serviceAccountTokenInSecrets)) return [];
  if (old && sameValue(specOf(old).tokenRequests, tokenRequests)) return [];
  return [
    'spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes',
  ];
};

/** When it comes to stand there. */
const serviceAccount: Warnings = ({ metadata }, old) => {
  const key = 'kubernetes.io/enforce-mountable-secrets';
  const isNew = metadata.annotations?.[key] !== undefined && old?.metadata.annotations?.[key] === undefined;
  const why = 'deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets';
  return isNew ? [`metadata.annotations[${key}]: ${why}`] : [];
};

/** By group and kind. */
export const warningsOf: Readonly<Record<string, Warnings>> = {
  '/Endpoints': () => ['v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice'],
  '/Node': node,
  '/PersistentVolume': persistentVolume,
  '/PersistentVolumeClaim': (object) => claimWarnings('spec', specOf(object)),
  '/Pod': pod,
  '/PodTemplate': (object) => podWarnings('template', fieldsOf(contentOf(object).template)),
  '/ReplicationController': ofTemplate('spec.template', template, true),
  '/Service': service,
  '/ServiceAccount': serviceAccount,
  'apiextensions.k8s.io/CustomResourceDefinition': definitionWarnings,
  'apps/DaemonSet': ofTemplate('spec.template', template, false),
  'apps/Deployment': ofTemplate('spec.template', template, true),
  'apps/ReplicaSet': ofTemplate('spec.template', template, true),
  'apps/StatefulSet': statefulSet,
  'batch/CronJob': ofTemplate('spec.jobTemplate.spec.template', jobTemplate, true),
  'batch/Job': ofTemplate('spec.template', template, true),
  'discovery.k8s.io/EndpointSlice': endpointSlice,
  'networking.k8s.io/Ingress': ingress,
  'storage.k8s.io/CSIDriver': csiDriver,
};
