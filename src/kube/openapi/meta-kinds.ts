/** Components no generated table has, and which kinds of the API machinery are marked with which group versions. */
import type { GroupVersionKind } from '../meta/kind.ts';
import { array, object, required, string } from '../schema/build.ts';
import type { Schema } from '../schema/schema.ts';
import { metaPrefix } from './names.ts';

/** A field of Go's own type: never absent, so empty when nothing is said. */
const text: Schema = { type: 'string', default: '' };
const texts = array(text, { listType: 'atomic' });
const named = (name: string, schema: Schema): Schema => ({ ...schema, component: `${metaPrefix}${name}` });
const atomic = (items: Schema) => array({ ...items, default: {} }, { listType: 'atomic' });

const serverAddress = named(
  'ServerAddressByClientCIDR',
  object({ clientCIDR: required(text), serverAddress: required(text) }),
);
const groupVersion = named(
  'GroupVersionForDiscovery',
  object({ groupVersion: required(text), version: required(text) }),
);
const typeMeta = { apiVersion: string(), kind: string() };
const apiGroup = named(
  'APIGroup',
  object({
    ...typeMeta,
    name: required(text),
    preferredVersion: { ...groupVersion, default: {} },
    serverAddressByClientCIDRs: atomic(serverAddress),
    versions: required(atomic(groupVersion)),
  }),
);
const versionInfoFields = [
  'major',
  'minor',
  'gitVersion',
  'gitCommit',
  'gitTreeState',
  'buildDate',
  'goVersion',
  'compiler',
  'platform',
];

const own: Readonly<Record<string, Schema>> = {
  [`${metaPrefix}APIGroup`]: apiGroup,
  [`${metaPrefix}APIGroupList`]: named('APIGroupList', object({ ...typeMeta, groups: required(atomic(apiGroup)) })),
  [`${metaPrefix}APIVersions`]: named(
    'APIVersions',
    object({
      ...typeMeta,
      versions: required(texts),
      serverAddressByClientCIDRs: required(atomic(serverAddress)),
    }),
  ),
  'io.k8s.apimachinery.pkg.version.Info': {
    ...object({
      ...Object.fromEntries(versionInfoFields.map((name) => [name, required(text)])),
      emulationMajor: string(),
      emulationMinor: string(),
      minCompatibilityMajor: string(),
      minCompatibilityMinor: string(),
    }),
    component: 'io.k8s.apimachinery.pkg.version.Info',
  },
};

export const machineryComponent = (name: string): Schema | undefined => own[name];

/** Group versions the machinery knows of, served or not. */
const registered = [
  '/v1',
  'admission.k8s.io/v1,v1beta1',
  'admissionregistration.k8s.io/v1,v1alpha1,v1beta1',
  'apiextensions.k8s.io/v1,v1beta1',
  'apiregistration.k8s.io/v1,v1beta1',
  'apps/v1,v1beta1,v1beta2',
  'authentication.k8s.io/v1,v1alpha1,v1beta1',
  'authorization.k8s.io/v1,v1beta1',
  'autoscaling/v1,v2,v2beta1,v2beta2',
  'batch/v1,v1beta1',
  'certificates.k8s.io/v1,v1alpha1,v1beta1',
  'coordination.k8s.io/v1,v1alpha2,v1beta1',
  'discovery.k8s.io/v1,v1beta1',
  'events.k8s.io/v1,v1beta1',
  'extensions/v1beta1',
  'flowcontrol.apiserver.k8s.io/v1,v1beta1,v1beta2,v1beta3',
  'imagepolicy.k8s.io/v1alpha1',
  'internal.apiserver.k8s.io/v1alpha1',
  'networking.k8s.io/v1,v1beta1',
  'node.k8s.io/v1,v1alpha1,v1beta1',
  'policy/v1,v1beta1',
  'rbac.authorization.k8s.io/v1,v1alpha1,v1beta1',
  'resource.k8s.io/v1,v1alpha3,v1beta1,v1beta2',
  'scheduling.k8s.io/v1,v1alpha1,v1beta1',
  'storage.k8s.io/v1,v1alpha1,v1beta1',
  'storagemigration.k8s.io/v1beta1',
];

const everywhere = (kind: string): readonly GroupVersionKind[] =>
  registered.flatMap((each) => {
    const [group = '', versions = ''] = each.split('/');
    return versions.split(',').map((version) => ({ group, kind, version }));
  });

const single = (group: string, version: string, kind: string): readonly GroupVersionKind[] => [
  { group, kind, version },
];

/** By component; kinds that are resources say it themselves. */
export const markedKinds: Readonly<Record<string, readonly GroupVersionKind[]>> = {
  ...Object.fromEntries(
    ['APIGroup', 'APIGroupList', 'APIResourceList', 'APIVersions', 'Status'].map((kind) => [
      `${metaPrefix}${kind}`,
      single('', 'v1', kind),
    ]),
  ),
  [`${metaPrefix}DeleteOptions`]: everywhere('DeleteOptions'),
  [`${metaPrefix}WatchEvent`]: everywhere('WatchEvent'),
  'io.k8s.api.authentication.v1.TokenRequest': single('authentication.k8s.io', 'v1', 'TokenRequest'),
  'io.k8s.api.autoscaling.v1.Scale': single('autoscaling', 'v1', 'Scale'),
  'io.k8s.api.policy.v1.Eviction': single('policy', 'v1', 'Eviction'),
};
