/**
 * How the registry of kube-apiserver treats single resources: facts that no schema says. Custom resources have
 * kube-apiserver's traits of custom resources.
 */
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
  validateName: dns1123Subdomain,
};

const custom: Traits = { ...builtin, unconditionalUpdate: false };

const labelName: Partial<Traits> = { validateName: dns1123Label };
const anyName: Partial<Traits> = { validateName: pathSegmentName, createOnUpdate: true };
const returned: Partial<Traits> = { returnsDeleted: true };
const conditional: Partial<Traits> = { unconditionalUpdate: false };

const exceptions: Readonly<Record<string, Partial<Traits>>> = {
  namespaces: labelName,
  services: { validateName: dns1035Label, createOnUpdate: true, returnsDeleted: true },
  pods: { graceful: true, returnsDeleted: true },
  serviceaccounts: returned,
  podtemplates: { createOnUpdate: true, returnsDeleted: true },
  resourcequotas: returned,
  persistentvolumes: returned,
  persistentvolumeclaims: returned,
  endpoints: { createOnUpdate: true },
  events: { createOnUpdate: true },
  limitranges: { createOnUpdate: true },
  'coordination.k8s.io/leases': { createOnUpdate: true, unconditionalUpdate: false },
  'rbac.authorization.k8s.io/roles': anyName,
  'rbac.authorization.k8s.io/rolebindings': anyName,
  'rbac.authorization.k8s.io/clusterroles': anyName,
  'rbac.authorization.k8s.io/clusterrolebindings': anyName,
  'policy/poddisruptionbudgets': conditional,
  'admissionregistration.k8s.io/mutatingwebhookconfigurations': conditional,
  'admissionregistration.k8s.io/validatingwebhookconfigurations': conditional,
  'admissionregistration.k8s.io/validatingadmissionpolicies': conditional,
  'admissionregistration.k8s.io/validatingadmissionpolicybindings': conditional,
  'apiextensions.k8s.io/customresourcedefinitions': conditional,
  'apiregistration.k8s.io/apiservices': { ...conditional, validateName: pathSegmentName },
  'storage.k8s.io/csidrivers': conditional,
  'storage.k8s.io/csinodes': conditional,
  'storage.k8s.io/volumeattachments': conditional,
  'node.k8s.io/runtimeclasses': conditional,
  'flowcontrol.apiserver.k8s.io/flowschemas': conditional,
  'flowcontrol.apiserver.k8s.io/prioritylevelconfigurations': conditional,
};

/** `resource` as the store names it: `pods`. */
export function traitsOf(resource: string, isCustom: boolean): Traits {
  if (isCustom) return custom;
  const exception = exceptions[resource];
  return exception ? { ...builtin, ...exception } : builtin;
}
