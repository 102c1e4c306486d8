/** The caches that closures are computed over, and whose closures a change among them concerns. */
import type { Change } from '#client/informer/informer.ts';
import type { TemplateSource } from '#client/template-reader.ts';
import type { ClosureView } from '#interpreter/closure/closure.ts';
import { closureKinds, groupKind, typeOf } from '#interpreter/closure/kinds.ts';
import { accountsOf, roleOf } from '#interpreter/closure/rbac.ts';
import { keyFor } from '#kube/meta/key.ts';
import type { GroupVersionKind } from '#kube/meta/kind.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import type { WatchedKinds } from './watched.ts';

const { role, clusterRole, roleBinding, clusterRoleBinding, configMap, secret, claim, definition, httpRoute } =
  closureKinds;

/** Index of RoleBindings and ClusterRoleBindings by the ServiceAccounts they name, and by the roles they give. */
const byAccount = 'account';
const accountIndex = (object: KubeObject) => accountsOf(object as UnstructuredObject);
const byRole = 'role';
const roleKey = (kind: string, namespace: string | undefined, name: string) => `${kind}|${keyFor(namespace, name)}`;
const roleIndex = (object: KubeObject): readonly string[] => {
  const { kind, namespace, name } = roleOf(object as UnstructuredObject);
  return [roleKey(kind, namespace, name)];
};

/** Index of CustomResourceDefinitions by the kind they define. */
const byDefined = 'defined';
interface Definition extends KubeObject {
  readonly spec?: {
    readonly group?: string;
    readonly names?: { readonly kind?: string };
    readonly versions?: readonly { readonly name?: string; readonly served?: boolean }[];
  };
}
const definedIndex = (object: KubeObject): readonly string[] => {
  const { group = '', names = {} } = (object as Definition).spec ?? {};
  return [groupKind({ group, kind: names.kind ?? '' })];
};

const isDefinitionOf = (object: KubeObject, kind: GroupVersionKind): boolean =>
  definedIndex(object)[0] === groupKind(kind) &&
  ((object as Definition).spec?.versions ?? []).some(({ name, served }) => name === kind.version && served === true);

/** What nothing is reached through: its content concerns nobody's closure, only whether it is there. */
const leaves = new Set([configMap, secret, claim, role, clusterRole].map(groupKind));
const grants = new Set([roleBinding, clusterRoleBinding].map(groupKind));
const roles = new Set([role, clusterRole].map(groupKind));

export interface ClosureCaches {
  /** Waits for the caches; `incomplete` says what the API server does not answer for yet. */
  readonly view: () => Promise<{ readonly view: ClosureView; readonly incomplete?: string }>;
  /** Namespaces whose closures the change may concern; `everywhere` for all. */
  readonly concerned: (source: TemplateSource, change: Change<KubeObject>) => readonly string[] | 'everywhere';
}

export function closureCaches(watched: () => WatchedKinds): ClosureCaches {
  const sources = new Map<string, TemplateSource>();
  const load = async (kind: GroupVersionKind) => {
    const id = groupKind(kind);
    const source = sources.get(id) ?? (await watched().of(typeOf(kind)));
    if (!source || sources.has(id)) return source;
    const { informer } = source.resource;
    if (grants.has(id)) {
      informer.addIndex(byAccount, accountIndex);
      informer.addIndex(byRole, roleIndex);
    }
    if (id === groupKind(definition)) informer.addIndex(byDefined, definedIndex);
    sources.set(id, source);
    return source;
  };
  const indexed = (kind: GroupVersionKind, index: string, value: string) =>
    (sources.get(groupKind(kind))?.resource.informer.byIndex(index, value) ?? []) as readonly UnstructuredObject[];
  const view: ClosureView = {
    get: (kind, namespace, name) =>
      sources.get(groupKind(kind))?.get({ name, ...(namespace ? { namespace } : {}) }) as
        | UnstructuredObject
        | undefined,
    list: (kind, namespace) =>
      (sources.get(groupKind(kind))?.resource.informer.list(namespace) ?? []) as readonly UnstructuredObject[],
    grantsTo: (namespace, name) =>
      [roleBinding, clusterRoleBinding].flatMap((kind) => indexed(kind, byAccount, `${namespace}/${name}`)),
    definitionOf: (group, kind) => indexed(definition, byDefined, groupKind({ group, kind }))[0],
  };
  const namespacesOf = (grant: KubeObject) => accountIndex(grant).map((each) => each.slice(0, each.indexOf('/')));

  return {
    view: async () => {
      for (const kind of Object.values(closureKinds)) if (kind !== httpRoute) await load(kind);
      const routes = view.definitionOf(httpRoute.group, httpRoute.kind);
      if (!routes || !isDefinitionOf(routes, httpRoute) || (await load(httpRoute))) return { view };
      return { view, incomplete: 'HTTPRoutes are defined, but not served yet' };
    },
    concerned: ({ ref }, change) => {
      const id = groupKind(ref);
      const { object } = change;
      const { namespace, name } = object.metadata;
      if (id === groupKind(definition)) return isDefinitionOf(object, httpRoute) ? 'everywhere' : [];
      if (!sources.has(id) || (change.type === 'updated' && leaves.has(id))) return [];
      if (grants.has(id)) {
        return [...new Set([...namespacesOf(object), ...(change.old ? namespacesOf(change.old) : [])])];
      }
      if (roles.has(id)) {
        const key = roleKey(ref.kind, namespace, name!);
        const given = [roleBinding, clusterRoleBinding].flatMap((kind) => indexed(kind, byRole, key));
        return [...new Set(given.flatMap(namespacesOf))];
      }
      return namespace ? [namespace] : [];
    },
  };
}
