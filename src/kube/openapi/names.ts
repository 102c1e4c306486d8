/** What OpenAPI documents call things: components by Go's package names, operations and tags by group and version. */
import type { KindDefinition } from '../kind/definition.ts';
import type { GroupVersionKind } from '../meta/kind.ts';

export const metaPrefix = 'io.k8s.apimachinery.pkg.apis.meta.v1.';

/** `io.k8s.api.apps.v1.Deployment`; a custom kind by its group, turned around. */
export const componentName = ({ group, version, kind, schema }: KindDefinition): string =>
  schema.component ?? `${group.split('.').reverse().join('.')}.${version}.${kind}`;

export const listComponentName = (definition: KindDefinition): string => {
  const name = componentName(definition);
  return name.slice(0, name.length - definition.kind.length) + definition.listKind;
};

/** Of a built-in kind that has no resource of its own: Scale, Eviction, TokenRequest. */
export const builtinComponentName = ({ group, version, kind }: GroupVersionKind): string =>
  `io.k8s.api.${group === '' ? 'core' : group.split('.', 1)[0]}.${version}.${kind}`;

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const words = (group: string) => group.replace(/\.k8s\.io$/, '').split(/[^A-Za-z0-9]+/);

/** `rbac.authorization.k8s.io` -> `rbacAuthorization`; the core group is `core`. */
export const groupTag = (group: string): string => {
  if (group === '') return 'core';
  const [first = '', ...rest] = words(group);
  return first + rest.map(capital).join('');
};

export const versionTag = (group: string, version: string): string => `${groupTag(group)}_${version}`;

/** `AppsV1`, within an operation's id. */
export const versionWords = (group: string, version: string): string => capital(groupTag(group)) + capital(version);

/** `/apis/apps/v1` */
export const rootOf = (group: string, version: string): string =>
  group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
