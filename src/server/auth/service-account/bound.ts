/** The object that a requested token is to be bound to: found, and of the account's own. */
import { parseApiVersion } from '#kube/meta/kind.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { badRequest, conflict, notFound } from '#kube/status/errors.ts';
import type { NamedObject } from './claims.ts';
import type { FindObject } from './standing.ts';
import type { IssueOptions } from './tokens.ts';

export interface BoundReference {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly uid?: string;
}

interface PodSpec {
  readonly serviceAccountName?: string;
  readonly nodeName?: string;
}

const resources: Readonly<Record<string, string>> = { Pod: 'pods', Secret: 'secrets', Node: 'nodes' };

const named = ({ metadata }: KubeObject): NamedObject => ({ name: metadata.name ?? '', uid: metadata.uid ?? '' });

/** Throws BadRequest for a Pod of another account. */
function podOf(find: FindObject, account: string, pod: KubeObject): NonNullable<IssueOptions['bound']> {
  const { serviceAccountName, nodeName } = ((pod as UnstructuredObject).spec ?? {}) as PodSpec;
  if (serviceAccountName !== account) {
    const name = JSON.stringify(account);
    throw badRequest(`cannot bind token for serviceaccount ${name} to pod running with different serviceaccount name.`);
  }
  if (!nodeName) return { pod: named(pod) };
  const node = find('nodes', '', nodeName);
  // Of a node that is not there its name is told all the same.
  return { pod: named(pod), node: node ? named(node) : { name: nodeName, uid: '' } };
}

/** Throws BadRequest, NotFound or Conflict. */
export function boundTo(
  find: FindObject,
  namespace: string,
  account: string,
  { apiVersion = '', kind = '', name = '', uid }: BoundReference,
): NonNullable<IssueOptions['bound']> {
  const { group, version } = parseApiVersion(apiVersion);
  const resource = group === '' ? resources[kind] : undefined;
  if (!resource) throw badRequest(`cannot bind token to object of type ${group}/${version}, Kind=${kind}`);
  const object = find(resource, kind === 'Node' ? '' : namespace, name);
  if (!object) throw notFound({ group: '', resource }, name);
  const bound =
    kind === 'Pod'
      ? podOf(find, account, object)
      : kind === 'Node'
        ? { node: named(object) }
        : { secret: named(object) };
  if (!uid || uid === object.metadata.uid) return bound;
  // Here kube-apiserver names the kind where its errors else name the resource.
  const why = `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`;
  throw conflict({ group: '', resource: kind }, name, why);
}
