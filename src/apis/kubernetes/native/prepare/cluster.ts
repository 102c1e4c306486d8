/** Namespaces, claims, definitions, certificate requests: the rest of what a client does not decide. */
import type { KubeObject } from '#kube/meta/object.ts';
import { emptyStatus } from '../canonical/object.ts';
import {
  type Fields,
  fieldsOf,
  isEmpty,
  isFields,
  isNothing,
  itemsOf,
  mapList,
  sameValue,
  textOf,
  withField,
} from '../value.ts';
import { contentOf, keepStatus, type Preparation, statusIsTheControllers } from './preparation.ts';

/** The finalizers in spec are the namespace controller's; only it takes them away, through /finalize. */
export const namespaces: Preparation = {
  create: (object) => {
    const spec = fieldsOf(contentOf(object).spec);
    const finalizers = stringsOf(spec.finalizers);
    const named = statusIsTheControllers.create!(withNameLabel(object));
    if (finalizers.includes('kubernetes')) return named;
    return { ...named, spec: { ...spec, finalizers: [...finalizers, 'kubernetes'] } } as KubeObject;
  },
  update: (object, old) => {
    const { finalizers } = fieldsOf(contentOf(old).spec);
    const spec = withField(fieldsOf(contentOf(object).spec), 'finalizers', finalizers);
    return keepStatus(withField(object, 'spec', spec), old);
  },
};

const stringsOf = (value: unknown): readonly string[] => (Array.isArray(value) ? (value as readonly string[]) : []);

/** A generated name was not known when defaults were filled in. */
function withNameLabel(object: KubeObject): KubeObject {
  const { name, labels } = object.metadata;
  if (!name || labels?.['kubernetes.io/metadata.name'] === name) return object;
  return { ...object, metadata: { ...object.metadata, labels: { ...labels, 'kubernetes.io/metadata.name': name } } };
}

/** A node comes with a status; afterwards it changes through /status only. */
export const nodes: Preparation = {
  create: (node) => {
    const { spec } = contentOf(node);
    return isFields(spec) ? withField(node, 'spec', withField(spec, 'configSource', undefined)) : node;
  },
  update: keepStatus,
};

/** Of its Secrets an account names nothing but the name. */
export const serviceAccounts: Preparation = { create: withSecretNames, update: withSecretNames };

function withSecretNames(account: KubeObject): KubeObject {
  const { secrets } = contentOf(account);
  if (!Array.isArray(secrets)) return account;
  const named = mapList(itemsOf(secrets), (secret) =>
    Object.keys(secret).every((name) => name === 'name') ? secret : { name: secret.name },
  );
  return withField(account, 'secrets', named);
}

/** Free-form topology was v1beta1's. */
export const endpointSlices: Preparation = {
  create: (slice) => {
    const { endpoints } = contentOf(slice);
    if (!Array.isArray(endpoints)) return slice;
    return withField(
      slice,
      'endpoints',
      mapList(itemsOf(endpoints), (each) => withField(each, 'deprecatedTopology', undefined)),
    );
  },
  // Labels count, too: they say whose slice it is.
  update: (slice, old) => (sameValue(slice.metadata.labels, old.metadata.labels) ? slice : counted(slice, old)),
};

/** One generation more than `old` has. */
const counted = (object: KubeObject, old: KubeObject): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, generation: (old.metadata.generation ?? 0) + 1 },
});

/** Not born with a generation, but counted from the first change of the spec on. */
export const csiDrivers: Preparation = {
  update: (driver, old) => (sameValue(contentOf(driver).spec, contentOf(old).spec) ? driver : counted(driver, old)),
};

/** dataSource and dataSourceRef say the same; a dataSource of another kind than the two old ones is ignored. */
export const persistentVolumeClaims: Preparation = {
  create: (claim) => withSources(statusIsTheControllers.create!(claim), {}),
  update: (claim, old) => withSources(keepStatus(claim, old), fieldsOf(contentOf(old).spec)),
};

