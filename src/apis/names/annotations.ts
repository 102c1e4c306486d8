/** Every annotation key the control plane reads or writes (compatibility.md section 2.3), and what it means. */

export const policyNamespace = 'propagationpolicy.karmada.io/namespace';
export const policyName = 'propagationpolicy.karmada.io/name';
export const clusterPolicyName = 'clusterpropagationpolicy.karmada.io/name';

/** On a binding, by the scheduler: JSON of the placement its clusters were chosen for. */
export const appliedPlacement = 'policy.karmada.io/applied-placement';
/** On a binding, by the detector: which state of its template it last carried on. */
export const seenTemplate = 'resourcetemplate.flotilla.io/seen';
/** On a Work: JSON `[{policyName, overriders}]` of what was overridden. */
export const appliedOverrides = 'policy.karmada.io/applied-overrides';
export const appliedClusterOverrides = 'policy.karmada.io/applied-cluster-overrides';

/** On a binding that others depend for: JSON list of what its template needs where it runs. */
export const dependencies = 'resourcebinding.karmada.io/dependencies';
export const bindingNamespace = 'resourcebinding.karmada.io/namespace';
export const bindingName = 'resourcebinding.karmada.io/name';
export const clusterBindingName = 'clusterresourcebinding.karmada.io/name';

/** On a manifest and the member's object: the Work it came from; status finds its way back by these. */
export const workNamespace = 'work.karmada.io/namespace';
export const workName = 'work.karmada.io/name';
/** `overwrite` or `abort`, on template, Work and manifest. */
export const conflictResolution = 'work.karmada.io/conflict-resolution';

export const templateUid = 'resourcetemplate.karmada.io/uid';
export const templateGeneration = 'resourcetemplate.karmada.io/generation';
/** Comma-joined sorted keys we wrote on the manifest, so that a key that leaves the template leaves the member too. */
export const managedAnnotations = 'resourcetemplate.karmada.io/managed-annotations';
export const managedLabels = 'resourcetemplate.karmada.io/managed-labels';

/** FieldsV1 of what somebody asked for in this manifest; absent: all of it (architecture, takeover by ownership). */
export const statedFields = 'work.flotilla.io/stated-fields';
/** FieldsV1 on a Work of what overrides took from its manifest: it goes from the member too, whoever has set it. */
export const removedFields = 'work.flotilla.io/removed-fields';
/** `replace` on a template or a policy (and so on binding and Work): full replacement as the reference does. */
export const writeMode = 'work.flotilla.io/write';
export const writeModeReplace = 'replace';
/** FieldsV1 on a member's object of what a full update of ours stated: managedFields cannot tell there. */
export const writtenFields = 'work.flotilla.io/written-fields';

/** On a Cluster that is being deleted: `delete` when what we hold in it is to be deleted too; else it is let go. */
export const leaving = 'cluster.flotilla.io/workloads';
export const leavingDeletes = 'delete';

/** `true` on a policy (and so on its bindings): with `propagateDeps`, all that belongs to the template comes along. */
export const propagateClosure = 'policy.flotilla.io/propagate-closure';
export const propagateClosureOn = 'true';
/** What a policy says of its bindings by annotations: they carry the same. */
export const carriedByBindings = [writeMode, propagateClosure] as const;
/** On such a binding: JSON `[{apiVersion, kind, namespace, name, because}]` of what came along, and why. */
export const closure = 'resourcebinding.flotilla.io/closure';

/** kubectl's record of what was last applied. */
export const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
/** kubectl's mark of `rollout restart` on a Pod template. */
export const restartedAt = 'kubectl.kubernetes.io/restartedAt';

/** What we put on a member's object beyond the template's own; taken off when the object is let go. */
export const manifestAnnotations = [
  policyNamespace,
  policyName,
  clusterPolicyName,
  bindingNamespace,
  bindingName,
  clusterBindingName,
  workNamespace,
  workName,
  conflictResolution,
  templateUid,
  templateGeneration,
  managedAnnotations,
  managedLabels,
  writtenFields,
] as const;
