/** Built-in kinds of v1.35 that clients are warned of whenever they use them. */

const warnings: Readonly<Record<string, string>> = {
  'v1 Endpoints': 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  'v1 ComponentStatus': 'v1 ComponentStatus is deprecated in v1.19+',
};

export const builtinDeprecation = (apiVersion: string, kind: string): string | undefined =>
  warnings[`${apiVersion} ${kind}`];
