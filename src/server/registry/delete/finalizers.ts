/** The finalizers the API server itself knows. */
export const finalizers = {
  /** The garbage collector takes the dependents' owner references away first. */
  orphan: 'orphan',
  /** The garbage collector deletes the dependents first. */
  foreground: 'foregroundDeletion',
  /** Of a CustomResourceDefinition whose objects are being deleted. */
  customResources: 'customresourcecleanup.apiextensions.k8s.io',
} as const;
