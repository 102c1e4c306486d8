/** The parameters of a policy: objects that its bindings name or select. */
import type { Policy, PolicyBinding } from '#apis/kubernetes/expressions/policy.ts';
import { parseApiVersion } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { labelSelectorMatcher } from '#kube/selector/labels.ts';
import type { KindRegistry } from '../../registry/kinds/registry.ts';
import { fromStorage, type ServedKind } from '../../registry/kinds/served.ts';
import type { Storage } from '../../registry/storage.ts';

/** The kind of the parameters; undefined where there are none. Throws for one nobody serves. */
export function paramKindOf(kinds: KindRegistry, { spec }: Policy): ServedKind | undefined {
  const { paramKind } = spec;
  if (!paramKind) return undefined;
  const { apiVersion = '', kind = '' } = paramKind;
  const { group, version } = parseApiVersion(apiVersion);
  const served = kinds.byKind(group, version, kind);
  if (served) return served;
  throw new Error(`failed to find resource referenced by paramKind: '${apiVersion}, Kind=${kind}'`);
}

/**
 * One evaluation for each; a single `undefined` where the binding gives none. `namespace`: of the request. Throws for a
 * binding that cannot be followed.
 */
export function paramsOf(
  storage: Storage,
  kind: ServedKind | undefined,
  { spec }: PolicyBinding,
  namespace: string,
): readonly (KubeObject | undefined)[] {
  const { paramRef } = spec;
  if (!kind || !paramRef) return [undefined];
  const { name, selector, namespace: given = '', parameterNotFoundAction } = paramRef;
  const within = placeOf(kind, given, namespace);
  const found = [];
  if (name) {
    if (selector) throw new Error('paramRef.name and paramRef.selector are mutually exclusive');
    const one = storage.find(kind.storageResource, within, name);
    if (one) found.push(one);
  } else if (selector) {
    const { matches } = labelSelectorMatcher(selector);
    found.push(
      ...storage
        .list(kind.storageResource, within || undefined)
        .items.filter((object) => matches((object as KubeObject).metadata.labels)),
    );
  } else throw new Error('one of name or selector must be provided');
  if (found.length === 0 && parameterNotFoundAction === 'Deny') {
    throw new Error('no params found for policy binding with `Deny` parameterNotFoundAction');
  }
  return found.map((object) => fromStorage(kind, object as KubeObject));
}

/** '' for parameters of the cluster. */
function placeOf({ definition }: ServedKind, given: string, namespace: string): string {
  if (!definition.namespaced) {
    if (given) throw new Error('paramRef.namespace must not be provided for a cluster-scoped `paramKind`');
    return '';
  }
  if (given || namespace) return given || namespace;
  throw new Error('cannot use namespaced paramRef in policy binding that matches cluster-scoped resources');
}
