/**
 * How the registry of kube-apiserver treats single resources: facts that no schema says. Custom resources have
 * kube-apiserver's traits of custom resources.
 */
import { ipAddressName } from '#apis/kubernetes/native/validate/addresses.ts';
import { dns1035Label, dns1123Label, dns1123Subdomain } from '#kube/names/validate.ts';

export interface Traits {
  /** An update without resourceVersion overwrites. */
  readonly unconditionalUpdate: boolean;
  /** A PUT to a name that does not exist creates it. */
  readonly createOnUpdate: boolean;
  /** A delete that is complete at once answers the object instead of a Status. */
  readonly returnsDeleted: boolean;
  /** Deletion gives the object time (Pods). */
  readonly graceful: boolean;
  /** Without a wish to the contrary, what a deleted object owned is left to itself. */
  readonly orphansDependents: boolean;
  /** Whether deletion asks after what the object owns. */
  readonly ownsDependents: boolean;
  /** A finalizer is a standard one or has a domain. */
  readonly ownedFinalizers: boolean;
  /** One that comes without a name gets any. */
  readonly namesItself: boolean;
  /** Error texts for a name; none when it is valid. */
  readonly validateName: (name: string) => readonly string[];
}

/** Names that may be any path segment: RBAC objects have names like `system:node`. */
export function pathSegmentName(name: string): readonly string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%'].filter((part) => name.includes(part)).map((part) => `may not contain '${part}'`);
}

const builtin: Traits = {
  unconditionalUpdate: true,
  createOnUpdate: false,
  returnsDeleted: false,
  graceful: false,
  orphansDependents: false,
  ownsDependents: true,
  ownedFinalizers: true,
  namesItself: false,
  validateName: dns1123Subdomain,
};

const custom: Traits = { ...builtin, unconditionalUpdate: false, ownedFinalizers: false };

const labelName: Partial<Traits> = { validateName: dns1123Label };
const anyName: Partial<Traits> = { validateName: pathSegmentName, createOnUpdate: true };
const returned: Partial<Traits> = { returnsDeleted: true };
const conditional: Partial<Traits> = { unconditionalUpdate: false };
const orphaned: Partial<Traits> = { orphansDependents: true };
const unsupportedGc: Partial<Traits> = { ownsDependents: false };
/** Kinds of API servers that kube-apiserver is made of beside its own. */
const foreign: Partial<Traits> = { unconditionalUpdate: false, ownedFinalizers: false };

const exceptions: Readonly<Record<string, Partial<Traits>>> = {
  namespaces: { ...labelName, ...returned },
  services: { validateName: dns1035Label, createOnUpdate: true, returnsDeleted: true },
  pods: { graceful: true, returnsDeleted: true },
  serviceaccounts: returned,
  podtemplates: returned,
  replicationcontrollers: orphaned,
  resourcequotas: returned,
  persistentvolumes: returned,
  persistentvolumeclaims: returned,
  endpoints: { createOnUpdate: true },
  events: { ...unsupportedGc, createOnUpdate: true, validateName: pathSegmentName, ownedFinalizers: false },
  'events.k8s.io/events': { ...unsupportedGc, createOnUpdate: true },
  limitranges: { createOnUpdate: true, namesItself: true },
  'batch/jobs': orphaned,
  'coordination.k8s.io/leases': { ...foreign, createOnUpdate: true },
  'rbac.authorization.k8s.io/roles': anyName,
  'rbac.authorization.k8s.io/rolebindings': anyName,
  'rbac.authorization.k8s.io/clusterroles': anyName,
  'rbac.authorization.k8s.io/clusterrolebindings': anyName,
  'policy/poddisruptionbudgets': { ...conditional, validateName: pathSegmentName, ownedFinalizers: false },
  'apps/statefulsets': labelName,
  'certificates.k8s.io/certificatesigningrequests': { validateName: pathSegmentName },
  'networking.k8s.io/ipaddresses': { validateName: ipAddressName },
  'admissionregistration.k8s.io/mutatingwebhookconfigurations': foreign,
  'admissionregistration.k8s.io/validatingwebhookconfigurations': foreign,
  'admissionregistration.k8s.io/validatingadmissionpolicies': foreign,
  'admissionregistration.k8s.io/validatingadmissionpolicybindings': foreign,
  'apiextensions.k8s.io/customresourcedefinitions': foreign,
  'apiregistration.k8s.io/apiservices': { ...foreign, validateName: pathSegmentName },
  'storage.k8s.io/csidrivers': { ...conditional, ...returned },
  'storage.k8s.io/csinodes': { ...conditional, ...returned },
  'storage.k8s.io/csistoragecapacities': conditional,
  'storage.k8s.io/storageclasses': returned,
  'storage.k8s.io/volumeattachments': { ...conditional, ...returned },
  'storage.k8s.io/volumeattributesclasses': returned,
  'node.k8s.io/runtimeclasses': { ...foreign, createOnUpdate: true },
  'resource.k8s.io/deviceclasses': returned,
  'resource.k8s.io/resourceclaims': returned,
  'resource.k8s.io/resourceclaimtemplates': returned,
  'resource.k8s.io/resourceslices': returned,
};

/** `resource` as the store names it: `pods`. */
export function traitsOf(resource: string, isCustom: boolean): Traits {
  if (isCustom) return custom;
  const exception = exceptions[resource];
  return exception ? { ...builtin, ...exception } : builtin;
}
