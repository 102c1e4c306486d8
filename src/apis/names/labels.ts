/** Every label key the control plane reads or writes (compatibility.md section 2.2), and what it means. */

/** The claim of a PropagationPolicy: its id on the policy itself, on templates and on bindings. */
export const policyId = 'propagationpolicy.karmada.io/permanent-id';
/** The claim of a ClusterPropagationPolicy. */
export const clusterPolicyId = 'clusterpropagationpolicy.karmada.io/permanent-id';
/** Id of a ResourceBinding, on the binding, its Works and their manifests. */
export const bindingId = 'resourcebinding.karmada.io/permanent-id';
/** Id of a ClusterResourceBinding. */
export const clusterBindingId = 'clusterresourcebinding.karmada.io/permanent-id';
/** Id of a Work, on the Work, its manifest and the member's object. */
export const workId = 'work.karmada.io/permanent-id';
/** `true` on every object a member holds for us: the ownership test of update and delete. */
export const managed = 'karmada.io/managed';
export const managedValue = 'true';
/** `true` on what the control plane makes for itself: execution namespaces, join accounts. */
export const system = 'karmada.io/system';
export const systemValue = 'true';
/** `true` (any case) on a Namespace that is not to be synced to the members. */
export const skipAutoPropagation = 'namespace.karmada.io/skip-auto-propagation';
/** `true` on a Deployment whose replicas the member keeps. */
export const retainReplicas = 'resourcetemplate.karmada.io/retain-replicas';
/** On a template that another controller propagates: the detector leaves it alone. */
export const claimedBy = 'resourcetemplate.karmada.io/claimed-by';
/** `Always` on a template whose deletion is refused. */
export const deletionProtected = 'resourcetemplate.karmada.io/deletion-protected';
export const deletionProtectedAlways = 'Always';
/** On a binding that a controller other than the detector owns; the scheduler accepts it like a claimed one. */
export const bindingManagedBy = 'binding.karmada.io/managed-by';

/** On the binding of a dependency, one for each binding that needs it: its reference key follows, its id is the value. */
export const dependedByPrefix = 'resourcebinding.karmada.io/depended-by-';

/** On a Work that brings a cluster its share: the FederatedResourceQuota it is of. */
export const quotaNamespace = 'federatedresourcequota.karmada.io/namespace';
export const quotaName = 'federatedresourcequota.karmada.io/name';

/** On what a migration made in the control plane: its plan. Of no concern to members, and never written there. */
export const migrationPlan = 'migrate.flotilla.io/plan';

/** What marks a member's object as ours; taken off when the object is let go. */
export const manifestLabels = [managed, policyId, clusterPolicyId, bindingId, clusterBindingId, workId] as const;
