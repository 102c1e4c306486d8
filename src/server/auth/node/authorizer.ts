/** The Node authoriser: what kubelets may, each with what has to do with its node (kube-apiserver's mode Node). */
import { type PolicyRule, rulesAllow } from '#kube/rbac/evaluate.ts';
import { type AccessAttributes, type Authorizer, type Decision, requirementsOf } from '../authorizer.ts';
import { nodeOf } from './identity.ts';
import type { IsRelated, Related } from './relations.ts';

const allowed: Decision = { allowed: true, reason: '' };
const noOpinion: Decision = { allowed: false, reason: '' };
const because = (reason: string): Decision => ({ allowed: false, reason });

type Decide = (node: string, attributes: AccessAttributes) => Decision;

const readVerbs = new Set(['get', 'list', 'watch']);
const ownVerbs = new Set(['get', 'create', 'update', 'patch', 'delete']);
const leaseNamespace = 'kube-node-lease';

/** Whether a list is narrowed to the asking node. */
function selects(attributes: AccessAttributes, field: string, node: string): boolean {
  if (!attributes.fieldSelector) return false;
  return requirementsOf(attributes.fieldSelector).some(
    (each) => each.field === field && each.operator !== '!=' && each.value === node,
  );
}

/** What is decided by whether the node has to do with the object. */
type ToRelated = (kind: Related, node: string, attributes: AccessAttributes) => Decision;

function getRelated(related: ToRelated, kind: Related, node: string, attributes: AccessAttributes): Decision {
  if (attributes.verb !== 'get') return because('can only get individual resources of this type');
  if (attributes.subresource) return because('cannot get subresource');
  return related(kind, node, attributes);
}

/** Whom it writes is NodeRestriction's to look at. */
const pods =
  (related: ToRelated): Decide =>
  (node, attributes) => {
    const { verb, subresource = '', name } = attributes;
    if (subresource === 'status') return verb === 'update' || verb === 'patch' ? allowed : noOpinion;
    if (subresource === 'eviction') return verb === 'create' ? allowed : noOpinion;
    if (subresource !== '') return noOpinion;
    if (verb === 'get') return getRelated(related, 'pods', node, attributes);
    if (verb === 'create' || verb === 'delete') return allowed;
    if (verb !== 'list' && verb !== 'watch') return noOpinion;
    if (selects(attributes, 'spec.nodeName', node)) return allowed;
    if (name) return related('pods', node, attributes);
    return because('can only list/watch pods with spec.nodeName field selector');
  };
const slices =
  (related: ToRelated): Decide =>
  (node, attributes) => {
    const { verb, subresource } = attributes;
    if (subresource) return because('cannot authorize ResourceSlice subresources');
    if (verb === 'create') return allowed;
    if (verb === 'get' || verb === 'update' || verb === 'patch' || verb === 'delete')
      return related('resourceslices', node, attributes);
    if (verb !== 'watch' && verb !== 'list' && verb !== 'deletecollection')
      return because(
        'only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, patch, delete, deletecollection',
      );
    if (selects(attributes, 'spec.nodeName', node)) return allowed;
    return because('can only list/watch/deletecollection resourceslices with nodeName field selector');
  };

