/** What else a template needs where it runs: what its Pods read and mount, an Ingress's certificates, an import's Service. */
import type { UnstructuredObject } from '#kube/meta/object.ts';
import type { Dependency, KindInterpreter } from '../interpreter.ts';
import { type Fields, fieldsOf } from './fields.ts';

type GetDependencies = NonNullable<KindInterpreter['getDependencies']>;

const listOf = (value: unknown): readonly Fields[] => (value ?? []) as readonly Fields[];

/** Where each kind of volume names a Secret: the volume's field, its reference, the name in it. */
const secretVolumes: readonly (readonly [volume: string, reference: string | undefined, name: string])[] = [
  ['secret', undefined, 'secretName'],
  ['azureFile', undefined, 'secretName'],
  ['cephfs', 'secretRef', 'name'],
  ['cinder', 'secretRef', 'name'],
  ['csi', 'nodePublishSecretRef', 'name'],
  ['flexVolume', 'secretRef', 'name'],
  ['iscsi', 'secretRef', 'name'],
  ['rbd', 'secretRef', 'name'],
  ['scaleIO', 'secretRef', 'name'],
  ['storageos', 'secretRef', 'name'],
];

/** Names a container takes its environment from: `configMap` or `secret`. */
const environmentOf = (container: Fields, what: 'configMap' | 'secret'): readonly unknown[] => [
  ...listOf(container.envFrom).map((source) => fieldsOf(source[`${what}Ref`]).name),
  ...listOf(container.env).map((variable) => fieldsOf(fieldsOf(variable.valueFrom)[`${what}KeyRef`]).name),
];

const containersOf = (spec: Fields) =>
  ['containers', 'initContainers', 'ephemeralContainers'].flatMap((name) => listOf(spec[name]));

const projected = (volumes: readonly Fields[], what: 'configMap' | 'secret'): readonly unknown[] =>
  volumes.flatMap(({ projected: all }) => listOf(fieldsOf(all).sources).map((source) => fieldsOf(source[what]).name));

const secretsOf = (spec: Fields, volumes: readonly Fields[]): readonly unknown[] => [
  ...listOf(spec.imagePullSecrets).map((secret) => secret.name),
  ...volumes.flatMap((volume) =>
    secretVolumes.map(([type, reference, name]) => {
      const source = fieldsOf(volume[type]);
      return (reference === undefined ? source : fieldsOf(source[reference]))[name];
    }),
  ),
];

/** Each once, in the order of their kinds and names, so that the same template always says the same. */
function references(namespace: string | undefined, kind: string, names: readonly unknown[]): readonly Dependency[] {
  const known = new Set(names.filter((name): name is string => typeof name === 'string' && name !== ''));
  return [...known].sort().map((name) => ({ apiVersion: 'v1', kind, ...(namespace ? { namespace } : {}), name }));
}

/** What Pods of this spec need; `owned` are claims that the workload makes for itself. */
function ofPods(namespace: string | undefined, podSpec: unknown, owned: ReadonlySet<unknown> = new Set()) {
  const spec = fieldsOf(podSpec);
  const [volumes, containers] = [listOf(spec.volumes), containersOf(spec)];
  const environment = (what: 'configMap' | 'secret') => containers.flatMap((each) => environmentOf(each, what));
  const claims = volumes
    .filter((volume) => !owned.has(volume.name))
    .map((volume) => fieldsOf(volume.persistentVolumeClaim).claimName)
    .filter((claim) => !owned.has(claim));
  const mapped = volumes.map((volume) => fieldsOf(volume.configMap).name);
  // Every namespace has its own default account.
  const account = spec.serviceAccountName === 'default' ? undefined : spec.serviceAccountName;
  return [
    ...references(namespace, 'ConfigMap', [...environment('configMap'), ...mapped, ...projected(volumes, 'configMap')]),
    ...references(namespace, 'Secret', [
      ...environment('secret'),
      ...secretsOf(spec, volumes),
      ...projected(volumes, 'secret'),
    ]),
    ...references(namespace, 'ServiceAccount', [account]),
    ...references(namespace, 'PersistentVolumeClaim', claims),
  ];
}

const namespaceOf = (object: UnstructuredObject) => object.metadata.namespace;
const templateOf = (spec: unknown) => fieldsOf(fieldsOf(spec).template).spec;

export const podDependencies: GetDependencies = (pod) => ofPods(namespaceOf(pod), pod.spec);

export const templateDependencies: GetDependencies = (object) => ofPods(namespaceOf(object), templateOf(object.spec));

/**
 * A volume named like a claim template is replaced by the claim that the StatefulSet makes; a claim of such a name is
 * taken for one of those too, as the reference does.
 */
export const statefulSetDependencies: GetDependencies = (object) => {
  const claims = listOf(fieldsOf(object.spec).volumeClaimTemplates).map((claim) => fieldsOf(claim.metadata).name);
  return ofPods(namespaceOf(object), templateOf(object.spec), new Set(claims));
};

export const cronJobDependencies: GetDependencies = (cronJob) =>
  ofPods(namespaceOf(cronJob), templateOf(fieldsOf(fieldsOf(cronJob.spec).jobTemplate).spec));

export const ingressDependencies: GetDependencies = (ingress) =>
  references(
    namespaceOf(ingress),
    'Secret',
    listOf(fieldsOf(ingress.spec).tls).map((each) => each.secretName),
  );

/** The Service made for an import, and the endpoints collected for it. */
const serviceImportDependencies: GetDependencies = ({ metadata: { namespace, name } }) => {
  const derived = `derived-${name}`;
  const place = namespace ? { namespace } : {};
  const labelSelector = { matchLabels: { 'kubernetes.io/service-name': derived } };
  return [
    { apiVersion: 'v1', kind: 'Service', ...place, name: derived },
    { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', ...place, labelSelector },
  ];
};

export const serviceImportInterpreter: KindInterpreter = { getDependencies: serviceImportDependencies };