function withSources(claim: KubeObject, before: Fields): KubeObject {
  const given = withoutForeignSource(fieldsOf(contentOf(claim).spec));
  const inUse = !isNothing(before.dataSource) || !isNothing(before.dataSourceRef);
  const known = inUse || isFields(given.dataSourceRef) || !isFields(given.dataSource) || isCopySource(given.dataSource);
  const spec = known ? given : withField(given, 'dataSource', undefined);
  const { dataSource, dataSourceRef } = spec;
  if (isFields(dataSource) === isFields(dataSourceRef)) return withField(claim, 'spec', spec);
  if (isFields(dataSource)) return { ...claim, spec: { ...spec, dataSourceRef: dataSource } } as KubeObject;
  return { ...claim, spec: { ...spec, dataSource: dataSourceRef } } as KubeObject;
}

/** Sources in other namespaces are an alpha feature, which is off. */
function withoutForeignSource(spec: Fields): Fields {
  return fieldsOf(spec.dataSourceRef).namespace ? withField(spec, 'dataSourceRef', undefined) : spec;
}

function isCopySource({ apiGroup, kind }: Fields): boolean {
  const group = textOf(apiGroup);
  return (
    (group === '' && kind === 'PersistentVolumeClaim') ||
    (group === 'snapshot.storage.k8s.io' && kind === 'VolumeSnapshot')
  );
}

/** The storage version is one that objects may be stored in. */
export const customResourceDefinitions: Preparation = {
  create: (object) => withStoredVersion(withField(object, 'status', emptyDefinitionStatus(object))),
  update: (object, old) => withStoredVersion(keepStatus(object, old)),
};

const emptyDefinitionStatus = (object: KubeObject): unknown =>
  withField(fieldsOf(emptyStatus(object)), 'storedVersions', []);

function withStoredVersion(object: KubeObject): KubeObject {
  const { spec, status } = contentOf(object);
  const stored = itemsOf(fieldsOf(spec).versions).find((version) => version.storage === true);
  const versions = stringsOf(fieldsOf(status).storedVersions);
  if (stored === undefined || versions.includes(textOf(stored.name))) return object;
  return {
    ...object,
    status: { ...fieldsOf(status), storedVersions: [...versions, textOf(stored.name)] },
  } as KubeObject;
}

/** Who asks is what the server knows of whoever sent the request; approval goes through /approval, so an update changes metadata only. */
export const certificateSigningRequests: Preparation = {
  create: (object, user) => {
    const { username: _, uid: __, groups: ___, extra: ____, ...spec } = fieldsOf(contentOf(object).spec);
    const asker = user && {
      username: user.name,
      ...(user.uid ? { uid: user.uid } : {}),
      ...(user.groups.length > 0 ? { groups: user.groups } : {}),
      ...(user.extra && !isEmpty(user.extra) ? { extra: user.extra } : {}),
    };
    return { ...statusIsTheControllers.create!(object), spec: { ...spec, ...asker } } as KubeObject;
  },
  update: (object, old) => keepStatus(withField(object, 'spec', contentOf(old).spec), old),
};

/** A group version this server itself serves is available at once. */
export const apiServices: Preparation = {
  create: (object) => {
    const reset = statusIsTheControllers.create!(object);
    if (isFields(fieldsOf(contentOf(object).spec).service)) return reset;
    return { ...reset, status: { conditions: [locallyAvailable(object)] } } as KubeObject;
  },
  update: keepStatus,
};

const locallyAvailable = ({ metadata }: KubeObject): Fields => ({
  type: 'Available',
  status: 'True',
  lastTransitionTime: metadata.creationTimestamp ?? null,
  reason: 'Local',
  message: 'Local APIServices are always available',
});

/** Pending since it was created. */
export const persistentVolumes: Preparation = {
  create: (volume) => {
    const { creationTimestamp } = volume.metadata;
    const reset = statusIsTheControllers.create!(volume);
    if (!creationTimestamp) return reset;
    const status = { ...fieldsOf(contentOf(reset).status), lastPhaseTransitionTime: creationTimestamp };
    return { ...reset, status } as KubeObject;
  },
  update: keepStatus,
  status: (volume, old, now) => {
    const status = fieldsOf(contentOf(volume).status);
    const before = fieldsOf(contentOf(old).status);
    const time = status.lastPhaseTransitionTime ?? undefined;
    const same = textOf(status.phase) === textOf(before.phase);
    if (same ? time !== undefined : time !== undefined && time !== before.lastPhaseTransitionTime) return volume;
    const since = same ? before.lastPhaseTransitionTime : now;
    return withField(volume, 'status', withField(status, 'lastPhaseTransitionTime', since));
  },
};