function decisions(isRelated: IsRelated): Readonly<Record<string, Decide>> {
  const related: ToRelated = (kind, node, { namespace = '', name }) => {
    if (!name) return because('No Object name found');
    if (isRelated(node, kind, namespace, name)) return allowed;
    return because(`no relationship found between node '${node}' and this object`);
  };
  const get =
    (kind: Related): Decide =>
    (node, attributes) =>
      getRelated(related, kind, node, attributes);
  const readNamespaced =
    (kind: Related): Decide =>
    (node, attributes) => {
      if (!readVerbs.has(attributes.verb)) return because('can only read resources of this type');
      if (attributes.subresource) return because('cannot read subresource');
      if (!attributes.namespace) return because('can only read namespaced object of this type');
      return related(kind, node, attributes);
    };
  const getClaim = get('persistentvolumeclaims');
  const readAccount = readNamespaced('serviceaccounts');

  const claims: Decide = (node, attributes) => {
    if (attributes.subresource !== 'status') return getClaim(node, attributes);
    if (attributes.verb !== 'update' && attributes.verb !== 'patch')
      return because('can only get/update/patch this type');
    return related('persistentvolumeclaims', node, attributes);
  };
  const accounts: Decide = (node, attributes) => {
    const { verb, subresource, name } = attributes;
    if (verb === 'get' && !subresource) return readAccount(node, attributes);
    if (verb !== 'create' || !name) return because('can only create tokens for individual service accounts');
    if (subresource !== 'token') return because('can only create token subresource of serviceaccount');
    return related('serviceaccounts', node, attributes);
  };
  return {
    ' secrets': readNamespaced('secrets'),
    ' configmaps': readNamespaced('configmaps'),
    ' persistentvolumeclaims': claims,
    ' persistentvolumes': get('persistentvolumes'),
    'resource.k8s.io resourceclaims': get('resourceclaims'),
    'storage.k8s.io volumeattachments': get('volumeattachments'),
    ' serviceaccounts': accounts,
    'coordination.k8s.io leases': ownLease,
    'storage.k8s.io csinodes': ownCsiNode,
    'resource.k8s.io resourceslices': slices(related),
    ' nodes': ownNode,
    ' pods': pods(related),
  };
}

const ownLease: Decide = (node, { verb, namespace, name }) => {
  if (!ownVerbs.has(verb)) return because('can only get, create, update, patch, or delete a node lease');
  if (namespace !== leaseNamespace)
    return because(`can only access leases in the "${leaseNamespace}" system namespace`);
  // Of a new one NodeRestriction looks at the name.
  if (verb === 'create' || name === node) return allowed;
  return because('can only access node lease with the same name as the requesting node');
};

const ownCsiNode: Decide = (node, { verb, subresource, name }) => {
  if (!ownVerbs.has(verb)) return because('can only get, create, update, patch, or delete a CSINode');
  if (subresource) return because('cannot authorize CSINode subresources');
  if (verb === 'create' || name === node) return allowed;
  return because('can only access CSINode with the same name as the requesting node');
};

/** Whom it writes is NodeRestriction's to look at. */
const ownNode: Decide = (node, { verb, subresource = '', name }) => {
  const writes = verb === 'update' || verb === 'patch';
  if (subresource === 'status') return writes ? allowed : noOpinion;
  if (subresource !== '') return noOpinion;
  if (writes || verb === 'create' || (readVerbs.has(verb) && name === node)) return allowed;
  if (!readVerbs.has(verb)) return noOpinion;
  if (!name) return because(`node '${node}' cannot read all nodes, only its own Node object`);
  return because(`node '${node}' cannot read '${name}', only its own Node object`);
};

/** `rules`: what nodes may besides, all alike. */
export function nodeAuthorizer(rules: readonly PolicyRule[], isRelated: IsRelated): Authorizer {
  const byResource = decisions(isRelated);
  return {
    authorize: (attributes) => {
      const node = nodeOf(attributes.user);
      if (node === false) return noOpinion;
      if (node === '') return because(`unknown node for user ${JSON.stringify(attributes.user.name)}`);
      if (attributes.nonResourceUrl === undefined) {
        const decide = byResource[`${attributes.apiGroup ?? ''} ${attributes.resource}`];
        if (decide) return decide(node, attributes);
      }
      return rulesAllow(rules, attributes) ? allowed : noOpinion;
    },
    rulesFor: (user) =>
      nodeOf(user) === false
        ? { rules: [], incomplete: false, error: '' }
        : { rules: [], incomplete: true, error: 'node authorizer does not support user rule resolution' },
  };
}
